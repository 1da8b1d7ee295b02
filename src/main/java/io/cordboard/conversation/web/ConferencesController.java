package io.cordboard.conversation.web;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.cordboard.call.Conferences;
import io.cordboard.call.Conferences.Conference;
import io.cordboard.call.Conferences.Participant;
import io.cordboard.conversation.process.EndConference;
import io.cordboard.conversation.process.EndConference.Ended;
import io.cordboard.conversation.process.EndConference.Over;
import io.cordboard.customer.Account;
import io.cordboard.platform.Page;
import io.cordboard.platform.Problem;
import io.cordboard.shared.CallId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The conferences at the carrier in which people talk at this moment. */
@RestController
@RequestMapping("/v1/conferences")
@Tag(name = "Conferences")
class ConferencesController {

    private final Conferences conferences;
    private final EndConference endConference;

    ConferencesController(Conferences conferences, EndConference endConference) {
        this.conferences = conferences;
        this.endConference = endConference;
    }

    @GetMapping
    @Operation(
            summary = "List open conferences",
            description =
                    "Those of your customer in which somebody is still on a line, with who that is; newest first.")
    Page<ConferenceJson> list(
            @AuthenticationPrincipal Account me,
            @RequestParam(defaultValue = "50") @Min(1) @Max(Page.LARGEST) int limit,
            @Parameter(description = "The value of next in the piece before.") @RequestParam(required = false) @Nullable
                    UUID cursor) {
        List<ConferenceJson> found =
                conferences.open(me.customer(), cursor == null ? null : new CallId(cursor), limit + 1).stream()
                        .map(ConferenceJson::of)
                        .toList();
        return Page.cut(found, limit, conference -> conference.callId().toString());
    }

    @PostMapping("/{id}/end")
    @Operation(
            summary = "End a conference",
            description =
                    "Ends the talk in the agent's place; the agent goes on to wrap-up. When the talk is over and somebody"
                            + " is on a line all the same, they are hung up once more.")
    @ApiResponse(responseCode = "200", description = "The talk is over; what the call is doing now.")
    @ApiResponse(responseCode = "404", description = "Your customer has no such open conference.")
    @ApiResponse(responseCode = "409", description = "It ended at this very moment.")
    HandleCallController.CallNow end(
            @AuthenticationPrincipal Account me,
            @Parameter(
                            description = "The carrier's id of the conference.",
                            example = "CF0123456789abcdef0123456789abcdef")
                    @PathVariable
                    String id) {
        EndConference.Outcome outcome = endConference.end(id, me);
        if (outcome instanceof Ended ended) {
            return new HandleCallController.CallNow(
                    ended.call().value(), ended.state().column(), ended.reason());
        }
        String lists = "GET /v1/conferences lists those that are open.";
        throw outcome instanceof Over
                ? Problem.conflict("The conference " + id + " ended at this very moment.", lists)
                : Problem.notFound("There is no open conference " + id + ".", lists);
    }

    /**
     * An open conference.
     *
     * @param id the carrier's
     * @param name what it is called at the carrier: the id of its call
     * @param state in the carrier's words
     * @param callState what its call is doing
     * @param startedAt since when caller and agent talk
     * @param participants whose lines live
     */
    @Schema(name = "Conference")
    @JsonNaming(SnakeCaseStrategy.class)
    record ConferenceJson(
            @Schema(example = "CF0123456789abcdef0123456789abcdef") String id,
            String name,
            @Schema(example = "in-progress") String state,
            UUID callId,
            @Schema(example = "talking") String callState,
            @Schema(example = "support") @Nullable String queue,
            @Nullable Instant startedAt,
            List<ParticipantJson> participants) {

        static ConferenceJson of(Conference conference) {
            return new ConferenceJson(
                    conference.id(),
                    conference.call().toString(),
                    conference.state(),
                    conference.call().value(),
                    conference.callState().column(),
                    conference.queue(),
                    conference.connectedAt(),
                    conference.participants().stream().map(ParticipantJson::of).toList());
        }
    }

    /**
     * A line of the call that lives.
     *
     * @param kind caller, agent, external or listener
     * @param agent whose phone it is
     * @param providerId the carrier's id
     */
    @Schema(name = "ConferenceParticipant")
    @JsonNaming(SnakeCaseStrategy.class)
    record ParticipantJson(
            UUID legId,
            @Schema(example = "agent") String kind,
            @Schema(example = "Charles") @Nullable String agent,
            String address,
            @Nullable String providerId,
            @Schema(example = "live") String state) {

        static ParticipantJson of(Participant participant) {
            return new ParticipantJson(
                    participant.leg().value(),
                    participant.kind(),
                    participant.agent(),
                    participant.address(),
                    participant.providerLeg(),
                    participant.state());
        }
    }
}
