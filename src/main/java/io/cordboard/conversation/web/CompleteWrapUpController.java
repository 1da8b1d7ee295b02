package io.cordboard.conversation.web;

import io.cordboard.conversation.process.CompleteWrapUp;
import io.cordboard.conversation.process.CompleteWrapUp.Completed;
import io.cordboard.conversation.process.CompleteWrapUp.NotWrapping;
import io.cordboard.conversation.web.HandleCallController.CallNow;
import io.cordboard.customer.Account;
import io.cordboard.platform.Bulk;
import io.cordboard.platform.Problem;
import io.cordboard.shared.CallId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Wrap-ups completed in the agents' place. */
@RestController
@Tag(name = "Calls")
class CompleteWrapUpController {

    private final CompleteWrapUp completeWrapUp;

    CompleteWrapUpController(CompleteWrapUp completeWrapUp) {
        this.completeWrapUp = completeWrapUp;
    }

    @PostMapping("/v1/calls/{id}/wrap-up/complete")
    @Operation(
            summary = "Complete a wrap-up",
            description =
                    "For one that does not come to its end: nothing is written down, and the agent is free. Works also when"
                            + " the flow of the call could not go on by itself.")
    @ApiResponse(responseCode = "200", description = "What the call is doing now.")
    @ApiResponse(responseCode = "404", description = "Your customer has no such call.")
    @ApiResponse(responseCode = "409", description = "It is not being wrapped up; the problem says what it is doing.")
    CallNow one(@AuthenticationPrincipal Account me, @PathVariable UUID id) {
        CompleteWrapUp.Outcome outcome = completeWrapUp.complete(new CallId(id), me);
        if (outcome instanceof Completed completed) {
            return new CallNow(id, completed.state().column(), completed.reason());
        }
        if (outcome instanceof NotWrapping instead) {
            throw Problem.conflict(
                    "The call is not being wrapped up: " + HandleCallController.doing(instead.state()) + ".",
                    "POST /v1/calls/" + id + "/end ends a talk, POST /v1/calls/" + id + "/cancel a wait.");
        }
        throw Problem.notFound("There is no call " + id + ".", "GET /v1/calls lists the calls you can see.");
    }

    @PostMapping("/v1/calls/wrap-ups/complete")
    @Operation(
            summary = "Complete all wrap-ups",
            description =
                    "Those of your customer, each as POST /v1/calls/{id}/wrap-up/complete does it; at most 200 at once, the"
                            + " oldest first. Repeat while left is not 0.")
    Bulk all(@AuthenticationPrincipal Account me) {
        return completeWrapUp.completeAll(me);
    }
}
