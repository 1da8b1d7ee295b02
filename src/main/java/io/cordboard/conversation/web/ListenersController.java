package io.cordboard.conversation.web;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.cordboard.agent.Address;
import io.cordboard.call.Listeners;
import io.cordboard.call.Listeners.Listener;
import io.cordboard.conversation.process.ListenIn;
import io.cordboard.conversation.process.ListenIn.Already;
import io.cordboard.conversation.process.ListenIn.Listening;
import io.cordboard.conversation.process.ListenIn.NoPhone;
import io.cordboard.conversation.process.ListenIn.NotNow;
import io.cordboard.conversation.process.ListenIn.Over;
import io.cordboard.conversation.process.ListenIn.OwnTalk;
import io.cordboard.customer.Account;
import io.cordboard.platform.Problem;
import io.cordboard.shared.CallId;
import io.cordboard.shared.ListenerId;
import io.cordboard.telephony.ListenMode;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Supervisors who listen to the talk of somebody else. The agent of the call learns nothing of it. */
@RestController
@RequestMapping("/v1/calls/{id}/listeners")
@Tag(name = "Calls")
class ListenersController {

    private static final String MODES = "listen|whisper|barge";

    private final ListenIn listenIn;
    private final Listeners listeners;

    ListenersController(ListenIn listenIn, Listeners listeners) {
        this.listenIn = listenIn;
        this.listeners = listeners;
    }

    @PostMapping
    @Operation(
            summary = "Listen to a call",
            description =
                    "Rings your phones. The first one picked up hears agent and caller and is heard by nobody, unless"
                            + " the mode says otherwise. It is hung up when the talk ends; the talk does not end with it.")
    @ApiResponse(responseCode = "201", description = "Your phones are ringing; its address is in Location.")
    @ApiResponse(responseCode = "404", description = "There is no such call of your customer.")
    @ApiResponse(
            responseCode = "409",
            description = "Nobody talks in this call, you are in it already, or you have no phone to be rung.")
    @ApiResponse(responseCode = "422", description = "Nobody can be reached at such an address.")
    ResponseEntity<ListenerJson> begin(
            @AuthenticationPrincipal Account me,
            @PathVariable UUID id,
            @Valid @RequestBody(required = false) @Nullable NewListener wanted) {
        ListenMode mode = wanted == null || wanted.mode == null ? ListenMode.LISTEN : ListenMode.ofColumn(wanted.mode);
        Address phone = wanted == null || wanted.address == null ? null : wanted.address.parsed();
        ListenerJson listener = now(id, me, listenIn.begin(new CallId(id), me, mode, phone));
        return ResponseEntity.created(URI.create("/v1/calls/" + id + "/listeners/" + listener.id()))
                .body(listener);
    }

