package io.cordboard.agent.web;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cordboard.agent.Address;
import io.cordboard.agent.AgentStatus;
import io.cordboard.agent.Agents;
import io.cordboard.agent.Agents.Agent;
import io.cordboard.agent.Attributes;
import io.cordboard.agent.NotAvailableReasons;
import io.cordboard.agent.NotAvailableReasons.Reason;
import io.cordboard.agent.Presence;
import io.cordboard.agent.Staff;
import io.cordboard.customer.Account;
import io.cordboard.customer.Login;
import io.cordboard.customer.Role;
import io.cordboard.platform.IfMatch;
import io.cordboard.platform.Page;
import io.cordboard.platform.Problem;
import io.cordboard.shared.AgentId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Agents and their statuses. Everybody sees those of their own customer; an agent changes only their own status. */
@RestController
@RequestMapping("/v1/agents")
@Tag(name = "Agents")
class AgentsController {

    private static final String ATTRIBUTES =
            "{\"skills\": [\"support\"], \"levels\": {\"support\": 5}, \"languages\": [\"en\", \"de\"]}";
    private static final String ASK_FOR_THE_LIST = "GET /v1/agents lists the agents you can see.";

    private final Agents agents;
    private final Staff staff;
    private final Presence presence;
    private final NotAvailableReasons reasons;
    private final Login login;

    AgentsController(Agents agents, Staff staff, Presence presence, NotAvailableReasons reasons, Login login) {
        this.agents = agents;
        this.staff = staff;
        this.presence = presence;
        this.reasons = reasons;
        this.login = login;
    }

    @GetMapping
    @Operation(summary = "List agents", description = "By user name, those of your own customer.")
    Page<AgentJson> list(
            @AuthenticationPrincipal Account me,
            @Parameter(
                            description = "Only those of this role: agent, supervisor, analyst, admin or guest."
                                    + " Without it, everybody who takes calls.",
                            example = "supervisor")
                    @RequestParam(required = false)
                    @Nullable
                    String role,
            @Parameter(description = "Only agents everybody sees in this status.", example = "available")
                    @RequestParam(required = false)
                    @Nullable
                    String status,
            @Parameter(description = "Only agents who chose their status for this reason.", example = "Lunch")
                    @RequestParam(required = false)
                    @Nullable
                    String reason,
            @Parameter(description = "Only agents with this skill.", example = "support")
                    @RequestParam(required = false)
                    @Nullable
                    String tag,
            @RequestParam(defaultValue = "50") @Min(1) @Max(Page.LARGEST) int limit,
            @Parameter(description = "The value of next in the piece before.") @RequestParam(defaultValue = "")
                    String cursor) {
        AgentStatus wanted = status == null ? null : parsed(status, List.of(AgentStatus.values()));
        List<AgentJson> found =
                agents
                        .list(me.customer(), role == null ? null : role(role), wanted, reason, tag, cursor, limit + 1)
                        .stream()
                        .map(AgentJson::of)
                        .toList();
        return Page.cut(found, limit, AgentJson::username);
    }

