package io.cordboard.routing.web;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cordboard.customer.Account;
import io.cordboard.platform.Page;
import io.cordboard.platform.Problem;
import io.cordboard.routing.AnsweredBy;
import io.cordboard.routing.Instruction;
import io.cordboard.routing.InstructionReader;
import io.cordboard.routing.InstructionReader.UnfitInstructionException;
import io.cordboard.routing.Offers;
import io.cordboard.routing.Offers.Shown;
import io.cordboard.routing.ReservationState;
import io.cordboard.routing.process.AnswerOffer;
import io.cordboard.routing.process.AnswerOffer.Answered;
import io.cordboard.routing.process.AnswerOffer.Gone;
import io.cordboard.routing.process.AnswerOffer.Refused;
import io.cordboard.shared.ReservationId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Who is asked to take which caller, and the agents' answers. */
@RestController
@RequestMapping("/v1/reservations")
@Tag(name = "Reservations")
class ReservationsController {

    private final Offers offers;
    private final AnswerOffer answerOffer;
    private final InstructionReader reader;

    ReservationsController(Offers offers, AnswerOffer answerOffer, InstructionReader reader) {
        this.offers = offers;
        this.answerOffer = answerOffer;
        this.reader = reader;
    }

    @GetMapping
    @Operation(
            summary = "List reservations",
            description = "Newest first. Agents see their own, supervisors and administrators all of their customer.")
    Page<ReservationJson> list(
            @AuthenticationPrincipal Account me,
            @Parameter(description = "Only those in this state.", example = "pending")
                    @RequestParam(required = false)
                    @Nullable
                    String status,
            @RequestParam(defaultValue = "50") @Min(1) @Max(Page.LARGEST) int limit,
            @Parameter(description = "The value of next in the piece before.") @RequestParam(required = false) @Nullable
                    UUID cursor) {
        List<ReservationJson> found = offers
                .list(
                        me.customer(),
                        seesAll(me) ? null : me.id(),
                        status == null ? null : state(status),
                        cursor == null ? null : new ReservationId(cursor),
                        limit + 1)
                .stream()
                .map(ReservationJson::of)
                .toList();
        return Page.cut(found, limit, reservation -> reservation.id().toString());
    }

