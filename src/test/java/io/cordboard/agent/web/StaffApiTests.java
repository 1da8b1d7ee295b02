package io.cordboard.agent.web;

import static io.cordboard.testing.Together.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cordboard.testing.Http;
import io.cordboard.testing.Login;
import io.cordboard.testing.ScenarioTest;
import io.cordboard.testing.Tenant;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Agents hired, changed and dismissed by the administrators of a customer of their own. */
@ExtendWith(OutputCaptureExtension.class)
class StaffApiTests extends ScenarioTest {

    private Tenant tenant;
    private Http guest;

    @BeforeEach
    void aCustomer(CapturedOutput console) {
        tenant = Tenant.open(base(), admin(), console);
        guest = tenant.guest();
        guest.post("/v1/tags", Map.of("name", "support")).ok();
        guest.post("/v1/tags", Map.of("name", "billing", "description", "Invoices"))
                .ok();
    }

    private static Map<String, String> tel(String number) {
        return Map.of("type", "tel", "target", number);
    }

    /** S3-10 · a new agent is offline and has the permission USER. S3-07 · with several addresses. S3-11, S3-04 · logs in. */
    @Test
    void anAgentIsHired() {
        Http.Answer answer = guest.post(
                "/v1/agents",
                Map.of(
                        "username",
                        "Nora-" + tenant.name().substring(7),
                        "password",
                        Login.PASSWORD,
                        "name",
                        "Nora",
                        "tag_ids",
                        List.of("support", "billing"),
                        "addresses",
                        List.of(
                                tel("+49 30 123456-78"),
                                Map.of("type", "extension", "target", "1001"),
                                Map.of("type", "sip", "target", "Nora@Example.com"))));

        assertThat(answer.status()).isEqualTo(201);
        JsonNode nora = answer.json();
        assertThat(nora.get("status").asText()).isEqualTo("offline");
        assertThat(nora.get("permission").asText()).isEqualTo("USER");
        assertThat(nora.get("role").asText()).isEqualTo("agent");
        assertThat(nora.get("customer_id").asText()).isEqualTo(tenant.id());
        assertThat(nora.get("tag_ids")).extracting(JsonNode::asText).containsExactly("billing", "support");
        assertThat(nora.get("addresses"))
                .extracting(address -> address.get("type").asText() + ":"
                        + address.get("target").asText())
                .containsExactlyInAnyOrder("tel:+493012345678", "extension:1001", "sip:nora@example.com");

        JsonNode login = tenant.as(nora).get("/v1/session").ok();
        assertThat(login.get("id")).isEqualTo(nora.get("id"));
        assertThat(login.get("status").asText()).isEqualTo("offline");
    }

    @ParameterizedTest
    @CsvSource({
        "tel,12345,country code",
        "tel,+49,country code",
        "fax,+4930123456,extension",
        "sip,not an address,user@domain",
        "extension,12a,digits",
        "client,a b,letters"
    })
    void anAddressWhereNobodyCanBeReachedIsRefused(String type, String target, String expected) {
        JsonNode agent = tenant.hires("agent", List.of(), List.of());
        JsonNode problem = guest.put(
                        "/v1/agents/" + agent.get("id").asText() + "/addresses",
                        Map.of("addresses", List.of(Map.of("type", type, "target", target))))
                .refusal(422);
        assertThat(problem.get("detail").asText()).contains(expected);
    }

    /** S1-12 · attributes as workers have them elsewhere: skills are tags, contact_uri is the phone. */
    @Test
    void anAgentIsHiredByTheAttributesOfAWorker() {
        JsonNode agent = guest.post(
                        "/v1/agents",
                        Map.of(
                                "username",
                                "worker-" + tenant.name().substring(7),
                                "name",
                                "Charles",
                                "attributes",
                                Map.of("skills", List.of("support"), "contact_uri", "+15557654321", "seniority", 4)))
                .ok();
        assertThat(agent.get("tag_ids")).extracting(JsonNode::asText).containsExactly("support");
        assertThat(agent.at("/addresses/0/target").asText()).isEqualTo("+15557654321");
        assertThat(agent.get("attributes"))
                .isEqualTo(json(Map.of(
                        "skills",
                        List.of("support"),
                        "levels",
                        Map.of("support", 1),
                        "contact_uri",
                        "+15557654321",
                        "seniority",
                        4)));
    }

