package io.cordboard.routing.web;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.cordboard.customer.Account;
import io.cordboard.platform.Bulk;
import io.cordboard.platform.Problem;
import io.cordboard.routing.Queues;
import io.cordboard.routing.process.CancelCalls;
import io.cordboard.routing.process.CancelCalls.Canceled;
import io.cordboard.routing.process.CancelCalls.Moving;
import io.cordboard.routing.process.CancelCalls.NotWaiting;
import io.cordboard.shared.CallId;
import io.cordboard.shared.QueueId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Callers who wait are sent away: one by a supervisor, all by an administrator. */
@RestController
@Tag(name = "Calls")
class CancelCallsController {

    private static final String MANY =
            "Each as POST /v1/calls/{id}/cancel does it; at most 200 at once, those first who came first. Repeat while"
                    + " left is not 0.";

    private final CancelCalls cancelCalls;
    private final Queues queues;

    CancelCallsController(CancelCalls cancelCalls, Queues queues) {
        this.cancelCalls = cancelCalls;
        this.queues = queues;
    }

    @PostMapping("/v1/calls/{id}/cancel")
    @Operation(
            summary = "Cancel a waiting call",
            description =
                    "The caller, who waits in a queue, is hung up without a word; the outcome of the call is canceled."
                            + " An agent who is being asked to take it is free again.")
    @ApiResponse(responseCode = "200", description = "The call is over.")
    @ApiResponse(responseCode = "404", description = "Your customer has no such call.")
    @ApiResponse(responseCode = "409", description = "It does not wait; the problem says what it is doing.")
    CallCanceled one(@AuthenticationPrincipal Account me, @PathVariable UUID id) {
        CancelCalls.Outcome outcome = cancelCalls.cancel(new CallId(id), me);
        if (outcome instanceof Canceled) {
            return new CallCanceled(id, "ended", "canceled");
        }
        if (outcome instanceof NotWaiting instead) {
            throw Problem.conflict(
                    "The call cannot be canceled: it is " + instead.state().column() + ", not waiting.",
                    "A call can be canceled while its caller waits in a queue. POST /v1/calls/{id}/end ends a talk, POST"
                            + " /v1/agents/{id}/release frees an agent whose phones ring.");
        }
        if (outcome instanceof Moving) {
            throw Problem.conflict("The call is moving at this very moment.", "Look again, then try again.");
        }
        throw Problem.notFound("There is no call " + id + ".", "GET /v1/calls lists the calls you can see.");
    }

    @PostMapping("/v1/calls/cancel")
    @Operation(summary = "Cancel all waiting calls", description = "Those of your customer. " + MANY)
    Bulk all(@AuthenticationPrincipal Account me) {
        return cancelCalls.cancelWaiting(null, me);
    }

    @PostMapping("/v1/queues/{id}/calls/cancel")
    @Operation(summary = "Cancel the calls that wait in a queue", description = MANY)
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "404", description = "Your customer has no such queue.")
    Bulk ofQueue(@AuthenticationPrincipal Account me, @PathVariable UUID id) {
        QueueId queue = new QueueId(id);
        if (!queues.has(me.customer(), queue)) {
            throw Problem.notFound("There is no queue " + id + ".", "GET /v1/queues lists the queues you can see.");
        }
        return cancelCalls.cancelWaiting(queue, me);
    }

    /** @param outcome why it is over */
    @JsonNaming(SnakeCaseStrategy.class)
    @Schema(name = "CallCanceled")
    record CallCanceled(
            UUID id, @Schema(example = "ended") String state, @Schema(example = "canceled") String outcome) {}
}
