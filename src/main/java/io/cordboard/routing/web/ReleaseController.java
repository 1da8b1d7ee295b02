package io.cordboard.routing.web;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.cordboard.customer.Account;
import io.cordboard.platform.Problem;
import io.cordboard.routing.process.ReleaseAgent;
import io.cordboard.routing.process.ReleaseAgent.Free;
import io.cordboard.routing.process.ReleaseAgent.InCall;
import io.cordboard.routing.process.ReleaseAgent.Moving;
import io.cordboard.routing.process.ReleaseAgent.Released;
import io.cordboard.shared.AgentId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Agents freed by hand. */
@RestController
@RequestMapping("/v1/agents/{id}/release")
@Tag(name = "Agents")
class ReleaseController {

    private final ReleaseAgent releaseAgent;

    ReleaseController(ReleaseAgent releaseAgent) {
        this.releaseAgent = releaseAgent;
    }

    @PostMapping
    @Operation(
            summary = "Release an agent",
            description =
                    "Frees an agent from what holds them, at once: an offer goes to the next agent, phones that ring"
                            + " stop and the caller waits again in the old place, wrap-up is over, a status that nothing holds is"
                            + " mended. A talk is ended only with end_call, its wrap-up with it.")
    @ApiResponse(responseCode = "200", description = "The agent is free; what held them.")
    @ApiResponse(responseCode = "404", description = "No agent of your customer has this id.")
    @ApiResponse(responseCode = "409", description = "The agent is free already, or talks with a caller.")
    ReleaseJson release(
            @AuthenticationPrincipal Account me,
            @PathVariable UUID id,
            @RequestBody(required = false) @Nullable Release wanted) {
        boolean endCall = wanted != null && Boolean.TRUE.equals(wanted.endCall);
        ReleaseAgent.Outcome outcome = releaseAgent.release(new AgentId(id), me, endCall);
        if (outcome instanceof Released released) {
            return new ReleaseJson(
                    id,
                    released.what().column(),
                    released.call() == null ? null : released.call().value());
        }
        if (outcome instanceof InCall in) {
            throw Problem.conflict(
                    "The agent is in call " + in.call() + ", which goes on unless it is to be ended as well.",
                    "Send {\"end_call\": true} to end the call.");
        }
        if (outcome instanceof Free free) {
            throw Problem.conflict(
                    free.name() + " is free already: no call holds them.",
                    "Their status is " + free.status() + "; PUT /v1/agents/" + id + "/status changes it.");
        }
        if (outcome instanceof Moving moving) {
            throw Problem.conflict(
                    "What holds " + moving.name() + " is changing at this very moment.", "Look again, then try again.");
        }
        throw Problem.notFound("There is no agent " + id + ".", "GET /v1/agents lists the agents you can see.");
    }

    /** @param endCall true to end a talk as well */
    @JsonNaming(SnakeCaseStrategy.class)
    @Schema(name = "AgentRelease")
    record Release(@Schema(example = "false") @Nullable Boolean endCall) {}

    /**
     * What held an agent until now.
     *
     * @param released {@code offer}, {@code phones} (ringing for an accepted call), {@code call}, {@code wrap_up}, or {@code
     *     nothing}
     * @param callId missing when no call held them
     */
    @Schema(name = "AgentReleased")
    @JsonNaming(SnakeCaseStrategy.class)
    record ReleaseJson(UUID agentId, @Schema(example = "offer") String released, @Nullable UUID callId) {}
}