    @GetMapping
    @Operation(summary = "List who listens to a call", description = "Now; GET /v1/calls/{id} has those of before too.")
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "404", description = "There is no such call of your customer.")
    Items list(@AuthenticationPrincipal Account me, @PathVariable UUID id) {
        if (!listeners.isCallOf(new CallId(id), me.customer())) {
            throw unknownCall(id);
        }
        return new Items(listeners.of(new CallId(id), me.customer()).stream()
                .map(ListenerJson::of)
                .toList());
    }

    @GetMapping("/{listener}")
    @Operation(summary = "Get a listener", description = "Also one who is gone, with how it ended.")
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "404", description = "No such call or listener of your customer.")
    ListenerJson get(@AuthenticationPrincipal Account me, @PathVariable UUID id, @PathVariable UUID listener) {
        return listeners
                .find(new CallId(id), me.customer(), new ListenerId(listener))
                .map(ListenerJson::of)
                .orElseThrow(() -> unknownListener(id));
    }

    @PutMapping("/{listener}")
    @Operation(
            summary = "Whisper to the agent, speak to both, or only listen",
            description =
                    "In whisper the agent alone hears you, in barge everybody does. What you hear goes on meanwhile.")
    @ApiResponse(responseCode = "200", description = "The listener after the change.")
    @ApiResponse(responseCode = "404", description = "There is no such listener, or it is not you.")
    @ApiResponse(responseCode = "409", description = "You do not listen any more.")
    ListenerJson change(
            @AuthenticationPrincipal Account me,
            @PathVariable UUID id,
            @PathVariable UUID listener,
            @Valid @RequestBody Mode wanted) {
        return now(
                id,
                me,
                listenIn.change(new CallId(id), new ListenerId(listener), me, ListenMode.ofColumn(wanted.mode)));
    }

    @DeleteMapping("/{listener}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "Stop listening",
            description = "As hanging up does; phones that still ring stop. Administrators may end it for others.")
    @ApiResponse(responseCode = "204", description = "You do not listen any more.")
    @ApiResponse(responseCode = "404", description = "There is no such listener, or it is not you.")
    void end(@AuthenticationPrincipal Account me, @PathVariable UUID id, @PathVariable UUID listener) {
        now(id, me, listenIn.end(new CallId(id), new ListenerId(listener), me));
    }

    private static ListenerJson now(UUID id, Account me, ListenIn.Outcome outcome) {
        if (outcome instanceof Listening listening) {
            return ListenerJson.of(listening.listener());
        }
        if (outcome instanceof NotNow instead) {
            throw Problem.conflict(
                    "There is nothing to listen to: " + HandleCallController.doing(instead.state()) + ".",
                    "A call can be listened to while its agent talks with the caller.");
        }
        if (outcome instanceof Already already) {
            String where =
                    "/v1/calls/" + id + "/listeners/" + already.listener().id();
            throw Problem.conflict(
                    "You listen to this call already, or your phones ring for it.",
                    "PUT " + where + " changes how you take part, DELETE on it ends it.");
        }
        if (outcome instanceof OwnTalk) {
            throw Problem.conflict("This is your own talk.", "Others can listen to it; you are heard anyway.");
        }
        if (outcome instanceof NoPhone none) {
            throw Problem.conflict(
                    none.phones().isEmpty()
                            ? "You have no phone that could ring."
                            : "This phone is not yours; yours are " + spelt(none.phones()) + ".",
                    "Let an administrator add it with PUT /v1/agents/" + me.id()
                            + "/addresses, or leave address out to ring all you have.");
        }
        if (outcome instanceof Over over) {
            throw Problem.conflict(
                    "You do not listen any more: " + over.listener().outcome() + ".",
                    "POST /v1/calls/" + id + "/listeners to listen again.");
        }
        throw outcome instanceof ListenIn.NoSuchListener ? unknownListener(id) : unknownCall(id);
    }

    private static String spelt(List<Address> phones) {
        return phones.stream().map(phone -> phone.kind() + " " + phone.value()).collect(Collectors.joining(", "));
    }

    private static Problem unknownCall(UUID id) {
        return Problem.notFound("There is no call " + id + " for you.", "GET /v1/calls lists the calls you can see.");
    }

    private static Problem unknownListener(UUID id) {
        return Problem.notFound(
                "There is no such listener of yours.", "GET /v1/calls/" + id + "/listeners lists who listens.");
    }

    /**
     * @param mode listen unless you say otherwise
     * @param address the one of your phones that shall ring; without it all do
     */
    record NewListener(
            @Schema(example = "listen") @Nullable @Pattern(regexp = MODES) String mode,
            @Nullable @Valid Phone address) {}

    /** @param type as in your addresses: tel, sip, extension or client */
    @Schema(name = "ListenerPhone")
    record Phone(
            @Schema(example = "tel") @NotBlank @Size(max = 20) String type,
            @Schema(example = "+15550102009") @NotBlank @Size(max = 400) String target) {

        Address parsed() {
            try {
                return Address.of(type, target);
            } catch (IllegalArgumentException unusable) {
                throw Problem.of(
                        HttpStatus.UNPROCESSABLE_ENTITY,
                        String.valueOf(unusable.getMessage()),
                        "Send one of your addresses, or leave address out to ring all you have.");
            }
        }
    }

    /** @param mode listen, whisper or barge */
    @Schema(name = "ListenerMode")
    record Mode(@Schema(example = "whisper") @NotNull @Pattern(regexp = MODES) String mode) {}

    @Schema(name = "Listeners")
    record Items(List<ListenerJson> items) {}

    /**
     * Somebody who listens to a call, or did.
     *
     * @param state ringing, listening or ended
     * @param outcome how it ended: completed, or busy, no_answer, failed, canceled for one who never heard anything
     */
    @Schema(name = "Listener")
    @JsonNaming(SnakeCaseStrategy.class)
    record ListenerJson(
            UUID id,
            UUID agentId,
            @Schema(example = "Sam") String agent,
            @Schema(example = "listen") String mode,
            @Schema(example = "listening") String state,
            @Nullable String outcome,
            Instant startedAt,
            @Nullable Instant joinedAt,
            @Nullable Instant endedAt) {

        static ListenerJson of(Listener listener) {
            return new ListenerJson(
                    listener.id().value(),
                    listener.agent().value(),
                    listener.name(),
                    listener.mode().column(),
                    listener.over() ? "ended" : listener.joinedAt() == null ? "ringing" : "listening",
                    listener.outcome(),
                    listener.startedAt(),
                    listener.joinedAt(),
                    listener.endedAt());
        }
    }
}