    @GetMapping("/{id}")
    @Operation(summary = "Get a reservation")
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "404", description = "It does not exist or you may not see it.")
    ReservationJson get(@AuthenticationPrincipal Account me, @PathVariable UUID id) {
        return offers.find(new ReservationId(id))
                .filter(found ->
                        found.agentId().equals(me.id()) || seesAll(me) && offers.isOf(found.id(), me.customer()))
                .map(ReservationJson::of)
                .orElseThrow(() -> unknown(id));
    }

    @PostMapping("/{id}/accept")
    @Operation(
            summary = "Accept a reservation",
            description = "The caller is yours and your phones ring. The first answer wins: a repeated one gets 409.")
    @ApiResponse(responseCode = "200", description = "The call is yours.")
    @ApiResponse(responseCode = "404", description = "You are not asked to take such a call.")
    @ApiResponse(responseCode = "409", description = "The offer is gone; the problem says what became of it.")
    ReservationJson accept(@AuthenticationPrincipal Account me, @PathVariable UUID id) {
        return answered(id, answerOffer.accept(new ReservationId(id), me));
    }

    @PostMapping("/{id}/reject")
    @Operation(summary = "Reject a reservation", description = "The next agent is asked. Your status stays as it is.")
    @ApiResponse(responseCode = "200", description = "Somebody else will be asked.")
    @ApiResponse(responseCode = "404", description = "You are not asked to take such a call.")
    @ApiResponse(responseCode = "409", description = "The offer is gone; the problem says what became of it.")
    ReservationJson reject(
            @AuthenticationPrincipal Account me,
            @PathVariable UUID id,
            @Valid @RequestBody(required = false) @Nullable Rejection rejection) {
        return answered(
                id,
                answerOffer.reject(
                        new ReservationId(id),
                        me,
                        rejection == null ? null : rejection.reason(),
                        rejection == null || !Boolean.FALSE.equals(rejection.again())));
    }

    @PostMapping("/{id}/instructions")
    @Operation(
            summary = "Instruct a reservation",
            description =
                    "Decides in the agent's place, with the words an assignment callback answers with; docs/assignment.md"
                            + " explains them. The first answer wins, whoever gives it.")
    @ApiResponse(responseCode = "200", description = "It is done.")
    @ApiResponse(responseCode = "404", description = "No agent of your customer has such a reservation.")
    @ApiResponse(
            responseCode = "409",
            description = "The offer is gone, or it cannot be done now; the problem says why.")
    @ApiResponse(
            responseCode = "422",
            description = "The instruction cannot be followed; fields says why, and how to mend it.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = Instruction.class)))
    ReservationJson instruct(
            @AuthenticationPrincipal Account me, @PathVariable UUID id, @RequestBody ObjectNode instruction) {
        ReservationId reservation = new ReservationId(id);
        if (!offers.isOf(reservation, me.customer())) {
            throw unknown(id);
        }
        try {
            return answered(id, answerOffer.follow(reservation, reader.read(instruction), AnsweredBy.API));
        } catch (UnfitInstructionException unfit) {
            throw QueueBody.unfit(unfit.faults());
        }
    }

    private static ReservationJson answered(UUID id, AnswerOffer.Outcome outcome) {
        if (outcome instanceof Answered answered) {
            return ReservationJson.of(answered.reservation());
        }
        if (outcome instanceof Refused refused) {
            throw Problem.conflict(refused.problem(), refused.remedy());
        }
        throw outcome instanceof Gone gone ? gone(gone.reservation()) : unknown(id);
    }

    private static Problem gone(Shown offer) {
        String by = decider(offer.answeredBy());
        String became =
                switch (offer.state()) {
                    case PENDING -> "is being decided at this very moment";
                    case ACCEPTED, WRAPPING, COMPLETED -> "was accepted already" + by;
                    case REJECTED -> "was rejected already" + by;
                    case TIMEOUT -> "was not answered in time";
                    case CANCELED ->
                        offer.redirected()
                                ? "was withdrawn because the caller was sent to another queue" + by
                                : "was withdrawn because the caller is gone";
                    case RESCINDED -> "was withdrawn because another agent was faster";
                };
        String taker = offer.takenBy() == null ? "" : " The call was taken by " + offer.takenBy() + ".";
        return Problem.conflict(
                "The reservation " + became + "." + taker,
                "Ask GET /v1/reservations?status=pending what is offered to you now.");
    }

    private static String decider(@Nullable AnsweredBy by) {
        return by == AnsweredBy.CALLBACK
                ? ", by the queue's assignment callback"
                : by == AnsweredBy.API ? ", through the API" : "";
    }

    private static Problem unknown(UUID id) {
        return Problem.notFound(
                "There is no reservation " + id + " for you.",
                "Ask GET /v1/reservations?status=pending what is offered to you now.");
    }

    private static boolean seesAll(Account me) {
        return me.role().supervises();
    }

    private static ReservationState state(String text) {
        return Arrays.stream(ReservationState.values())
                .filter(state -> state.column().equals(text))
                .findFirst()
                .orElseThrow(() -> Problem.of(
                        HttpStatus.UNPROCESSABLE_ENTITY,
                        "There is no such status of a reservation.",
                        "Send one of: "
                                + Arrays.stream(ReservationState.values())
                                        .map(ReservationState::column)
                                        .collect(Collectors.joining(", "))
                                + "."));
    }

    /**
     * @param reason why not, for colleagues to read
     * @param again false when this call shall never be offered to you again; otherwise it may, after the queue's pause
     */
    record Rejection(
            @Schema(example = "On my way to a meeting") @Size(max = 200) @Nullable String reason,
            @Schema(example = "true") @Nullable Boolean again) {}

    /**
     * An agent who is or was asked to take a call.
     *
     * @param status pending, accepted, rejected, timeout, canceled, rescinded, wrapping or completed
     * @param caller the caller's number
     * @param called the number called
     * @param waitedSeconds how long the caller waited, until the answer or until now
     * @param callBack true when the caller is not on the line but is called back once the agent has picked up
     * @param expiresAt when the offer lapses
     * @param answeredBy who decided: agent, callback (the queue's assignment callback), api, or queue where none is asked
     */
    @Schema(name = "Reservation")
    @JsonNaming(SnakeCaseStrategy.class)
    record ReservationJson(
            UUID id,
            @Schema(example = "pending") String status,
            UUID callId,
            @Schema(example = "+15550142001") String caller,
            @Schema(example = "+15550100001") String called,
            @Schema(example = "support") String queue,
            UUID agentId,
            @Schema(example = "Charles") String agent,
            @Schema(example = "12") long waitedSeconds,
            @Schema(example = "false") boolean callBack,
            Instant offeredAt,
            Instant expiresAt,
            @Nullable Instant answeredAt,
            @Nullable Instant endedAt,
            @Nullable String reason,
            @Schema(example = "agent") @Nullable String answeredBy) {

        static ReservationJson of(Shown reservation) {
            return new ReservationJson(
                    reservation.id().value(),
                    reservation.state().column(),
                    reservation.call().value(),
                    reservation.from(),
                    reservation.to(),
                    reservation.queue(),
                    reservation.agentId().value(),
                    reservation.agent(),
                    reservation.waited().toSeconds(),
                    reservation.callBack(),
                    reservation.offeredAt(),
                    reservation.expiresAt(),
                    reservation.answeredAt(),
                    reservation.endedAt(),
                    reservation.reason(),
                    reservation.answeredBy() == null
                            ? null
                            : reservation.answeredBy().column());
        }
    }
}