    @Test
    void attributesAreReplacedAndSkillsAreTheTags() {
        JsonNode agent = tenant.hires("agent", List.of("support"), List.of());
        String path = "/v1/agents/" + agent.get("id").asText();
        guest.put(path, Map.of("name", "Nora", "attributes", Map.of("languages", List.of("en"), "x", 1)))
                .ok();
        JsonNode levelled = guest.put(
                        path,
                        Map.of(
                                "name",
                                "Nora",
                                "attributes",
                                Map.of("skills", List.of("support", "billing"), "levels", Map.of("support", 7))))
                .ok();
        assertThat(levelled.at("/attributes/skills"))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrder("support", "billing");
        assertThat(levelled.at("/attributes/levels")).isEqualTo(json(Map.of("billing", 1, "support", 7)));
        assertThat(levelled.get("attributes").has("languages")).isFalse();
        assertThat(guest.put(path, Map.of("name", "Nora K.")).ok().get("attributes"))
                .as("what is not sent stays")
                .isEqualTo(levelled.get("attributes"));
        assertThat(guest.put(path + "/tag_ids", Map.of("tag_ids", List.of("support")))
                        .ok()
                        .at("/attributes/levels"))
                .as("a tag that stays keeps its level")
                .isEqualTo(json(Map.of("support", 7)));
        JsonNode before = guest.get(path).ok();
        assertThat(guest.put(path, before).ok().get("attributes")).isEqualTo(before.get("attributes"));
    }

    @Test
    void attributesThatCannotBeAreRefused() {
        JsonNode agent = tenant.hires("agent", List.of("support"), List.of());
        String path = "/v1/agents/" + agent.get("id").asText();
        Map.of(
                        Map.of("skills", "support"), "a list of texts",
                        Map.of("skills", List.of("suport")), "There is no tag suport",
                        Map.of("levels", Map.of("support", 11)), "from 1 to 10",
                        Map.of("levels", Map.of("support", "5")), "from 1 to 10",
                        Map.of("levels", List.of()), "from 1 to 10",
                        Map.of("levels", Map.of("billing", 3)), "billing, which is no tag of the agent",
                        Map.of("text", "x".repeat(4090)), "more than 4096 characters")
                .forEach((attributes, problem) -> assertThat(
                                guest.put(path, Map.of("name", "Nora", "attributes", attributes))
                                        .refusal(422)
                                        .get("detail")
                                        .asText())
                        .contains(problem));
        guest.put(path, Map.of("name", "Nora", "attributes", List.of())).refusal(400);
        guest.put(path, Map.of("name", "Nora", "attributes", Map.of("text", "\0")))
                .refusal(400);
        guest.post(
                        "/v1/agents",
                        Map.of(
                                "username",
                                "differs-" + tenant.name().substring(7),
                                "name",
                                "Charles",
                                "tag_ids",
                                List.of("billing"),
                                "attributes",
                                Map.of("skills", List.of("support"))))
                .refusal(422);
        assertThat(guest.get(path).ok()).isEqualTo(agent);
    }

    private static JsonNode json(Object value) {
        return new ObjectMapper().valueToTree(value);
    }

    /** S3-06 · replaces the tags. S3-05 · a tag nobody knows would never match a queue, so it is refused. */
    @Test
    void tagsAreReplaced() {
        JsonNode agent = tenant.hires("agent", List.of("support"), List.of());
        String path = "/v1/agents/" + agent.get("id").asText();
        assertThat(guest.put(path + "/tag_ids", Map.of("tag_ids", List.of("billing", "billing")))
                        .ok()
                        .get("tag_ids"))
                .extracting(JsonNode::asText)
                .containsExactly("billing");
        assertThat(guest.put(path + "/tag_ids", Map.of("tag_ids", List.of("biling")))
                        .refusal(422)
                        .get("detail")
                        .asText())
                .contains("biling");
        assertThat(guest.get(path).ok().get("tag_ids"))
                .extracting(JsonNode::asText)
                .containsExactly("billing");
        assertThat(guest.get("/v1/tags").ok().get("items"))
                .extracting(tag -> tag.get("id").asText() + tag.get("agents").asInt())
                .containsExactly("billing1", "support0");
    }

