package io.cordboard.routing.web;

import static io.cordboard.testing.Together.together;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cordboard.testing.Http;
import io.cordboard.testing.ScenarioTest;
import io.cordboard.testing.Tenant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Queues made, changed and deleted by the administrators of a customer of their own. */
@ExtendWith(OutputCaptureExtension.class)
class QueueSettingsApiTests extends ScenarioTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> PHONE = Map.of("type", "tel", "target", "+15557654321");

    /** A body, the field that is refused, and what the remedy says. */
    private static final String UNFIT =
            """
            {"call_back": "maybe"} | call_back | agent_first
            {"call_back_hours": ["mon 17:00-09:00"]} | call_back_hours | over midnight as two
            {"call_back_hours": ["someday 09:00"]} | call_back_hours | a list
            {"call_back_hours": ["xxx 09:00-10:00"]} | call_back_hours | mon-fri 09:00-17:30
            {"call_back_hours": ["mon 09:00-29:00"]} | call_back_hours | mon-fri 09:00-17:30
            {"call_back_time_zone": "Mars/Base"} | call_back_time_zone | Europe/Berlin
            {"name": ""} | name | 1 to 64 characters
            {"name": null} | name | 1 to 64 characters
            {"max_reserved": 51} | max_reserved | a whole number, 1 to 50; leave it out for 1.
            {"max_reserved": 1.5} | max_reserved | a whole number, 1 to 50
            {"max_reserved": "many"} | max_reserved | a whole number, 1 to 50
            {"max_reserved": "5"} | max_reserved | a whole number, 1 to 50
            {"ask_interval_seconds": 0} | ask_interval_seconds | seconds, 1 to 3600; leave it out for 5.
            {"maximum_wait_seconds": -1} | maximum_wait_seconds | seconds, 1 to 604800
            {"reservation_timeout_seconds": 1e9} | reservation_timeout_seconds | seconds, 1 to 86400
            {"strategy": "lucky"} | strategy | one of longest_idle, random,
            {"after_missed_offer": "busy"} | after_missed_offer | one of available, away, offline
            {"refuse_when": ["full"]} | refuse_when | a list, any of no_agents, unavailable, all_busy
            {"dispositions": ["call again"]} | dispositions | a list, at most 100 of [A-Za-z]
            {"auto_accept": "yes"} | auto_accept | one of true, false
            {"assignment_callback_url": ""} | assignment_callback_url | printable
            {"assignment_callback_url": "http://example.com/a"} | assignment_callback_url | HTTPS only
            {"assignment_callback_url": "https://10.0.0.1/a"} | assignment_callback_url | public name
            {"assignment_callback_url": "https://169.254.169.254/latest"} | assignment_callback_url | public name
            {"assignment_callback_url": "https://example.com/", "assignment_callback_fallback_url": "https://db/"} | assignment_callback_fallback_url | full name
            {"assignment_callback_fallback_url": "https://example.com/"} | assignment_callback_fallback_url | or neither
            {"match": "some"} | match | all or any
            {"required_tags": ["suport"]} | required_tags | POST /v1/tags
            {"max_reservd": 5} | max_reservd | The settings are: after_missed_offer, ask_interval_seconds,
            {"rings": [{"after_seconds": 0}]} | rings[0].after_seconds | 1 to 604800
            {"rings": [{}]} | rings[0].after_seconds | 1 to 604800
            {"rings": [{"after_seconds": 5, "tags": []}]} | rings[0].tags | required_tags
            {"rings": [{"after_seconds": 5}, {"after_seconds": 5.0}]} | rings[1].after_seconds | a time of its own
            {"rings": [{"after_seconds": 5, "expression": "a =="}]} | rings[0].expression | docs/queues.md
            {"rings": [null]} | rings[0] | QueueSettings
            {"refuse_when": [null]} | refuse_when[0] | QueueSettings
            {"required_tags": "support"} | required_tags | QueueSettings
            {"tiers": [{"agent_id": "00000000-0000-0000-0000-000000000001", "tier": 1}]} | tiers[0].agent_id | GET /v1/agents""";

    private Tenant tenant;
    private Http guest;

    @BeforeEach
    void aCustomer(CapturedOutput console) {
        tenant = Tenant.open(base(), admin(), console);
        guest = tenant.guest();
        guest.post("/v1/tags", Map.of("name", "support")).ok();
        guest.post("/v1/tags", Map.of("name", "sales")).ok();
    }

    /** S1-08 · a name, most reserved workers 1, and the queue expression of TaskRouter. */
    @Test
    void aQueueIsAdded() {
        Http.Answer answer =
                guest.post("/v1/queues", Map.of("name", "support", "expression", "skills HAS \"support\""));

        assertThat(answer.status()).isEqualTo(201);
        JsonNode queue = answer.json();
        assertThat(queue.get("name").asText()).isEqualTo("support");
        assertThat(queue.get("max_reserved").asInt()).isEqualTo(1);
        assertThat(queue.get("expression").asText()).isEqualTo("skills HAS \"support\"");
        assertThat(queue.get("warnings")).isEmpty();
        assertThat(get(queue)).isEqualTo(queue);
        assertThat(guest.get("/v1/queues").ok().at("/items/0/name").asText()).isEqualTo("support");
    }

    /**
     * S1-09 · only agents whose attributes satisfy the expression are asked. S1-43 · a second queue, with other agents. S1-42,
     * S1-44 · who is hired later is in the queues they have the skills for.
     */
    @Test
    void aQueueHasTheAgentsForWhomItsExpressionIsTrue() {
        JsonNode one = tenant.hires("agent", List.of("support"), List.of(PHONE));
        JsonNode support = add(Map.of("name", "support", "expression", "skills HAS \"support\""));
        JsonNode sales = add(Map.of("name", "sales", "expression", "skills HAS \"sales\""));
        JsonNode byCall = add(Map.of("name", "by call", "expression", "skills HAS call.skill"));
        JsonNode german = add(Map.of("name", "german", "expression", "languages HAS 'de' AND levels.support > 3"));
        assertThat(agentsOf(support)).containsExactly(one.get("id").asText());
        assertThat(agentsOf(sales)).isEmpty();
        assertThat(agentsOf(byCall)).as("who may be asked depends on the call").hasSize(1);
        assertThat(agentsOf(german)).isEmpty();
        JsonNode two =
                tenant.hires("agent", List.of("support"), List.of(Map.of("type", "tel", "target", "+15557654322")));
        JsonNode seller =
                tenant.hires("agent", List.of("sales"), List.of(Map.of("type", "tel", "target", "+15557654323")));
        assertThat(agentsOf(support))
                .containsExactlyInAnyOrder(one.get("id").asText(), two.get("id").asText());
        assertThat(agentsOf(sales)).containsExactly(seller.get("id").asText());

        describe(one, Map.of("languages", List.of("de"), "levels", Map.of("support", 4)));
        assertThat(agentsOf(german)).hasSize(1);
        describe(one, Map.of("languages", List.of("de"), "levels", Map.of("support", 3)));
        assertThat(agentsOf(german)).isEmpty();
    }

    /** Every setting comes back as it was sent, what is left out as the table's own column defaults have it. */
    @Test
    void everySettingIsKept() {
        JsonNode agent = tenant.hires("agent", List.of("support"), List.of());
        Map<String, Object> all = Map.ofEntries(
                Map.entry("name", "all of it"),
                Map.entry("required_tags", List.of("support")),
                Map.entry("match", "any"),
                Map.entry("expression", "1 == 1"),
                Map.entry("strategy", "top_down"),
                Map.entry("max_reserved", 50),
                Map.entry("ask_interval_seconds", 2.5),
                Map.entry("priority_worth_seconds", 90),
                Map.entry("maximum_size", 5000),
                Map.entry("refuse_when", List.of("no_agents", "all_busy")),
                Map.entry("leave_when", List.of("unavailable")),
                Map.entry("reject_pause_seconds", 60),
                Map.entry("miss_pause_seconds", 0),
                Map.entry("reject_rest_seconds", 30),
                Map.entry("miss_rest_seconds", 86400),
                Map.entry("misses_allowed", 3),
                Map.entry("after_missed_offer", "offline"),
                Map.entry("reservation_timeout_seconds", 20),
                Map.entry("maximum_wait_seconds", 604800),
                Map.entry("wrap_up_timeout_seconds", 120),
                Map.entry("wrap_up_mode", "optional"),
                Map.entry("wrap_up_limit_seconds", 3600),
                Map.entry("dispositions", List.of("resolved", "call_again")),
                Map.entry("post_work_status", "away"),
                Map.entry("auto_accept", true),
                Map.entry("resume_within_seconds", 0),
                Map.entry("call_back", "customer_first"),
                Map.entry("call_back_attempts", 5),
                Map.entry("call_back_pause_seconds", 600),
                Map.entry("call_back_within_seconds", 7200),
                Map.entry("call_back_hours", List.of("mon-fri 09:00-17:30", "sat 10:00-24:00")),
                Map.entry("call_back_time_zone", "Europe/Berlin"),
                Map.entry("assignment_callback_url", "https://example.com/assignment"),
                Map.entry("assignment_callback_fallback_url", "https://example.org/assignment?a=b"),
                Map.entry("service_level_within_seconds", 30),
                Map.entry("service_level_percent", 95),
                Map.entry("follow_up_within_seconds", 3600),
                Map.entry("shortest_message_seconds", 3),
                Map.entry("keep_messages_for_seconds", 86400),
                Map.entry(
                        "rings",
                        List.of(
                                Map.of("after_seconds", 30, "required_tags", List.of("sales"), "match", "any"),
                                Map.of(
                                        "after_seconds",
                                        60.5,
                                        "required_tags",
                                        List.of(),
                                        "match",
                                        "all",
                                        "expression",
                                        "levels.sales > 2"))),
                Map.entry("tiers", List.of(Map.of("agent_id", agent.get("id").asText(), "tier", 2))));
        JsonNode queue = add(all);
        all.forEach(
                (setting, value) -> assertThat(queue.get(setting)).as(setting).isEqualTo(json(value)));

        JsonNode usual = change(queue, Map.of("name", "all of it")).ok();
        UUID bare = UUID.randomUUID();
        jdbc.sql("INSERT INTO queue (id, customer_id, name, created_at) VALUES (:id, CAST(:c AS uuid), 'bare', now())")
                .param("id", bare)
                .param("c", tenant.id())
                .update();
        JsonNode defaults = guest.get("/v1/queues/" + bare).ok();
        assertThat(settings(usual)).isEqualTo(settings(defaults));
        assertThat(usual.size())
                .as("with id, created_at and warnings, but no expression and no addresses")
                .isEqualTo(all.size() - 3 + 3);
    }

    @Test
    void whatComesBackCanBeSentAgain() {
        JsonNode queue = add(Map.of("name", "support", "required_tags", List.of("support")));
        assertThat(change(queue, queue).ok()).isEqualTo(queue);
    }

    @Test
    void aValueThatCannotBeIsRefused() throws IOException {
        for (String line : UNFIT.lines().toList()) {
            String[] parts = line.split(" \\| ");
            ObjectNode queue = (ObjectNode) JSON.readTree("{\"name\": \"support\"}");
            queue.setAll((ObjectNode) JSON.readTree(parts[0]));
            JsonNode problem = guest.post("/v1/queues", queue).refusal(422);
            assertThat(problem.at("/fields/0/field").asText()).as(line).isEqualTo(parts[1]);
            assertThat(problem.at("/fields/0/problem").asText()).as(line).isNotBlank();
            assertThat(problem.get("remedy").asText()).as(line).contains(parts[2]);
        }
        assertThat(guest.get("/v1/queues").ok().get("items")).isEmpty();
    }

    @Test
    void allThatIsWrongIsToldAtOnce() {
        JsonNode problem = guest.post("/v1/queues", Map.of("max_reserved", 0, "match", "x", "expression", "a b"))
                .refusal(422);
        assertThat(problem.get("fields"))
                .extracting(field -> field.get("field").asText())
                .containsExactlyInAnyOrder("name", "max_reserved", "match", "expression");
    }

    /** S1-10 · the secret is told once, and nobody but administrators sees where a queue asks. */
    @Test
    void theSecretOfAnAssignmentCallbackIsToldOnce() {
        assertThat(add(Map.of("name", "quiet")).has("assignment_callback_secret"))
                .isFalse();
        JsonNode queue = add(Map.of("name", "support", "assignment_callback_url", "https://example.com/assignment"));
        assertThat(queue.get("assignment_callback_secret").asText()).startsWith("whsec_");
        assertThat(get(queue).has("assignment_callback_secret")).isFalse();
        assertThat(change(queue, queue).ok().has("assignment_callback_secret"))
                .as("it has one already")
                .isFalse();

        JsonNode rotated =
                guest.post(path(queue, "queues") + "/rotate-secret", null).ok();
        assertThat(rotated.get("secret").asText())
                .startsWith("whsec_")
                .isNotEqualTo(queue.get("assignment_callback_secret").asText());

        JsonNode seen = tenant.as(tenant.hires("supervisor", List.of(), List.of()))
                .get(path(queue, "queues"))
                .ok();
        assertThat(seen.has("assignment_callback_url")).isFalse();
        assertThat(get(queue).get("assignment_callback_url").asText()).isEqualTo("https://example.com/assignment");
    }

    /** S1-08 · an error in an expression names its place. */
    @Test
    void anExpressionThatIsNoneIsRefusedWithThePlace() {
        JsonNode problem = guest.post("/v1/queues", Map.of("name", "support", "expression", "skills HASS \"support\""))
                .refusal(422);
        assertThat(problem.get("detail").asText())
                .startsWith("Line 1, column 8: Found HASS, expected one of ==, !=, <, >, <=, >=, HAS,");
        assertThat(problem.at("/fields/0/place").toString()).isEqualTo("{\"index\":7,\"line\":1,\"column\":8}");
    }

    /** S1-09 · an attribute of the wrong type is told, not silently false. */
    @Test
    void anAttributeOfTheWrongTypeIsTold() {
        JsonNode agent = tenant.hires("agent", List.of("support"), List.of());
        String name = agent.get("username").asText();
        describe(agent, Map.of("level", "high", "languages", "en"));

        JsonNode queue = add(Map.of("name", "support", "expression", "seniority > 3 AND skills HAS 'suport'"));
        assertThat(queue.get("warnings"))
                .extracting(JsonNode::asText)
                .containsExactly(
                        "expression: There is no tag suport.",
                        "expression: No agent has the attribute seniority; until somebody has, comparisons with it are false.");

        JsonNode problem = change(
                        queue,
                        Map.of(
                                "name", "support",
                                "expression", "level > 3 OR languages HAS 'en'",
                                "rings", List.of(Map.of("after_seconds", 5, "expression", "skills == 'support'"))))
                .refusal(422);
        assertThat(problem.get("fields"))
                .extracting(field -> field.get("field").asText() + ": "
                        + field.get("problem").asText())
                .containsExactly(
                        "expression: level has to be a number here; it is a text for " + name + ".",
                        "expression: languages has to be a list here; it is a text for " + name + ".",
                        "rings[0].expression: skills has to be a text here; it is a list for " + tenantPeople(name)
                                + ".");
        assertThat(get(queue).get("expression").asText()).startsWith("seniority");

        JsonNode refused = guest.put(path(agent), Map.of("name", "Nora", "attributes", Map.of("seniority", List.of(5))))
                .refusal(422);
        assertThat(refused.get("detail").asText())
                .isEqualTo("seniority is a list, but the queue support compares it as a number.");
        describe(agent, Map.of("seniority", 5));
    }

    /** All who have skills, that is everybody. */
    private String tenantPeople(String agent) {
        List<String> names = new ArrayList<>(List.of(agent, "guest@" + tenant.id()));
        names.sort(null);
        return String.join(", ", names);
    }

    @Test
    void aQueueAndAnAgentThatDoNotFitAreNotSavedAtTheSameInstant() {
        JsonNode agent = tenant.hires("agent", List.of(), List.of());
        for (int i = 0; i < 5; i++) {
            String attribute = "level" + i;
            Map<String, Object> queue = Map.of("name", "queue" + i, "expression", attribute + " > 3");
            Map<String, Object> described = Map.of("name", "Nora", "attributes", Map.of(attribute, "high"));
            List<Http.Answer> answers =
                    together(() -> guest.post("/v1/queues", queue), () -> guest.put(path(agent), described));
            assertThat(answers).extracting(Http.Answer::status).containsOnlyOnce(422);
        }
    }

    @Test
    void whoHasNotSeenTheLastChangeDoesNotUndoIt() {
        JsonNode queue = add(Map.of("name", "support"));
        HttpResponse<String> first = send("GET", queue, null, "");
        String seen = first.headers().firstValue("ETag").orElseThrow();
        assertThat(send("PUT", queue, seen, "{\"name\": \"sales\"}").statusCode())
                .isEqualTo(200);
        assertThat(send("PUT", queue, seen, "{\"name\": \"billing\"}").statusCode())
                .isEqualTo(412);
        assertThat(send("DELETE", queue, seen, "").statusCode()).isEqualTo(412);
        assertThat(send("PUT", queue, "1", "{\"name\": \"billing\"}").statusCode())
                .isEqualTo(400);
        assertThat(get(queue).get("name").asText()).isEqualTo("sales");
    }

    @Test
    void aNameIsOfOneQueue() {
        add(Map.of("name", "support"));
        JsonNode sales = add(Map.of("name", "sales"));
        guest.post("/v1/queues", Map.of("name", "support")).refusal(409);
        change(sales, Map.of("name", "support")).refusal(409);
    }

    /** What calls did in a queue stays readable; its name is free. */
    @Test
    void aQueueIsDeletedWhenNobodyIsInIt() {
        JsonNode queue = add(Map.of("name", "support", "required_tags", List.of("support")));
        UUID id = UUID.fromString(queue.get("id").asText());
        UUID call = UUID.randomUUID();
        jdbc.sql(
                        """
                        INSERT INTO call (id, customer_id, provider, direction, from_number, to_number, state, started_at)
                        VALUES (:call, CAST(:customer AS uuid), 'twilio', 'inbound', '+15550140000', '+15550100001', 'queued', now())""")
                .param("call", call)
                .param("customer", tenant.id())
                .update();
        jdbc.sql(
                        """
                        INSERT INTO queue_entry (id, call_id, queue_id, entered_at, waiting_since, rank_at)
                        VALUES (gen_random_uuid(), :call, :queue, now(), now(), now())""")
                .param("call", call)
                .param("queue", id)
                .update();
        assertThat(guest.delete(path(queue, "queues"))
                        .refusal(409)
                        .get("detail")
                        .asText())
                .contains("callers waiting: 1,");

        jdbc.sql("UPDATE queue_entry SET left_at = now(), exit = 'abandoned' WHERE queue_id = :queue")
                .param("queue", id)
                .update();
        jdbc.sql("UPDATE call SET state = 'ended', ended_at = now() WHERE id = :call")
                .param("call", call)
                .update();
        assertThat(guest.delete("/v1/tags/support").status()).isEqualTo(409);
        assertThat(guest.delete(path(queue, "queues")).status()).isEqualTo(204);
        guest.get(path(queue, "queues")).refusal(404);
        guest.delete(path(queue, "queues")).refusal(404);
        change(queue, Map.of("name", "support")).refusal(404);
        assertThat(jdbc.sql(
                                "SELECT type FROM event_log WHERE data ->> 'queue_id' = :id AND customer_id = CAST(:customer AS uuid) ORDER BY id")
                        .param("id", id.toString())
                        .param("customer", tenant.id())
                        .query(String.class)
                        .list())
                .containsExactly("queue.created", "queue.deleted");
        assertThat(guest.get("/v1/audit").ok().get("items"))
                .extracting(line -> line.get("action").asText())
                .contains("POST /v1/queues", "DELETE /v1/queues/" + id);
        assertThat(guest.get("/v1/queues").ok().get("items")).isEmpty();
        assertThat(guest.delete("/v1/tags/support").status()).isEqualTo(204);
        assertThat(jdbc.sql(
                                "SELECT q.name FROM queue_entry e JOIN queue q ON q.id = e.queue_id WHERE e.call_id = :call")
                        .param("call", call)
                        .query(String.class)
                        .single())
                .isEqualTo("support");
        add(Map.of("name", "support"));
    }

    @Test
    void aTagOfARingIsInUse() {
        JsonNode queue = add(Map.of(
                "name", "support", "rings", List.of(Map.of("after_seconds", 5, "required_tags", List.of("sales")))));
        assertThat(guest.delete("/v1/tags/sales").status()).isEqualTo(409);
        change(queue, Map.of("name", "support")).ok();
        assertThat(guest.delete("/v1/tags/sales").status()).isEqualTo(204);
    }

    @Test
    void theListComesInPieces() {
        for (String name : List.of("c", "a", "b")) {
            add(Map.of("name", name));
        }
        JsonNode first = guest.get("/v1/queues?limit=2").ok();
        assertThat(first.get("items"))
                .extracting(queue -> queue.get("name").asText())
                .containsExactly("a", "b");
        JsonNode second = guest.get(
                        "/v1/queues?limit=2&cursor=" + first.get("next").asText())
                .ok();
        assertThat(second.get("items"))
                .extracting(queue -> queue.get("name").asText())
                .containsExactly("c");
        assertThat(second.has("next")).isFalse();
    }

    @Test
    void theDescriptionHasEverySetting() {
        JsonNode schemas = guest.get("/v3/api-docs").ok().at("/components/schemas");
        JsonNode settings = schemas.at("/QueueSettings/properties");
        assertThat(settings.at("/max_reserved/maximum").asInt()).isEqualTo(50);
        assertThat(settings.at("/refuse_when/items/enum")).hasSize(3);
        assertThat(schemas.at("/QueueWithSettings/properties").fieldNames())
                .toIterable()
                .containsAll(() -> settings.fieldNames());
        assertThat(schemas.at("/Agent/properties/attributes/type").asText()).isEqualTo("object");
        assertThat(schemas.at("/NewAgent/properties/attributes/type").asText()).isEqualTo("object");
    }

    private JsonNode add(Map<String, ?> queue) {
        return guest.post("/v1/queues", queue).ok();
    }

    private JsonNode get(JsonNode queue) {
        return guest.get(path(queue, "queues")).ok();
    }

    private Http.Answer change(JsonNode queue, Object settings) {
        return guest.put(path(queue, "queues"), settings);
    }

    private void describe(JsonNode agent, Map<String, ?> attributes) {
        guest.put(path(agent), Map.of("name", "Nora", "attributes", attributes)).ok();
    }

    private static String path(JsonNode agent) {
        return path(agent, "agents");
    }

    private static String path(JsonNode thing, String kind) {
        return "/v1/" + kind + "/" + thing.get("id").asText();
    }

    private List<String> agentsOf(JsonNode queue) {
        return jdbc.sql("SELECT agent_id::text FROM queue_agent WHERE queue_id = CAST(:id AS uuid)")
                .param("id", queue.get("id").asText())
                .query(String.class)
                .list();
    }

    private static JsonNode settings(JsonNode queue) {
        return ((ObjectNode) queue.deepCopy()).without(List.of("id", "name", "created_at", "warnings"));
    }

    /** As it comes over the line. */
    private static JsonNode json(Object value) {
        try {
            return JSON.readTree(JSON.writeValueAsString(value));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpResponse<String> send(String method, JsonNode queue, String ifMatch, String body) {
        var request = guest.request(path(queue, "queues"))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body));
        if (ifMatch != null) {
            request.header("If-Match", ifMatch);
        }
        try {
            return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
