package io.cordboard.conversation.web;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.cordboard.agent.Address;
import io.cordboard.agent.Agents;
import io.cordboard.agent.Agents.Agent;
import io.cordboard.customer.Account;
import io.cordboard.platform.Problem;
import io.cordboard.shared.AgentId;
import io.cordboard.telephony.Softphones;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Lets the browser of an agent be one of their phones. */
@RestController
@Tag(name = "Agents")
class PhoneTokenController {

    private final Agents agents;
    private final Softphones softphones;

    PhoneTokenController(Agents agents, Softphones softphones) {
        this.agents = agents;
        this.softphones = softphones;
    }

    @PostMapping("/v1/agents/{id}/phone-token")
    @Operation(
            summary = "Register a browser as a phone",
            description =
                    "A token for the provider's Voice SDK, with which a browser is rung at your client address, for an"
                            + " hour. Only for yourself; ask again before it expires.")
    @ApiResponse(responseCode = "200", description = "The token; keep it to the browser.")
    @ApiResponse(responseCode = "403", description = "A colleague's phone.")
    @ApiResponse(responseCode = "404", description = "No agent of your customer has this id.")
    @ApiResponse(
            responseCode = "409",
            description = "You have no client address, or the installation has no phones in browsers; the problem says"
                    + " which.")
    PhoneToken token(@AuthenticationPrincipal Account me, @PathVariable UUID id) {
        Agent agent = agents.find(new AgentId(id))
                .filter(one -> one.customer().equals(me.customer()))
                .orElseThrow(() -> Problem.notFound("There is no agent " + id + ".", "GET /v1/agents lists them all."));
        if (!agent.id().equals(me.id())) {
            throw Problem.of(
                    HttpStatus.FORBIDDEN,
                    "This is the phone of " + agent.name() + ", not yours.",
                    "Ask for your own with POST /v1/agents/" + me.id() + "/phone-token.");
        }
        String identity = agent.addresses().stream()
                .filter(address -> address.kind().equals(Address.CLIENT))
                .map(Address::value)
                .findFirst()
                .orElseThrow(() -> Problem.conflict(
                        "You have no phone in the browser.",
                        "Let an administrator give you an address of the type client with PUT /v1/agents/" + id
                                + "/addresses."));
        softphones.missing().ifPresent(missing -> {
            throw Problem.conflict(
                    "No browser can be a phone here: " + missing + ".",
                    "Let whoever runs the installation set what docs/phone.md names, or take calls on another phone.");
        });
        Softphones.Pass pass = softphones.pass(identity);
        return new PhoneToken(identity, pass.token(), pass.expiresAt(), pass.provider(), pass.server());
    }

    /**
     * @param identity the agent's client address
     * @param provider whose Voice SDK takes the token
     * @param server path on this server where the SDK registers instead of at the provider; missing in production
     */
    @JsonNaming(SnakeCaseStrategy.class)
    record PhoneToken(
            @Schema(example = "charles_browser") String identity,
            String token,
            Instant expiresAt,
            @Schema(example = "twilio") String provider,
            @Nullable String server) {}
}