    /** S3-08 · one address, one agent within a customer; the same at another customer is fine. */
    @Test
    void anAddressBelongsToOneAgentOfACustomer(CapturedOutput console) {
        JsonNode first = tenant.hires("agent", List.of(), List.of(Map.of("type", "extension", "target", "200")));
        JsonNode second = tenant.hires("agent", List.of(), List.of());
        String path = "/v1/agents/" + second.get("id").asText() + "/addresses";
        var wanted = Map.of("addresses", List.of(Map.of("type", "extension", "target", "200")));

        JsonNode problem = guest.put(path, wanted).refusal(409);

        assertThat(problem.get("detail").asText())
                .contains("extension 200", first.get("username").asText());
        assertThat(guest.get("/v1/agents/" + second.get("id").asText()).ok().get("addresses"))
                .isEmpty();
        Tenant other = Tenant.open(base(), admin(), console);
        other.hires("agent", List.of(), List.of(Map.of("type", "extension", "target", "200")));
    }

    /** S3-08 · also when ten want it at the same instant. */
    @Test
    void ofTenWhoWantAnAddressOneGetsIt() {
        List<JsonNode> agents = IntStream.range(0, 10)
                .mapToObj(i -> tenant.hires("agent", List.of(), List.of()))
                .toList();
        var wanted = Map.of("addresses", List.of(Map.of("type", "extension", "target", "300")));
        List<Integer> statuses = agents.stream()
                .map(agent -> CompletableFuture.supplyAsync(
                        () -> guest.put("/v1/agents/" + agent.get("id").asText() + "/addresses", wanted)
                                .status()))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
        assertThat(statuses).containsOnly(200, 409).containsOnlyOnce(200);
    }

    /** Of two administrators who look at the same agent, the second to write is told. */
    @Test
    void nobodyOverwritesWhatTheyHaveNotSeen() throws Exception {
        JsonNode agent = tenant.hires("agent", List.of(), List.of());
        String path = "/v1/agents/" + agent.get("id").asText();
        String seen = send("GET", path, null, null).headers().firstValue("ETag").orElseThrow();

        HttpResponse<String> first = send("PUT", path, seen, "{\"name\":\"First\"}");
        HttpResponse<String> second = send("PUT", path, seen, "{\"name\":\"Second\"}");

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(second.statusCode()).isEqualTo(412);
        assertThat(second.body()).contains("If-Match");
        assertThat(guest.get(path).ok().get("name").asText()).isEqualTo("First");
        assertThat(send("PUT", path, "nonsense", "{\"name\":\"Third\"}").statusCode())
                .isEqualTo(400);
        assertThat(send("PUT", path, first.headers().firstValue("ETag").orElseThrow(), "{\"name\":\"Fourth\"}")
                        .statusCode())
                .isEqualTo(200);
    }

