package io.cordboard.conversation.web;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.cordboard.call.CallState;
import io.cordboard.call.Notes;
import io.cordboard.conversation.process.HandleCall;
import io.cordboard.conversation.process.HandleCall.Done;
import io.cordboard.conversation.process.HandleCall.NotAllowed;
import io.cordboard.conversation.process.HandleCall.NotNow;
import io.cordboard.conversation.process.HandleCall.NotRequestable;
import io.cordboard.customer.Account;
import io.cordboard.platform.Problem;
import io.cordboard.shared.CallId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What the agent of a call does with it. Others get 404, except supervisors and administrators of the customer. */
@RestController
@RequestMapping("/v1/calls/{id}")
@Tag(name = "Calls")
class HandleCallController {

    private final HandleCall handleCall;

    HandleCallController(HandleCall handleCall) {
        this.handleCall = handleCall;
    }

    @PostMapping("/end")
    @Operation(
            summary = "End a call",
            description =
                    "Disconnects everybody; the agent goes on to wrap-up. A second time answers 409, because there"
                            + " is nothing left to end.")
    @ApiResponse(responseCode = "200", description = "The talk is over.")
    @ApiResponse(responseCode = "404", description = "There is no such call, or it is not yours.")
    @ApiResponse(responseCode = "409", description = "Nobody talks in this call; the problem says what it is doing.")
    CallNow end(
            @AuthenticationPrincipal Account me,
            @PathVariable UUID id,
            @Valid @RequestBody(required = false) @Nullable End end) {
        return now(
                id,
                handleCall.end(new CallId(id), me, end == null ? null : end.notes()),
                "be ended",
                "A call can be ended while its agent talks with the caller.");
    }

    @PostMapping("/notes")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Add a note", description = "At any time from the agent's answer on, also after the call.")
    @ApiResponse(responseCode = "204", description = "The note is kept; GET /v1/calls/{id} shows it.")
    @ApiResponse(responseCode = "404", description = "There is no such call, or it is not yours.")
    void note(@AuthenticationPrincipal Account me, @PathVariable UUID id, @Valid @RequestBody Note note) {
        now(id, handleCall.note(new CallId(id), me, note.text()), "be noted", "");
    }

    @PutMapping("/wrap-up-request")
    @Operation(
            summary = "Ask for time to wrap up",
            description = "During a call of a queue with the wrap-up mode agent_requested: who asks gets the queue's"
                    + " wrap-up time after the talk, who does not is free at once. A second time changes nothing.")
    @ApiResponse(responseCode = "200", description = "There will be a wrap-up.")
    @ApiResponse(responseCode = "404", description = "There is no such call, or it is not yours.")
    @ApiResponse(
            responseCode = "409",
            description = "The queue has another wrap-up mode, or the talk is over; the problem says which.")
    CallNow requestWrapUp(@AuthenticationPrincipal Account me, @PathVariable UUID id) {
        return now(
                id,
                handleCall.requestWrapUp(new CallId(id), me),
                "be given a wrap-up",
                "Ask for it while you have the call, before it ends.");
    }

    @PostMapping("/wrap-up")
    @Operation(
            summary = "Wrap up a call",
            description =
                    "The agent is free again. A second time answers 409, as it does after the wrap-up time is up.")
    @ApiResponse(responseCode = "200", description = "The call is done.")
    @ApiResponse(responseCode = "404", description = "There is no such call, or it is not yours.")
    @ApiResponse(
            responseCode = "409",
            description = "The call does not wait for it; the problem says what it is doing.")
    @ApiResponse(
            responseCode = "422",
            description = "The call's queue does not know this disposition; the problem names those it knows.")
    CallNow wrapUp(@AuthenticationPrincipal Account me, @PathVariable UUID id, @Valid @RequestBody WrapUp wrapUp) {
        return now(
                id,
                handleCall.wrapUp(new CallId(id), me, wrapUp.disposition(), wrapUp.notes()),
                "be wrapped up",
                "A call can be wrapped up after POST /v1/calls/" + id
                        + "/end or a hang-up, until the wrap-up time is up.");
    }

    private static CallNow now(UUID id, HandleCall.Outcome outcome, String what, String remedy) {
        if (outcome instanceof Done done) {
            return new CallNow(id, done.state().column(), done.reason());
        }
        if (outcome instanceof NotNow instead) {
            throw Problem.conflict("The call cannot " + what + ": " + doing(instead.state()) + ".", remedy);
        }
        if (outcome instanceof NotRequestable other) {
            throw Problem.conflict(
                    "The call's queue wraps up " + other.mode().column() + ", whatever its agents ask for.",
                    "Nothing needs to be asked; an administrator can set the queue's wrap-up mode to agent_requested.");
        }
        if (outcome instanceof NotAllowed unknown) {
            throw Problem.of(
                    HttpStatus.UNPROCESSABLE_ENTITY,
                    "The call's queue does not know this disposition.",
                    "Use one of these: " + String.join(", ", unknown.dispositions()) + ".");
        }
        throw Problem.notFound(
                "There is no call " + id + " that you handle.", "GET /v1/calls lists the calls you can see.");
    }

    static String doing(CallState state) {
        return switch (state) {
            case GREETING -> "the caller is being greeted";
            case WAITING -> "the caller waits in a queue";
            case AWAITING_CALL_BACK -> "the caller keeps a place in a queue and will be called back";
            case CALLING_CALLER -> "the caller is being called back";
            case CONNECTING -> "the agent's phone is ringing";
            case TALKING -> "agent and caller are talking";
            case WRAPPING -> "the talk is over and it is being wrapped up";
            case RECORDING -> "the caller leaves a message";
            case FOLLOW_UP -> "the caller is gone and a message waits for somebody";
            case CALLING_BACK -> "somebody calls back whoever left a message";
            case ENDED -> "it is over";
        };
    }

    /** @param notes kept as a note */
    record End(@Schema(example = "Sent the manual.") @Size(max = Notes.MAX_LENGTH) @Nullable String notes) {}

    /** @param text what to keep */
    record Note(
            @Schema(example = "Wants to be called in the morning.") @NotBlank @Size(max = Notes.MAX_LENGTH)
                    String text) {}

    /**
     * @param disposition what came of the call, in one word; one of the queue's own, which GET /v1/calls/{id} lists, or any
     *     where it has none
     * @param notes kept as a note
     */
    record WrapUp(
            @Schema(example = "resolved") @NotBlank @Pattern(regexp = "[A-Za-z][A-Za-z0-9_-]{0,63}") String disposition,
            @Size(max = Notes.MAX_LENGTH) @Nullable String notes) {}

    /**
     * What the call is doing after the request.
     *
     * @param outcome why it ends; missing while it does not
     */
    @JsonNaming(SnakeCaseStrategy.class)
    record CallNow(
            UUID id,
            @Schema(example = "wrapping") String state,
            @Schema(example = "endedByAgent") @Nullable String outcome) {}
}
