package io.cordboard.customer.web;

import static io.cordboard.customer.Role.ADMIN;
import static io.cordboard.customer.Role.AGENT;
import static io.cordboard.customer.Role.ANALYST;
import static io.cordboard.customer.Role.GUEST;
import static io.cordboard.customer.Role.SUPERVISOR;
import static org.springframework.http.HttpMethod.DELETE;
import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.POST;
import static org.springframework.http.HttpMethod.PUT;

import io.cordboard.customer.Role;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.http.HttpMethod;

/**
 * Which role may call which endpoint of the API. An endpoint that is not named here
 * stops the start, see {@link EndpointsHaveRules}. What belongs to
 * somebody (their status, their offers, their calls) is asked by the endpoint itself.
 */
final class ApiRules {

    private static final Set<String> EVERYBODY = roles(Role.values());
    private static final Set<String> CALL_TAKERS = roles(AGENT, SUPERVISOR, ADMIN, GUEST);
    private static final Set<String> SUPERVISORS = roles(SUPERVISOR, ADMIN, GUEST);
    private static final Set<String> ADMINISTRATORS = roles(ADMIN, GUEST);
    private static final Set<String> OPERATOR = Set.of(LoggedIn.OPERATOR);
    private static final Set<String> OPERATORS = Set.of(LoggedIn.ENGINE + SUPERVISOR, LoggedIn.ENGINE + ADMIN);
    private static final Set<String> MODELLERS = Set.of(LoggedIn.ENGINE + ANALYST, LoggedIn.ENGINE + ADMIN);