    private HttpResponse<String> send(String method, String path, String ifMatch, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = guest.request(path)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (ifMatch != null) {
            request.header("If-Match", ifMatch);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** S3-16 · another role holds at once, and logins of before end within five seconds. */
    @Test
    void aPromotionEndsTheLoginsOfBefore() {
        JsonNode agent = tenant.hires("agent", List.of(), List.of());
        String path = "/v1/agents/" + agent.get("id").asText();
        Http before = tenant.as(agent);
        before.post("/v1/tags", Map.of("name", "mine")).refusal(403);

        assertThat(guest.put(path + "/permission", Map.of("permission", "ADMIN"))
                        .ok()
                        .get("role")
                        .asText())
                .isEqualTo("admin");

        await().atMost(Duration.ofSeconds(5))
                .until(() -> before.get("/v1/session").status() == 401);
        tenant.as(agent).post("/v1/tags", Map.of("name", "mine")).ok();
        guest.put(path + "/permission", Map.of("role", "emperor")).refusal(422);
        guest.put(path + "/permission", Map.of()).refusal(422);
    }

    @Test
    void aPasswordIsSetByAnAdministratorOrByWhoKnowsTheOldOne() {
        JsonNode agent = tenant.hires("agent", List.of(), List.of());
        String path = "/v1/agents/" + agent.get("id").asText() + "/password";
        Http self = tenant.as(agent);

        self.put(path, Map.of("password", "a-new-password")).refusal(403);
        self.put(path, Map.of("password", "a-new-password", "current_password", "wrong"))
                .refusal(403);
        guest.put(path, Map.of("password", "short")).refusal(422);
        self.put(path, Map.of("password", "a-new-password", "current_password", Login.PASSWORD))
                .ok();

        String username = agent.get("username").asText();
        assertThat(Login.post(base() + "/v1/login", username, Login.PASSWORD, "192.0.2.81")
                        .statusCode())
                .isEqualTo(401);
        assertThat(Login.post(base() + "/v1/login", username, "a-new-password", "192.0.2.81")
                        .statusCode())
                .isEqualTo(200);
        await().atMost(Duration.ofSeconds(5))
                .until(() -> self.get("/v1/session").status() == 401);
        guest.put(path, Map.of("password", Login.PASSWORD)).ok();
        tenant.as(agent).get("/v1/session").ok();
    }

    /** Their logins end within five seconds, and their user name is free for the next. */
    @Test
    void whoIsDismissedIsOutWithinSeconds() {
        JsonNode agent = tenant.hires("agent", List.of("support"), List.of(tel("+493012345679")));
        String path = "/v1/agents/" + agent.get("id").asText();
        Http self = tenant.as(agent);
        self.put(path + "/status", Map.of("status", "available")).ok();

        assertThat(guest.delete(path).status()).isEqualTo(204);

        guest.get(path).refusal(404);
        guest.delete(path).refusal(404);
        await().atMost(Duration.ofSeconds(5))
                .until(() -> self.get("/v1/session").status() == 401);
        assertThat(guest.post(
                                "/v1/agents",
                                Map.of(
                                        "username", agent.get("username").asText(),
                                        "name", "The next",
                                        "addresses", List.of(tel("+493012345679"))))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void nobodyIsDismissedInTheMiddleOfACall() {
        charles.is("available");
        someoneDials(NUMBER, "press 1");
        String call = charles.takesTheNextCall();
        String demo = jdbc.sql("SELECT customer_id FROM agent WHERE username = 'charles'")
                .query(UUID.class)
                .single()
                .toString();
        jdbc.sql("UPDATE agent SET role = 'admin' WHERE username = 'sam'").update();
        try {
            Http boss = new Http(base(), "sam");
            assertThat(boss.get("/v1/session").ok().get("customer_id").asText()).isEqualTo(demo);
            assertThat(boss.delete("/v1/agents/" + charles.id())
                            .refusal(409)
                            .get("detail")
                            .asText())
                    .contains("call");
            boss.delete("/v1/agents/" + boss.get("/v1/session").ok().get("id").asText())
                    .refusal(409);
        } finally {
            jdbc.sql("UPDATE agent SET role = 'supervisor' WHERE username = 'sam'")
                    .update();
            sam = await().until(() -> new Http(base(), "sam"), http -> http.get("/v1/queues")
                    .isOk());
        }
        charles.ends(call);
        charles.wrapsUp(call, "other");
    }

    /** S3-13 · the guest agent is administrator from the first moment, and stays. */
    @Test
    void theGuestAgentStays(CapturedOutput console) {
        String path = "/v1/agents/" + tenant.guestId();
        JsonNode self = guest.get(path).ok();
        assertThat(self.get("permission").asText()).isEqualTo("ADMIN");
        assertThat(self.get("role").asText()).isEqualTo("guest");
        JsonNode boss = tenant.hires("admin", List.of(), List.of());
        Http asBoss = tenant.as(boss);

        asBoss.delete(path).refusal(409);
        asBoss.put(path + "/password", Map.of("password", Login.PASSWORD)).refusal(409);
        asBoss.put(path + "/permission", Map.of("role", "agent")).refusal(409);
        asBoss.put("/v1/agents/" + boss.get("id").asText() + "/permission", Map.of("role", "guest"))
                .refusal(422);
        assertThat(Login.post(base() + "/v1/login", self.get("username").asText(), "", "192.0.2.82")
                        .statusCode())
                .isIn(400, 401);
        assertThat(Login.post(base() + "/v1/login", self.get("username").asText(), Login.PASSWORD, "192.0.2.82")
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void aUserNameIsUniqueInTheWholeInstallation() {
        assertThat(guest.post("/v1/agents", Map.of("username", "Charles", "name", "Another"))
                        .refusal(409)
                        .get("detail")
                        .asText())
                .containsIgnoringCase("charles");
        guest.post("/v1/agents", Map.of("username", "no spaces", "name", "Another"))
                .refusal(422);
        guest.post("/v1/agents", Map.of("username", "x", "name", "Another", "role", "guest"))
                .refusal(422);
    }

    @Test
    void aTagInUseStays() {
        tenant.hires("agent", List.of("support"), List.of());
        guest.post("/v1/tags", Map.of("name", "support")).refusal(409);
        guest.post("/v1/tags", Map.of("name", "Not A Tag")).refusal(400);
        guest.delete("/v1/tags/support").refusal(409);
        assertThat(guest.delete("/v1/tags/billing").status()).isEqualTo(204);
        guest.delete("/v1/tags/billing").refusal(404);
    }

    /** Each customer has its own list, in which a name is there once, however it is written and whoever is faster. */
    @Test
    void theListOfReasonsIsTheAdministrators() {
        assertThat(reasons()).containsExactly("Break", "Lunch", "Meeting", "Training");
        JsonNode coaching = guest.post("/v1/not-available-reasons", Map.of("name", " Coaching "))
                .ok();
        String path = "/v1/not-available-reasons/" + coaching.get("id").asText();
        assertThat(reasons()).containsExactly("Break", "Coaching", "Lunch", "Meeting", "Training");
        guest.post("/v1/not-available-reasons", Map.of("name", "coaching")).refusal(409);
        guest.post("/v1/not-available-reasons", Map.of("name", " ")).refusal(400);
        guest.put(path, Map.of("name", "LUNCH")).refusal(409);

        JsonNode agent = tenant.hires("agent", List.of(), List.of());
        String status = "/v1/agents/" + agent.get("id").asText() + "/status";
        guest.put(status, Map.of("status", "away", "reason", "Coaching")).ok();
        assertThat(guest.put(path, Map.of("name", "Mentoring")).ok().get("name").asText())
                .isEqualTo("Mentoring");
        assertThat(guest.delete(path).status()).isEqualTo(204);
        guest.delete(path).refusal(404);
        assertThat(guest.get("/v1/agents/" + agent.get("id").asText())
                        .ok()
                        .get("reason")
                        .asText())
                .as("what they chose stays")
                .isEqualTo("Coaching");
        guest.put(status, Map.of("status", "away", "reason", "Coaching")).refusal(422);
        assertThat(charles.http().get("/v1/not-available-reasons").ok().get("items"))
                .extracting(reason -> reason.get("name").asText())
                .doesNotContain("Mentoring");

        List<Http.Answer> answers = together(
                () -> guest.post("/v1/not-available-reasons", Map.of("name", "Dentist")),
                () -> guest.post("/v1/not-available-reasons", Map.of("name", "dentist")),
                () -> guest.post("/v1/not-available-reasons", Map.of("name", "DENTIST")));
        assertThat(answers).extracting(Http.Answer::status).containsExactlyInAnyOrder(201, 409, 409);
    }

    private List<String> reasons() {
        return guest.get("/v1/not-available-reasons").ok().get("items").findValuesAsText("name");
    }

    /** S3-19 · who is in one status for too long is told of, once. */
    @Test
    void whoIsAwayForTooLongIsToldOf() {
        JsonNode agent = tenant.hires("agent", List.of(), List.of());
        String id = agent.get("id").asText();
        Http self = tenant.as(agent);
        self.put("/v1/agents/" + id + "/status", Map.of("status", "away")).ok();
        jdbc.sql("UPDATE agent SET status_since = status_since - interval '3 hours' WHERE id = CAST(:id AS uuid)")
                .param("id", id)
                .update();

        await().atMost(Duration.ofSeconds(20)).until(() -> alerts(id) == 1);
        JsonNode late = tenant.hires("agent", List.of(), List.of());
        jdbc.sql(
                        """
                        UPDATE agent SET chosen = 'available', status_since = status_since - interval '13 hours'
                         WHERE id = CAST(:id AS uuid)""")
                .param("id", late.get("id").asText())
                .update();
        await().atMost(Duration.ofSeconds(20)).until(() -> alerts(late.get("id").asText()) == 1);
        assertThat(alerts(id)).as("alerts after one more look").isEqualTo(1);
    }

    private int alerts(String agent) {
        return jdbc.sql(
                        """
                        SELECT count(*) FROM event_log
                         WHERE agent_id = CAST(:agent AS uuid) AND type = 'agent.status_alert'""")
                .param("agent", agent)
                .query(Integer.class)
                .single();
    }

    /** S3-15 · each change of what everybody sees is an event with the status before. */
    @Test
    void eachChangeOfStatusIsAnEvent() {
        JsonNode agent = tenant.hires("agent", List.of(), List.of());
        Http self = tenant.as(agent);
        for (String status : List.of("available", "available", "away", "offline")) {
            self.put("/v1/agents/" + agent.get("id").asText() + "/status", Map.of("status", status))
                    .ok();
        }
        assertThat(jdbc.sql(
                                """
                                SELECT data ->> 'previous_status' || ' > ' || (data ->> 'status') FROM event_log
                                 WHERE agent_id = CAST(:agent AS uuid) AND type = 'agent.status_updated' ORDER BY id""")
                        .param("agent", agent.get("id").asText())
                        .query(String.class)
                        .list())
                .containsExactly("offline > available", "available > away", "away > offline");
    }
}
