package io.cordboard.conversation.web;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.cordboard.conversation.process.HoldCaller;
import io.cordboard.conversation.process.HoldCaller.NotNow;
import io.cordboard.conversation.process.HoldCaller.Now;
import io.cordboard.customer.Account;
import io.cordboard.platform.Problem;
import io.cordboard.shared.CallId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Callers on hold. By the agent of the call, and by supervisors and administrators of the customer; others get 404. */
@RestController
@RequestMapping("/v1/calls/{id}")
@Tag(name = "Calls")
class HoldController {

    private final HoldCaller holdCaller;

    HoldController(HoldCaller holdCaller) {
        this.holdCaller = holdCaller;
    }

    @PostMapping("/hold")
    @Operation(
            summary = "Put the caller on hold",
            description =
                    "The caller hears music; nobody hears them, and they hear nobody, whoever listens. The answer comes"
                            + " before the carrier has done it: until the state is held, told by the event call.held, the"
                            + " caller may still hear you. A second time changes nothing.")
    @ApiResponse(responseCode = "200", description = "The caller is on hold, or on the way there.")
    @ApiResponse(responseCode = "404", description = "There is no such call, or it is not yours.")
    @ApiResponse(responseCode = "409", description = "Nobody talks in this call; the problem says what it is doing.")
    HoldNow hold(@AuthenticationPrincipal Account me, @PathVariable UUID id) {
        return now(id, holdCaller.hold(new CallId(id), me));
    }

    @PostMapping("/unhold")
    @Operation(
            summary = "Take the caller off hold",
            description = "Agent and caller hear each other again, told by the event call.resumed. For a caller who is"
                    + " not on hold it changes nothing.")
    @ApiResponse(responseCode = "200", description = "The caller is off hold, or on the way there.")
    @ApiResponse(responseCode = "404", description = "There is no such call, or it is not yours.")
    @ApiResponse(responseCode = "409", description = "Nobody talks in this call; the problem says what it is doing.")
    HoldNow unhold(@AuthenticationPrincipal Account me, @PathVariable UUID id) {
        return now(id, holdCaller.resume(new CallId(id), me));
    }

    private static HoldNow now(UUID id, HoldCaller.Outcome outcome) {
        if (outcome instanceof Now now) {
            return new HoldNow(
                    id,
                    now.state().column(),
                    now.hold().state() == null ? null : now.hold().state().column(),
                    now.hold().since());
        }
        if (outcome instanceof NotNow instead) {
            throw Problem.conflict(
                    "There is nobody to put on hold or to take off it: "
                            + (instead.callerGone()
                                    ? "the caller has hung up"
                                    : HandleCallController.doing(instead.state()))
                            + ".",
                    "A caller can be on hold while the agent of the call talks with them.");
        }
        throw Problem.notFound(
                "There is no call " + id + " that you handle.", "GET /v1/calls lists the calls you can see.");
    }

    /**
     * Whether the caller is on hold after the request.
     *
     * @param hold holding, held or resuming; missing while the two talk
     * @param since when it became so
     */
    @JsonNaming(SnakeCaseStrategy.class)
    record HoldNow(
            UUID id,
            @Schema(example = "talking") String state,
            @Schema(example = "holding") @Nullable String hold,
            @Nullable Instant since) {}
}