    @GetMapping("/{id}")
    @Operation(summary = "Get an agent")
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "404", description = "No agent of your customer has this id.")
    ResponseEntity<AgentJson> get(@AuthenticationPrincipal Account me, @PathVariable UUID id) {
        return answer(HttpStatus.OK, find(me, id));
    }

    @PostMapping
    @Operation(
            summary = "Hire an agent",
            description = "Offline at first, with the permission USER unless a role says otherwise. Without tag_ids the"
                    + " skills in attributes are the tags, without addresses their contact_uri is the phone.")
    @ApiResponse(responseCode = "201", description = "The agent, whose address is in Location.")
    @ApiResponse(responseCode = "409", description = "The user name is taken, or somebody else has the address.")
    @ApiResponse(responseCode = "422", description = "A value cannot be used.")
    ResponseEntity<AgentJson> hire(@AuthenticationPrincipal Account me, @Valid @RequestBody NewAgent wanted) {
        Role role = wanted.role == null ? Role.AGENT : hireable(wanted.role);
        return acceptable(() -> {
            Attributes attributes = attributes(wanted.attributes);
            return answer(
                    HttpStatus.CREATED,
                    done(staff.hire(
                            me.customer(),
                            new Staff.NewAgent(
                                    wanted.username,
                                    wanted.password,
                                    wanted.name,
                                    role,
                                    tags(wanted.tagIds, attributes),
                                    addresses(wanted.addresses, attributes),
                                    attributes))));
        });
    }

    @PutMapping("/{id}")
    @Operation(
            summary = "Change the name and the attributes of an agent",
            description = "The user name stays, and so do attributes that are not sent. Those that are sent replace all"
                    + " before: skills in them are the agent's tags, levels how good they are at each (1 to 10).")
    @ApiResponse(responseCode = "200", description = "The agent after the change.")
    @ApiResponse(responseCode = "404", description = "No agent of your customer has this id.")
    @ApiResponse(responseCode = "412", description = "Somebody else changed the agent since If-Match.")
    ResponseEntity<AgentJson> describe(
            @AuthenticationPrincipal Account me,
            @PathVariable UUID id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @Valid @RequestBody ChangedAgent wanted) {
        return acceptable(() -> answer(
                HttpStatus.OK,
                done(staff.describe(
                        me.customer(),
                        new AgentId(id),
                        wanted.name,
                        attributes(wanted.attributes),
                        revision(ifMatch)))));
    }

    @PutMapping("/{id}/presence")
    @Operation(
            summary = "Tell that your page is open",
            description =
                    "To be repeated every five seconds while it is. An agent who began with it and has been silent for"
                            + " 15 seconds is offered no calls, and is shown as away a little later; the next beat brings back"
                            + " what they had chosen. A call goes on meanwhile. Whoever never begins is always taken to be there.")
    @ApiResponse(responseCode = "204")
    @ApiResponse(responseCode = "403", description = "The page of a colleague.")
    @ApiResponse(responseCode = "404", description = "No agent of your customer has this id.")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void isPresent(@AuthenticationPrincipal Account me, @PathVariable UUID id) {
        presence.beat(own(me, id));
    }

    @DeleteMapping("/{id}/presence")
    @Operation(
            summary = "Tell that you go on without a page",
            description = "From now on you are always taken to be there.")
    @ApiResponse(responseCode = "204")
    @ApiResponse(responseCode = "403", description = "The page of a colleague.")
    @ApiResponse(responseCode = "404", description = "No agent of your customer has this id.")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void leaves(@AuthenticationPrincipal Account me, @PathVariable UUID id) {
        presence.leave(own(me, id));
    }

    private AgentId own(Account me, UUID id) {
        if (!me.id().value().equals(id)) {
            throw Problem.of(
                    HttpStatus.FORBIDDEN,
                    "Only " + find(me, id).name() + " can tell that.",
                    "Tell it of yourself: /v1/agents/" + me.id() + "/presence.");
        }
        return me.id();
    }

    @PutMapping("/{id}/tag_ids")
    @Operation(summary = "Replace the tags of an agent")
    @ApiResponse(responseCode = "200", description = "The agent after the change.")
    @ApiResponse(responseCode = "404", description = "No agent of your customer has this id.")
    @ApiResponse(responseCode = "412", description = "Somebody else changed the agent since If-Match.")
    @ApiResponse(responseCode = "422", description = "A tag is not known.")
    ResponseEntity<AgentJson> retag(
            @AuthenticationPrincipal Account me,
            @PathVariable UUID id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @Valid @RequestBody Tags tags) {
        return answer(HttpStatus.OK, done(staff.retag(me.customer(), new AgentId(id), tags.tagIds, revision(ifMatch))));
    }

    @PutMapping("/{id}/addresses")
    @Operation(
            summary = "Replace the addresses of an agent",
            description = "All of them ring at once when the agent takes a call; the first one picked up wins.")
    @ApiResponse(responseCode = "200", description = "The agent after the change.")
    @ApiResponse(responseCode = "404", description = "No agent of your customer has this id.")
    @ApiResponse(responseCode = "409", description = "Another agent of your customer has one of the addresses.")
    @ApiResponse(responseCode = "412", description = "Somebody else changed the agent since If-Match.")
    @ApiResponse(responseCode = "422", description = "Nobody can be reached at such an address.")
    ResponseEntity<AgentJson> readdress(
            @AuthenticationPrincipal Account me,
            @PathVariable UUID id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @Valid @RequestBody Addresses wanted) {
        return acceptable(() -> answer(
                HttpStatus.OK,
                done(staff.readdress(me.customer(), new AgentId(id), addresses(wanted.addresses), revision(ifMatch)))));
    }

    @PutMapping("/{id}/permission")
    @Operation(
            summary = "Give an agent another role",
            description = "By role, or by permission: ADMIN makes an administrator, USER an agent.")
    @ApiResponse(responseCode = "200", description = "The agent after the change; logins of before end.")
    @ApiResponse(responseCode = "404", description = "No agent of your customer has this id.")
    @ApiResponse(responseCode = "409", description = "The guest agent stays what it is.")
    @ApiResponse(responseCode = "412", description = "Somebody else changed the agent since If-Match.")
    @ApiResponse(responseCode = "422", description = "There is no such role.")
    ResponseEntity<AgentJson> promote(
            @AuthenticationPrincipal Account me,
            @PathVariable UUID id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @Valid @RequestBody Permission permission) {
        String wanted = permission.role != null ? permission.role : permission.permission;
        if (wanted == null) {
            throw Problem.of(
                    HttpStatus.UNPROCESSABLE_ENTITY, "Neither a role nor a permission was sent.", "Send one of them.");
        }
        Role role = wanted.equalsIgnoreCase("user") ? Role.AGENT : hireable(wanted);
        return answer(HttpStatus.OK, done(staff.promote(me.customer(), new AgentId(id), role, revision(ifMatch))));
    }

    @PutMapping("/{id}/password")
    @Operation(
            summary = "Set a password",
            description = "Administrators set that of anybody, everybody else their own with current_password.")
    @ApiResponse(responseCode = "204", description = "Done; logins of before end.")
    @ApiResponse(responseCode = "403", description = "Not yours, or the current password is wrong.")
    @ApiResponse(responseCode = "404", description = "No agent of your customer has this id.")
    @ApiResponse(responseCode = "409", description = "The guest agent has no password.")
    @ApiResponse(responseCode = "422", description = "The password cannot be used.")
    @ApiResponse(responseCode = "429", description = "Too many wrong passwords.")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void setPassword(
            @AuthenticationPrincipal Account me,
            @PathVariable UUID id,
            @Valid @RequestBody NewPassword wanted,
            HttpServletRequest request) {
        if (!me.role().administers()) {
            provesWhoTheyAre(me, find(me, id), wanted, request);
        }
        acceptable(() -> done(staff.setPassword(me.customer(), new AgentId(id), wanted.password)));
    }

    private void provesWhoTheyAre(Account me, Agent agent, NewPassword wanted, HttpServletRequest request) {
        if (!agent.id().equals(me.id())) {
            throw Problem.of(
                    HttpStatus.FORBIDDEN,
                    "This is the password of " + agent.name() + ", not yours.",
                    "Ask an administrator.");
        }
        Login.Outcome outcome = login.check(
                me.username(), wanted.currentPassword == null ? "" : wanted.currentPassword, request.getRemoteAddr());
        if (outcome instanceof Login.TooMany tooMany) {
            throw Problem.of(
                    HttpStatus.TOO_MANY_REQUESTS,
                    "Too many wrong passwords.",
                    "Try again in " + tooMany.retryAfter().toSeconds() + " seconds.");
        }
        if (!(outcome instanceof Login.Welcome)) {
            throw Problem.of(
                    HttpStatus.FORBIDDEN,
                    "The current password is wrong or missing.",
                    "Send it as current_password, or ask an administrator for a new one.");
        }
    }

    @DeleteMapping("/{id}")
    @Operation(
            summary = "Dismiss an agent",
            description = "Their logins end within seconds, their user name and addresses become free."
                    + " Calls they took keep their name.")
    @ApiResponse(responseCode = "204", description = "Done.")
    @ApiResponse(responseCode = "404", description = "No agent of your customer has this id.")
    @ApiResponse(responseCode = "409", description = "A call occupies the agent, or it is the guest agent or you.")
    @ApiResponse(responseCode = "412", description = "Somebody else changed the agent since If-Match.")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void dismiss(
            @AuthenticationPrincipal Account me,
            @PathVariable UUID id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        if (me.id().value().equals(id)) {
            throw Problem.conflict("This is you.", "Let another administrator dismiss you.");
        }
        done(staff.dismiss(me.customer(), new AgentId(id), revision(ifMatch)));
    }

    /** @return the agent after the change; the one before when they were dismissed */
    private static @Nullable Agent done(Staff.Outcome outcome) {
        if (outcome instanceof Staff.Outcome.Done done) {
            return done.agent();
        }
        if (outcome instanceof Staff.Outcome.Gone) {
            return null;
        }
        if (outcome instanceof Staff.Outcome.UsernameTaken taken) {
            throw Problem.conflict(
                    "The user name " + taken.username() + " is taken.",
                    "Choose another one; user names are unique in the whole installation.");
        }
        if (outcome instanceof Staff.Outcome.AddressTaken taken) {
            throw Problem.conflict(
                    "The address " + taken.address().kind() + " "
                            + taken.address().value() + " belongs to " + taken.holder() + ".",
                    "Take it from them first with PUT /v1/agents/{id}/addresses, or choose another one.");
        }
        if (outcome instanceof Staff.Outcome.UnknownTags unknown) {
            throw Problem.of(
                    HttpStatus.UNPROCESSABLE_ENTITY,
                    "There is no tag " + String.join(", ", unknown.tags()) + ".",
                    "GET /v1/tags lists the tags of your customer, POST /v1/tags adds one.");
        }
        if (outcome instanceof Staff.Outcome.UnfitAttributes unfit) {
            throw Problem.of(
                    HttpStatus.UNPROCESSABLE_ENTITY,
                    String.join(" ", unfit.why()),
                    "Correct the attributes, or the expressions of the queues with PUT /v1/queues/{id}.");
        }
        if (outcome instanceof Staff.Outcome.ChangedMeanwhile changed) {
            throw IfMatch.changedMeanwhile("agent", changed.revision());
        }
        if (outcome instanceof Staff.Outcome.InACall) {
            throw Problem.conflict(
                    "A call occupies this agent.", "End it with POST /v1/calls/{id}/end, or wait until it is over.");
        }
        if (outcome instanceof Staff.Outcome.NotWithAGuest) {
            throw Problem.conflict(
                    "The guest agent cannot be deleted, has no password, and stays administrator.",
                    "Hire another administrator; the guest agent is the way back in when all others are gone.");
        }
        throw Problem.notFound("There is no such agent.", ASK_FOR_THE_LIST);
    }

    private static ResponseEntity<AgentJson> answer(HttpStatus status, @Nullable Agent agent) {
        if (agent == null) {
            throw Problem.notFound("The agent has just been dismissed.", ASK_FOR_THE_LIST);
        }
        var response = ResponseEntity.status(status).eTag(IfMatch.tag(agent.revision()));
        if (status == HttpStatus.CREATED) {
            response.location(URI.create("/v1/agents/" + agent.id()));
        }
        return response.body(AgentJson.of(agent));
    }

    /** What our values say about themselves becomes an answer to the caller. */
    private static <T> T acceptable(Supplier<T> work) {
        try {
            return work.get();
        } catch (IllegalArgumentException e) {
            throw Problem.of(
                    HttpStatus.UNPROCESSABLE_ENTITY,
                    String.valueOf(e.getMessage()),
                    "Correct the value and try again.");
        }
    }

    private static @Nullable Attributes attributes(@Nullable ObjectNode given) {
        return given == null ? null : Attributes.of(given);
    }

    private static List<String> tags(@Nullable List<String> tagIds, @Nullable Attributes attributes) {
        List<String> skills = attributes == null ? null : attributes.skills();
        if (tagIds != null && skills != null && !Set.copyOf(tagIds).equals(Set.copyOf(skills))) {
            throw new IllegalArgumentException("tag_ids and the skills in attributes are the same thing, but differ.");
        }
        return tagIds != null ? tagIds : skills != null ? skills : List.of();
    }

    private static List<Address> addresses(@Nullable List<AddressJson> given, @Nullable Attributes attributes) {
        Address contact = given != null || attributes == null ? null : attributes.contact();
        return contact == null ? addresses(given) : List.of(contact);
    }

    private static List<Address> addresses(@Nullable List<AddressJson> given) {
        return given == null
                ? List.of()
                : given.stream()
                        .map(address -> Address.of(address.type(), address.target()))
                        .toList();
    }

    private static @Nullable Integer revision(@Nullable String ifMatch) {
        return IfMatch.revision(ifMatch, "GET /v1/agents/{id}");
    }

    private static Role role(String text) {
        try {
            return Role.of(text.strip());
        } catch (IllegalArgumentException unknown) {
            throw Problem.of(
                    HttpStatus.UNPROCESSABLE_ENTITY,
                    "There is no such role.",
                    "Send one of: agent, supervisor, analyst, admin, guest.");
        }
    }

    private static Role hireable(String text) {
        Role role = role(text);
        if (role == Role.GUEST) {
            throw Problem.of(
                    HttpStatus.UNPROCESSABLE_ENTITY,
                    "A customer has one guest agent, from its beginning.",
                    "Send one of: agent, supervisor, analyst, admin.");
        }
        return role;
    }

    @PutMapping("/{id}/status")
    @Operation(
            summary = "Choose a status",
            description = "Agents choose their own, supervisors and administrators that of any agent of their customer."
                    + " While a call occupies the agent (ringing, busy), the choice is kept in chosen_status and takes"
                    + " effect after it. Who is away or offline may say for which of the customer's reasons; each choice"
                    + " replaces the one before, its reason included.")
    @ApiResponse(responseCode = "200", description = "The agent after the change.")
    @ApiResponse(responseCode = "403", description = "The status of a colleague.")
    @ApiResponse(responseCode = "404", description = "No agent of your customer has this id.")
    @ApiResponse(
            responseCode = "422",
            description = "The status is unknown or follows from a call; the reason is unknown or not for this status.")
    AgentJson choose(@AuthenticationPrincipal Account me, @PathVariable UUID id, @Valid @RequestBody Choice choice) {
        Agent agent = find(me, id);
        if (!agent.id().equals(me.id()) && !me.role().supervises()) {
            throw Problem.of(
                    HttpStatus.FORBIDDEN,
                    "This is the status of " + agent.name() + ", not yours.",
                    "Change your own with PUT /v1/agents/" + me.id() + "/status, or ask a supervisor.");
        }
        List<AgentStatus> choosable = Arrays.stream(AgentStatus.values())
                .filter(AgentStatus::canBeChosen)
                .toList();
        AgentStatus status = parsed(choice.status(), choosable);
        agents.choose(agent.id(), status, reason(me, status, choice.reason()));
        return AgentJson.of(find(me, id));
    }

    /** As the customer's list spells it. */
    private @Nullable String reason(Account me, AgentStatus status, @Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        if (status == AgentStatus.AVAILABLE) {
            throw Problem.of(
                    HttpStatus.UNPROCESSABLE_ENTITY,
                    "Nobody needs a reason to be available.",
                    "Leave the reason out, or send it with the status away or offline.");
        }
        return reasons.find(me.customer(), text.strip())
                .map(Reason::name)
                .orElseThrow(() -> Problem.of(
                        HttpStatus.UNPROCESSABLE_ENTITY, "There is no such reason to be away.", reasonsOf(me)));
    }

    private String reasonsOf(Account me) {
        String known = reasons.list(me.customer(), "", Page.LARGEST).stream()
                .map(Reason::name)
                .collect(Collectors.joining(", "));
        return known.isEmpty()
                ? "Leave it out: your customer has no reasons; POST /v1/not-available-reasons adds one."
                : "Send one of: " + known + ".";
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

    /**
     * @param password null for somebody who cannot log in yet
     * @param role null for an agent
     */
    @JsonNaming(SnakeCaseStrategy.class)
    record NewAgent(
            @Schema(example = "frida") @NotBlank @Size(max = 63) String username,
            @Nullable @Size(max = 256) String password,
            @Schema(example = "Frida") @NotBlank @Size(max = 100) String name,
            @Schema(example = "[\"support\"]") @Nullable @Size(max = 50) List<@NotBlank @Size(max = 63) String> tagIds,
            @Nullable @Size(max = 10) List<@Valid @NotNull AddressJson> addresses,
            @Schema(example = "agent") @Nullable String role,
            @Schema(implementation = Map.class, example = ATTRIBUTES) @Nullable ObjectNode attributes) {

        @Override
        public String toString() {
            return "NewAgent";
        }
    }

    /** @param attributes null to leave them as they are */
    record ChangedAgent(
            @Schema(example = "Frida K.") @NotBlank @Size(max = 100) String name,
            @Schema(implementation = Map.class, example = ATTRIBUTES) @Nullable ObjectNode attributes) {}

    @JsonNaming(SnakeCaseStrategy.class)
    @Schema(name = "TagIds")
    record Tags(
            @Schema(example = "[\"support\"]") @NotNull @Size(max = 50)
                    List<@NotBlank @Size(max = 63) String> tagIds) {}

    record Addresses(@NotNull @Size(max = 10) List<@Valid @NotNull AddressJson> addresses) {}

    record Permission(
            @Schema(example = "supervisor") @Nullable String role,
            @Schema(example = "ADMIN") @Nullable String permission) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record NewPassword(@NotBlank @Size(max = 256) String password, @Nullable @Size(max = 256) String currentPassword) {

        @Override
        public String toString() {
            return "NewPassword";
        }
    }

    /**
     * @param status {@code available}, {@code away} or {@code offline}
     * @param reason the name of one of the customer's not-available reasons, with {@code away} or {@code offline}
     */
    record Choice(
            @Schema(example = "away") @NotBlank String status,
            @Schema(example = "Lunch") @Nullable @Size(max = 100) String reason) {}

    /**
     * An agent.
     *
     * @param status what everybody sees: available, away, offline, ringing or busy
     * @param chosenStatus what the agent chose, which shows again after a call
     * @param statusReason why the system changed the choice, for example {@code missedOffer}
     * @param reason why the agent chose it, in the customer's words
     * @param attributes what expressions of queues see: the agent's own, skills (the tags) and their levels
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
            @Schema(example = "Lunch") @Nullable String reason,
            Instant statusSince,
            @Schema(example = "[\"support\"]") List<String> tagIds,
            List<AddressJson> addresses,
            @Schema(example = "agent") String role,
            @Schema(example = "USER") String permission,
            @Schema(implementation = Map.class, example = ATTRIBUTES) @JsonRawValue String attributes,
            UUID customerId) {

        static AgentJson of(Agent agent) {
            return new AgentJson(
                    agent.id().value(),
                    agent.username(),
                    agent.name(),
                    agent.status().column(),
                    agent.chosen().column(),
                    agent.because(),
                    agent.reason(),
                    agent.statusSince(),
                    agent.tags(),
                    agent.addresses().stream()
                            .map(address -> new AddressJson(address.kind(), address.value()))
                            .toList(),
                    agent.role().column(),
                    agent.role().permission(),
                    agent.attributes(),
                    agent.customer().value());
        }
    }

    /**
     * Where an agent is rung.
     *
     * @param type {@code tel}, {@code sip}, {@code extension} or {@code client}
     */
    @Schema(name = "Address")
    record AddressJson(
            @Schema(example = "tel") @NotBlank @Size(max = 20) String type,
            @Schema(example = "+15550102001") @NotBlank @Size(max = 400) String target) {}
}
