package io.cordboard.agent.web;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.cordboard.agent.AgentStatus;
import io.cordboard.agent.Agents;
import io.cordboard.agent.Agents.Agent;
import io.cordboard.customer.Account;
import io.cordboard.customer.Role;
import io.cordboard.platform.Page;
import io.cordboard.platform.Problem;
import io.cordboard.shared.AgentId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Agents and their statuses. Everybody sees those of their own customer; an agent changes only their own. */
@RestController
@RequestMapping("/v1/agents")
@Tag(name = "Agents")
class AgentsController {

    private static final String ASK_FOR_THE_LIST = "GET /v1/agents lists the agents you can see.";

    private final Agents agents;

    AgentsController(Agents agents) {
        this.agents = agents;
    }

    @GetMapping
    @Operation(summary = "List agents", description = "By user name, those of your own customer.")
    Page<AgentJson> list(
            @AuthenticationPrincipal Account me,
            @Parameter(description = "Only agents everybody sees in this status.", example = "available")
                    @RequestParam(required = false)
                    @Nullable
                    String status,
            @Parameter(description = "Only agents with this skill.", example = "support")
                    @RequestParam(required = false)
                    @Nullable
                    String tag,
            @RequestParam(defaultValue = "50") @Min(1) @Max(Page.LARGEST) int limit,
            @Parameter(description = "The value of next in the piece before.") @RequestParam(defaultValue = "")
                    String cursor) {
        AgentStatus wanted = status == null ? null : parsed(status, List.of(AgentStatus.values()));
        List<AgentJson> found = agents.list(me.customer(), wanted, tag, cursor, limit + 1).stream()
                .map(AgentJson::of)
                .toList();
        return Page.cut(found, limit, AgentJson::username);
    }

    @GetMapping("/{id}")
    @Operation(summary = "Get an agent")
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "404", description = "No agent of your customer has this id.")
    AgentJson get(@AuthenticationPrincipal Account me, @PathVariable UUID id) {
        return AgentJson.of(find(me, id));
    }

    @PutMapping("/{id}/status")
    @Operation(
            summary = "Choose a status",
            description = "Agents choose their own, supervisors and administrators that of any agent of their customer."
                    + " While a call occupies the agent (ringing, busy), the choice is kept in chosen_status and takes"
                    + " effect after it.")
    @ApiResponse(responseCode = "200", description = "The agent after the change.")
    @ApiResponse(responseCode = "403", description = "The status of a colleague.")
    @ApiResponse(responseCode = "404", description = "No agent of your customer has this id.")
    @ApiResponse(responseCode = "422", description = "The status is unknown or follows from a call.")
    AgentJson choose(@AuthenticationPrincipal Account me, @PathVariable UUID id, @Valid @RequestBody Choice choice) {
        Agent agent = find(me, id);
        if (!agent.id().equals(me.id()) && me.role() != Role.SUPERVISOR && me.role() != Role.ADMIN) {
            throw Problem.of(
                    HttpStatus.FORBIDDEN,
                    "This is the status of " + agent.name() + ", not yours.",
                    "Change your own with PUT /v1/agents/" + me.id() + "/status, or ask a supervisor.");
        }
        List<AgentStatus> choosable = Arrays.stream(AgentStatus.values())
                .filter(AgentStatus::canBeChosen)
                .toList();
        agents.choose(agent.id(), parsed(choice.status(), choosable));
        return AgentJson.of(find(me, id));
    }

    private Agent find(Account me, UUID id) {
        return agents.find(new AgentId(id))
                .filter(agent -> agent.customer().equals(me.customer()))
                .orElseThrow(() -> Problem.notFound("There is no agent " + id + ".", ASK_FOR_THE_LIST));
    }

    private static AgentStatus parsed(String text, List<AgentStatus> allowed) {
        Optional<AgentStatus> status = Arrays.stream(AgentStatus.values())
                .filter(candidate -> candidate.column().equals(text.strip().toLowerCase(Locale.ROOT)))
                .findFirst();
        return status.filter(allowed::contains)
                .orElseThrow(() -> Problem.of(
                        HttpStatus.UNPROCESSABLE_ENTITY,
                        status.isPresent()
                                ? "The status " + text + " follows from a call and cannot be chosen."
                                : "There is no such status.",
                        "Send one of: "
                                + String.join(
                                        ", ",
                                        allowed.stream()
                                                .map(AgentStatus::column)
                                                .toList()) + "."));
    }

    /** @param status {@code available}, {@code away} or {@code offline} */
    record Choice(@Schema(example = "available") @NotBlank String status) {}

    /**
     * An agent.
     *
     * @param status what everybody sees: available, away, offline, ringing or busy
     * @param chosenStatus what the agent chose, which shows again after a call
     * @param statusReason why the system changed the choice, for example {@code missedOffer}
     */
    @Schema(name = "Agent")
    @JsonNaming(SnakeCaseStrategy.class)
    record AgentJson(
            UUID id,
            @Schema(example = "charles") String username,
            @Schema(example = "Charles") String name,
            @Schema(example = "busy") String status,
            @Schema(example = "available") String chosenStatus,
            @Nullable String statusReason,
            Instant statusSince,
            @Schema(example = "[\"support\"]") List<String> tagIds,
            List<AddressJson> addresses,
            UUID customerId) {

        static AgentJson of(Agent agent) {
            return new AgentJson(
                    agent.id().value(),
                    agent.username(),
                    agent.name(),
                    agent.status().column(),
                    agent.chosen().column(),
                    agent.because(),
                    agent.statusSince(),
                    agent.tags(),
                    agent.addresses().stream()
                            .map(address -> new AddressJson(address.kind(), address.value()))
                            .toList(),
                    agent.customer().value());
        }
    }

    /**
     * Where an agent is rung.
     *
     * @param type {@code tel}, {@code sip}, {@code extension} or {@code client}
     */
    @Schema(name = "Address")
    record AddressJson(@Schema(example = "tel") String type, @Schema(example = "+15550102001") String target) {}
}