    static final List<Rule> ALL = List.of(
            new Rule(GET, "/v1/session", EVERYBODY),
            new Rule(DELETE, "/v1/session", EVERYBODY),
            new Rule(GET, "/v1/tokens", EVERYBODY),
            new Rule(POST, "/v1/tokens", EVERYBODY),
            new Rule(DELETE, "/v1/tokens/{id}", EVERYBODY),
            new Rule(GET, "/v1/agents", EVERYBODY),
            new Rule(POST, "/v1/agents", ADMINISTRATORS),
            new Rule(GET, "/v1/agents/{id}", EVERYBODY),
            new Rule(PUT, "/v1/agents/{id}", ADMINISTRATORS),
            new Rule(DELETE, "/v1/agents/{id}", ADMINISTRATORS),
            new Rule(PUT, "/v1/agents/{id}/status", CALL_TAKERS),
            new Rule(POST, "/v1/agents/{id}/release", SUPERVISORS),
            new Rule(PUT, "/v1/agents/{id}/presence", CALL_TAKERS),
            new Rule(DELETE, "/v1/agents/{id}/presence", CALL_TAKERS),
            new Rule(POST, "/v1/agents/{id}/phone-token", CALL_TAKERS),
            new Rule(PUT, "/v1/agents/{id}/tag_ids", ADMINISTRATORS),
            new Rule(PUT, "/v1/agents/{id}/addresses", ADMINISTRATORS),
            new Rule(PUT, "/v1/agents/{id}/permission", ADMINISTRATORS),
            new Rule(PUT, "/v1/agents/{id}/password", EVERYBODY),
            new Rule(GET, "/v1/activities", EVERYBODY),
            new Rule(GET, "/v1/not-available-reasons", EVERYBODY),
            new Rule(POST, "/v1/not-available-reasons", ADMINISTRATORS),
            new Rule(PUT, "/v1/not-available-reasons/{id}", ADMINISTRATORS),
            new Rule(DELETE, "/v1/not-available-reasons/{id}", ADMINISTRATORS),
            new Rule(GET, "/v1/tags", EVERYBODY),
            new Rule(POST, "/v1/tags", SUPERVISORS),
            new Rule(DELETE, "/v1/tags/{id}", SUPERVISORS),
            new Rule(GET, "/v1/queues", EVERYBODY),
            new Rule(GET, "/v1/queues/{id}/statistics", EVERYBODY),
            new Rule(GET, "/v1/queues/{id}/statistics/intervals", SUPERVISORS),
            new Rule(GET, "/v1/queues/{id}/calls", SUPERVISORS),
            new Rule(POST, "/v1/queues/{id}/calls/cancel", ADMINISTRATORS),
            new Rule(POST, "/v1/queues", ADMINISTRATORS),
            new Rule(GET, "/v1/queues/{id}", EVERYBODY),
            new Rule(PUT, "/v1/queues/{id}", ADMINISTRATORS),
            new Rule(DELETE, "/v1/queues/{id}", ADMINISTRATORS),
            new Rule(POST, "/v1/queues/{id}/rotate-secret", ADMINISTRATORS),
            new Rule(GET, "/v1/reservations", EVERYBODY),
            new Rule(GET, "/v1/reservations/{id}", EVERYBODY),
            new Rule(POST, "/v1/reservations/{id}/accept", CALL_TAKERS),
            new Rule(POST, "/v1/reservations/{id}/reject", CALL_TAKERS),
            new Rule(POST, "/v1/reservations/{id}/instructions", SUPERVISORS),
            new Rule(GET, "/v1/calls", EVERYBODY),
            new Rule(GET, "/v1/calls/{id}", EVERYBODY),
            new Rule(GET, "/v1/calls/{id}/diagrams", EVERYBODY),
            new Rule(POST, "/v1/calls/{id}/end", CALL_TAKERS),
            new Rule(POST, "/v1/calls/{id}/hold", CALL_TAKERS),
            new Rule(POST, "/v1/calls/{id}/unhold", CALL_TAKERS),
            new Rule(POST, "/v1/calls/{id}/notes", CALL_TAKERS),
            new Rule(PUT, "/v1/calls/{id}/wrap-up-request", CALL_TAKERS),
            new Rule(POST, "/v1/calls/{id}/wrap-up", CALL_TAKERS),
            new Rule(POST, "/v1/calls/{id}/wrap-up/complete", SUPERVISORS),
            new Rule(POST, "/v1/calls/wrap-ups/complete", SUPERVISORS),
            new Rule(POST, "/v1/calls/{id}/cancel", SUPERVISORS),
            new Rule(POST, "/v1/calls/cancel", ADMINISTRATORS),
            new Rule(GET, "/v1/conferences", SUPERVISORS),
            new Rule(POST, "/v1/conferences/{id}/end", SUPERVISORS),
            new Rule(GET, "/v1/calls/{id}/listeners", SUPERVISORS),
            new Rule(POST, "/v1/calls/{id}/listeners", SUPERVISORS),
            new Rule(GET, "/v1/calls/{id}/listeners/{listener}", SUPERVISORS),
            new Rule(PUT, "/v1/calls/{id}/listeners/{listener}", SUPERVISORS),
            new Rule(DELETE, "/v1/calls/{id}/listeners/{listener}", SUPERVISORS),
            new Rule(GET, "/v1/voicemails", CALL_TAKERS),
            new Rule(GET, "/v1/voicemails/{id}", CALL_TAKERS),
            new Rule(GET, "/v1/voicemails/{id}/recording", CALL_TAKERS),
            new Rule(POST, "/v1/voicemails/{id}/call-back", CALL_TAKERS),
            new Rule(POST, "/v1/voicemails/{id}/complete", CALL_TAKERS),
            new Rule(GET, "/v1/events", EVERYBODY),
            new Rule(GET, "/v1/operations/dead-letters", OPERATORS),
            new Rule(POST, "/v1/operations/dead-letters/{id}/retry", OPERATOR),
            new Rule(POST, "/v1/operations/dead-letters/{id}/dismiss", OPERATOR),
            new Rule(GET, "/v1/webhooks", ADMINISTRATORS),
            new Rule(POST, "/v1/webhooks", ADMINISTRATORS),
            new Rule(GET, "/v1/webhooks/{id}", ADMINISTRATORS),
            new Rule(PUT, "/v1/webhooks/{id}", ADMINISTRATORS),
            new Rule(DELETE, "/v1/webhooks/{id}", ADMINISTRATORS),
            new Rule(POST, "/v1/webhooks/{id}/rotate-secret", ADMINISTRATORS),
            new Rule(POST, "/v1/webhooks/{id}/test", ADMINISTRATORS),
            new Rule(GET, "/v1/webhooks/{id}/deliveries", ADMINISTRATORS),
            new Rule(POST, "/v1/webhooks/{id}/deliveries/{delivery}/redeliver", ADMINISTRATORS),
            new Rule(GET, "/v1/models", MODELLERS),
            new Rule(GET, "/v1/models/drafts", MODELLERS),
            new Rule(POST, "/v1/models/drafts/{id}/publish", MODELLERS),
            new Rule(DELETE, "/v1/models/drafts/{id}", MODELLERS),
            new Rule(GET, "/v1/audit", ADMINISTRATORS),
            new Rule(GET, "/v1/customers", OPERATOR),
            new Rule(POST, "/v1/customers", OPERATOR),
            new Rule(GET, "/v1/customers/{id}", OPERATOR),
            new Rule(POST, "/v1/customers/{id}/recovery", OPERATOR));

    private ApiRules() {}

    /** @param endpoint method and path as in its own mapping */
    static boolean has(String endpoint) {
        return ALL.stream().anyMatch(rule -> endpoint.equals(rule.method + " " + rule.path));
    }

    private static Set<String> roles(Role... roles) {
        return Arrays.stream(roles).map(Role::name).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * @param path as in the endpoint's own mapping
     * @param roles who may, by role or as the installation's operator
     */
    record Rule(HttpMethod method, String path, Set<String> roles) {}
}
