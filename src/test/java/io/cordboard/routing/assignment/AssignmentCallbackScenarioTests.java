package io.cordboard.routing.assignment;

import static io.cordboard.testing.Together.inTurns;
import static io.cordboard.testing.Together.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.cordboard.customer.Accounts;
import io.cordboard.customer.Role;
import io.cordboard.events.webhook.Subscriber;
import io.cordboard.events.webhook.Subscriber.Received;
import io.cordboard.shared.CustomerId;
import io.cordboard.testing.AgentAtWork;
import io.cordboard.testing.AgentPhone;
import io.cordboard.testing.Caller;
import io.cordboard.testing.Http;
import io.cordboard.testing.Http.Answer;
import io.cordboard.testing.Login;
import io.cordboard.testing.ScenarioTest;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * S1-10, S2-20 · a server of the customer's is asked at each reservation what becomes of it. A real server on this machine
 * answers; the agent decides as ever where it does not.
 */
class AssignmentCallbackScenarioTests extends ScenarioTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String OTHER_PHONE = "+15550102099";
    private static final int RACES = 20;

    @Autowired
    private Accounts accounts;

    @Autowired
    private MeterRegistry meters;

    private Http boss;
    private Subscriber server;
    private Subscriber other;
    private String secret;

    @BeforeEach
    void aQueueThatAsks() {
        CustomerId demo = new CustomerId(jdbc.sql("SELECT id FROM customer WHERE name = 'Demo'")
                .query(UUID.class)
                .single());
        accounts.create(demo, "boss", "Boss", Role.ADMIN, Login.PASSWORD);
        boss = new Http(base(), "boss");
        server = new Subscriber();
        other = new Subscriber();
        secret = boss.post("/v1/queues/" + queueId("support") + "/rotate-secret", null)
                .ok()
                .get("secret")
                .asText();
        asks(server, null);
    }

    @AfterEach
    void close() {
        server.close();
        other.close();
    }

    /** S1-10, S2-20 · nobody clicks anything: what the server answers is the agent's answer. */
    @Test
    void theServerAcceptsForTheAgent() {
        JsonNode queue = boss.get("/v1/queues/" + queueId("support")).ok();
        assertThat(boss.put("/v1/queues/" + queueId("support"), queue).ok().get("assignment_callback_url"))
                .as("an address of this machine, which development allows")
                .isEqualTo(queue.get("assignment_callback_url"));
        says(server, "{\"instruction\": \"accept\"}");
        charles.is("available");

        Caller caller = someoneDials(NUMBER, "press 1").talks();

        UUID call = callOf(caller);
        Received question = server.gets(1).get(0);
        assertThat(question.isSignedWith(secret)).isTrue();
        assertThat(question.isSignedWith("whsec_c29tZWJvZHkgZWxzZQ==")).isFalse();
        JsonNode body = question.json();
        assertThat(question.id()).isEqualTo(body.get("reservation_id").asText());
        assertThat(body.get("call_id").asText()).isEqualTo(call.toString());
        assertThat(body.get("queue").asText()).isEqualTo("support");
        assertThat(body.get("agent_id").asText()).isEqualTo(charles.id());
        assertThat(body.get("agent_username").asText()).isEqualTo("charles");
        assertThat(body.at("/agent_attributes/skills").toString()).isEqualTo("[\"support\"]");
        assertThat(body.get("called").asText()).isEqualTo(NUMBER);
        assertThat(body.get("caller").asText()).isEqualTo(column(call, "from_number"));
        assertThat(body.at("/variables/queueName").asText()).isEqualTo("support");
        assertThat(body.get("waited_seconds").asLong()).isBetween(0L, 20L);
        assertThat(body.get("expires_at").asText())
                .isGreaterThan(body.get("offered_at").asText());
        assertThat(charles.status()).isEqualTo("busy");
        assertThat(reservationsOf(call))
                .extracting(one -> one.get("status").asText() + " "
                        + one.get("answered_by").asText())
                .containsExactly("accepted callback");
        assertThat(logged(question.id()))
                .containsExactly("reservation.created", "reservation.accepted", "reservation.instructed");
        charles.ends(call.toString());
        charles.wrapsUp(call.toString(), "other");
        assertThat(endOf(call)).isEqualTo("endedByAgent");
    }

    /** A reservation the matcher makes is asked about like one the flow makes; the next agent's like the first one's. */
    @Test
    void theServerRejectsAndTheNextAgentIsAsked() {
        server.answers((question, exchange) -> answer(
                exchange,
                question.json().get("agent_username").asText().equals("charles")
                        ? "{\"instruction\": \"reject\", \"reason\": \"not trained\", \"status\": \"away\"}"
                        : "{\"instruction\": \"accept\"}"));
        Caller caller = someoneDials(NUMBER, "press 1").isIn("queued");
        charles.is("available");
        charles.becomes("away");
        edith.is("available");

        caller.talks();

        assertThat(edith.status()).isEqualTo("busy");
        assertThat(reservationsOf(callOf(caller)))
                .extracting(one -> one.get("agent").asText() + " "
                        + one.get("status").asText() + " "
                        + one.path("reason").asText() + " "
                        + one.get("answered_by").asText())
                .containsExactly("Charles rejected not trained callback", "Edith accepted  callback");
    }

    /** Of several who are asked at once each is asked about; the others' offers are withdrawn. */
    @Test
    void ofSeveralAskedAtOnceTheServerChoosesOne() {
        setQueue("support", "strategy = 'ring_all', max_reserved = 2");
        server.answers((question, exchange) -> answer(
                exchange,
                question.json().get("agent_username").asText().equals("charles")
                        ? ""
                        : "{\"instruction\": \"accept\"}"));
        charles.is("available");
        edith.is("available");

        Caller caller = someoneDials(NUMBER, "press 1").talks();

        assertThat(edith.status()).isEqualTo("busy");
        charles.becomes("available");
        assertThat(server.gets(2)).hasSize(2);
        assertThat(reservationsOf(callOf(caller)))
                .extracting(one -> one.get("status").asText())
                .containsExactlyInAnyOrder("accepted", "rescinded");
    }

    /** The server never answers: the agent does, and what the server says afterwards changes nothing. */
    @Test
    void theAgentAnswersWhileTheServerIsSilent() throws Exception {
        CountDownLatch accepted = new CountDownLatch(1);
        server.answers((question, exchange) -> {
            holdUntil(accepted);
            answer(exchange, "{\"instruction\": \"reject\", \"status\": \"offline\"}");
        });
        double late = asked("late");
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        JsonNode offer = charles.isOfferedACall();
        server.gets(1);

        charles.accepts(offer).ok();
        accepted.countDown();

        caller.talks();
        await("the answer is there").atMost(PATIENCE).until(() -> asked("late") == late + 1);
        assertThat(charles.status()).isEqualTo("busy");
        assertThat(logged(offer.get("id").asText())).containsExactly("reservation.created", "reservation.accepted");
        assertThat(reservationsOf(callOf(caller)))
                .extracting(one -> one.get("answered_by").asText())
                .containsExactly("agent");
    }

    @Test
    void whoGivesNoAnswerInTimeIsNotWaitedFor() {
        CountDownLatch never = new CountDownLatch(1);
        server.answers((question, exchange) -> holdUntil(never));
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        JsonNode offer = charles.isOfferedACall();

        assertThat(failure(offer).get("reason").asText()).startsWith("There was no answer within");
        assertThat(charles.status()).isEqualTo("ringing");
        charles.accepts(offer).ok();
        caller.talks();
        never.countDown();
    }

    /** The other address is asked after an error and after a silence, within the same time. */
    @Test
    void theOtherAddressIsAskedWhenTheFirstFails() {
        asks(server, other);
        says(other, "{\"instruction\": \"accept\"}");
        server.answers(500);
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1").talks();

        Received question = other.gets(1).get(0);
        assertThat(question.isSignedWith(secret)).isTrue();
        assertThat(question.id()).isEqualTo(server.received().get(0).id());
        JsonNode failed = failure(question.id());
        assertThat(failed.get("reason").asText()).isEqualTo("The answer was 500.");
        assertThat(failed.get("fallback").asText()).isEqualTo("answered");

        CountDownLatch never = new CountDownLatch(1);
        server.answers((silent, exchange) -> holdUntil(never));
        edith.is("available");
        someoneDials(NUMBER, "press 1").talks();
        assertThat(failure(other.gets(2).get(1).id()).get("reason").asText())
                .startsWith("There was no answer within 1000 ms");
        never.countDown();
        caller.hangsUp();
    }

    /** Whatever cannot be understood leaves the offer to its agent, and is told. */
    @Test
    void whatCannotBeUsedLeavesTheOfferToTheAgent() {
        Map<String, String> answers = Map.of(
                "welcome!", "The answer is not JSON.",
                "[]", "The instruction cannot be followed: instruction: This is no JSON object.",
                "{\"instruction\": \"hug\"}",
                        "The instruction cannot be followed: instruction: There is no such instruction.",
                "{\"instruction\": \"reject\", \"activity_sid\": \"WA1\"}",
                        "The instruction cannot be followed: activity_sid: There is no field of this name.",
                "{\"instruction\": \"call\", \"to\": \"nobody\"}", "The instruction cannot be followed: to: A tel",
                "{\"instruction\": \"redirect\", \"queue\": \"nowhere\"}", "There is no queue nowhere.");
        setQueues("5 minutes", "5 minutes", "60 seconds");
        charles.is("available");
        answers.forEach((says, why) -> {
            says(server, says);
            Caller caller = someoneDials(NUMBER, "press 1");
            JsonNode offer = charles.isOfferedACall();
            assertThat(failure(offer).get("reason").asText()).as(says).startsWith(why);
            assertThat(charles.pending()).as(says).hasSize(1);
            caller.hangsUp();
            endOf(callOf(caller));
            charles.becomes("available");
        });
    }

    /** No body is no fault: the server leaves the answer to the agent, or gives it later through the API. */
    @Test
    void nothingSaidIsNoFault() {
        double before = asked("none");
        server.answers(204);
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        JsonNode offer = charles.isOfferedACall();
        await("the answer is there").atMost(PATIENCE).until(() -> asked("none") == before + 1);

        JsonNode done = instruct(offer, Map.of("instruction", "accept")).ok();

        assertThat(done.get("status").asText()).isEqualTo("accepted");
        assertThat(done.get("answered_by").asText()).isEqualTo("api");
        caller.talks();
        assertThat(charles.accepts(offer).refusal(409).get("detail").asText())
                .isEqualTo("The reservation was accepted already, through the API. The call was taken by Charles.");
        assertThat(logged(offer.get("id").asText()))
                .containsExactly("reservation.created", "reservation.accepted", "reservation.instructed");
    }

    /** The agent is rung at another phone, hears who calls, and has the status afterwards that was asked for. */
    @Test
    void theAgentIsConnectedAtAnotherPhone() {
        says(
                server,
                """
                {"instruction": "dequeue", "to": "%s", "say": "A very good customer.",
                 "post_work_status": "away"}"""
                        .formatted(OTHER_PHONE));
        charles.is("available");

        Caller caller = someoneDials(NUMBER, "press 1").talks();

        UUID call = callOf(caller);
        AgentPhone phone = phoneOfAgent(call);
        assertThat(phone.state().get("to").asText()).isEqualTo(OTHER_PHONE);
        assertThat(phone.heard()).contains("A very good customer.");
        charles.ends(call.toString());
        charles.wrapsUp(call.toString(), "other");
        assertThat(endOf(call)).isEqualTo("endedByAgent");
        assertThat(charles.status()).isEqualTo("away");
    }

    /** Another phone that nobody picks up counts as the agent's, and is not rung for the agent who is asked next. */
    @Test
    void anotherPhoneIsOfThisAgentOnly() {
        AgentPhone.behaves(admin(), OTHER_PHONE, "manual", 0);
        String elsewhere =
                "{\"instruction\": \"call\", \"to\": \"%s\", \"ring_timeout_seconds\": 1}".formatted(OTHER_PHONE);
        server.answers((question, exchange) -> answer(
                exchange,
                question.json().get("agent_username").asText().equals("charles")
                        ? elsewhere
                        : "{\"instruction\": \"conference\"}"));
        Caller caller = someoneDials(NUMBER, "press 1").isIn("queued");
        admin().put("/simulator/api/speed", Map.of("speed", "1")).ok();
        charles.is("available");
        charles.becomes("away");
        edith.is("available");

        caller.talks();

        assertThat(jdbc.sql("SELECT address FROM call_leg WHERE call_id = :call AND kind = 'agent' ORDER BY id")
                        .param("call", callOf(caller))
                        .query(String.class)
                        .list())
                .containsExactly(OTHER_PHONE, "+15550102002");
        AgentPhone.behaves(admin(), OTHER_PHONE, "answer", 600);
    }

    /** The caller is where they would be had they chosen the other queue, and the wait counts on. */
    @Test
    void theCallerIsRedirectedToAnotherQueue() {
        says(server, "{\"instruction\": \"redirect\", \"queue\": \"sales\"}");
        Caller caller = someoneDials(NUMBER, "press 1").isIn("queued");
        UUID call = callOf(caller);
        charles.is("available");
        soon("the caller is in the other queue")
                .until(() -> stays(call).equals(List.of("support redirected", "sales null")));
        charles.becomes("available");

        dave.is("available");
        JsonNode offer = dave.isOfferedACall();

        assertThat(offer.get("queue").asText()).isEqualTo("sales");
        assertThat(offer.get("call_id").asText()).isEqualTo(call.toString());
        assertThat(jdbc.sql("SELECT count(DISTINCT waiting_since) FROM queue_entry WHERE call_id = :call")
                        .param("call", call)
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
        JsonNode first = reservationsOf(call).get(0);
        assertThat(first.get("status").asText()).isEqualTo("canceled");
        assertThat(first.get("answered_by").asText()).isEqualTo("callback");
        assertThat(charles.accepts(first).refusal(409).get("detail").asText())
                .isEqualTo("The reservation was withdrawn because the caller was sent to another queue, by the queue's"
                        + " assignment callback.");
        assertThat(ends(call)).contains("endEvent_redirected");
        dave.accepts(offer).ok();
        caller.talks();
    }

    /** Out of a question to several at once, by the API; from there back again, ten times and no more. */
    @Test
    void redirectsComeToAnEnd() {
        setQueue("support", "assignment_callback_url = NULL, strategy = 'ring_all', max_reserved = 2");
        List.of(charles, dave).forEach(agent -> agent.is("available"));
        Caller caller = someoneDials(NUMBER, "press 1");
        UUID call = callOf(caller);
        for (int i = 0; i < 10; i++) {
            JsonNode offer = dave.isOfferedACall();
            String to = offer.get("queue").asText().equals("support") ? "sales" : "support";
            instruct(offer, Map.of("instruction", "redirect", "queue", to)).ok();
        }

        JsonNode offer = dave.isOfferedACall();
        assertThat(instruct(offer, Map.of("instruction", "redirect", "queue", "sales"))
                        .refusal(409)
                        .get("detail")
                        .asText())
                .contains("10 times");

        dave.accepts(offer).ok();
        caller.talks();
        assertThat(stays(call)).hasSize(11).endsWith("support accepted");
        charles.becomes("available");
    }

    private List<String> stays(UUID call) {
        return jdbc.sql(
                        "SELECT q.name || ' ' || coalesce(e.exit, 'null') FROM queue_entry e JOIN queue q ON q.id = e.queue_id"
                                + " WHERE e.call_id = :call ORDER BY e.id")
                .param("call", call)
                .query(String.class)
                .list();
    }

    private static List<String> ends(UUID call) {
        return StreamSupport.stream(
                        sam.get("/v1/calls/" + call).ok().get("steps").spliterator(), false)
                .map(step -> step.get("element").asText())
                .toList();
    }

    /** Who may say what becomes of an offer, and what is refused. */
    @Test
    void instructionsThroughTheApi() {
        setQueue("support", "assignment_callback_url = NULL");
        charles.is("available");
        someoneDials(NUMBER, "press 1");
        JsonNode offer = charles.isOfferedACall();
        String path = "/v1/reservations/" + offer.get("id").asText() + "/instructions";
        charles.http().post(path, Map.of("instruction", "accept")).refusal(403);
        sam.post("/v1/reservations/" + UUID.randomUUID() + "/instructions", Map.of("instruction", "accept"))
                .refusal(404);
        JsonNode unfit = instruct(
                        offer, Map.of("instruction", "accept", "queue", "sales", "post_work_status", "asleep"))
                .refusal(422);
        assertThat(unfit.get("fields"))
                .extracting(fault -> fault.get("field").asText())
                .containsExactly("queue", "post_work_status");
        assertThat(instruct(offer, Map.of("instruction", "call"))
                        .refusal(422)
                        .at("/fields/0/field")
                        .asText())
                .isEqualTo("to");
        assertThat(instruct(offer, Map.of("instruction", "redirect", "queue", "nowhere"))
                        .refusal(409)
                        .get("detail")
                        .asText())
                .isEqualTo("There is no queue nowhere.");
        assertThat(instruct(offer, Map.of("instruction", "redirect", "queue", "support"))
                        .refusal(409)
                        .get("detail")
                        .asText())
                .contains("already");
        assertThat(charles.pending()).hasSize(1);
        assertThat(server.received()).isEmpty();

        JsonNode rejected = instruct(offer, Map.of("instruction", "reject", "reason", "wrong skill", "again", false))
                .ok();

        assertThat(rejected.get("status").asText()).isEqualTo("rejected");
        assertThat(rejected.get("reason").asText()).isEqualTo("wrong skill");
        charles.becomes("available");
        assertThat(charles.accepts(offer).refusal(409).get("detail").asText())
                .contains("rejected already, through the API");
        assertThat(instruct(offer, Map.of("instruction", "accept"))
                        .refusal(409)
                        .get("detail")
                        .asText())
                .contains("rejected already");
    }

    /** The server answers at the instant the agent does: one is the first, and the agent is told who was. */
    @Test
    void ofTheServerAndTheAgentOneIsTheFirst() throws Exception {
        setQueues("5 minutes", "5 minutes", "60 seconds");
        Map<String, CountDownLatch> starts = new ConcurrentHashMap<>();
        AtomicInteger rejects = new AtomicInteger();
        Set<String> asked = ConcurrentHashMap.newKeySet();
        server.answers((question, exchange) -> {
            boolean again = !asked.add(question.json().get("call_id").asText());
            if (!again) {
                holdUntil(starts.computeIfAbsent(question.id(), id -> new CountDownLatch(1)));
            }
            answer(
                    exchange,
                    again
                            ? ""
                            : rejects.getAndIncrement() % 3 == 2
                                    ? "{\"instruction\": \"reject\", \"again\": false}"
                                    : "{\"instruction\": \"conference\"}");
        });
        Map<String, AgentAtWork> agents = Map.of("charles", charles, "edith", edith, "dave", dave);
        agents.values().forEach(agent -> agent.is("available"));
        AtomicInteger first = new AtomicInteger();
        inTurns(RACES, 3, round -> {
            Caller caller = someoneDials(NUMBER, "press 1");
            UUID call = callOf(caller);
            JsonNode question = questionAbout(call);
            String id = question.get("reservation_id").asText();
            AgentAtWork agent = agents.get(question.get("agent_username").asText());
            CountDownLatch start = starts.computeIfAbsent(id, any -> new CountDownLatch(1));

            Answer answer = together(() -> agent.http().post("/v1/reservations/" + id + "/accept", null), () -> {
                        start.countDown();
                        return null;
                    })
                    .get(0);

            String answeredBy = soon("an answer")
                    .until(() -> answeredBy(call, id), Optional::isPresent)
                    .orElseThrow();
            if (answer.isOk()) {
                assertThat(answeredBy).isEqualTo("agent");
            } else {
                assertThat(answeredBy).isEqualTo("callback");
                assertThat(answer.refusal(409).get("detail").asText()).contains("by the queue's assignment callback");
                first.incrementAndGet();
            }
            assertThat(logged(id).stream().filter(type -> type.matches("reservation.(accepted|rejected)")))
                    .hasSize(1);
            caller.hangsUp();
            soon("the end of the call").until(() -> !column(call, "ended_at").equals("null"));
            jdbc.sql(
                            "SELECT a.username FROM call c JOIN agent a ON a.id = c.agent_id WHERE c.id = :call AND c.state = 'wrapping'")
                    .param("call", call)
                    .query(String.class)
                    .optional()
                    .ifPresent(talked -> agents.get(talked).wrapsUp(call.toString(), "other"));
            endOf(call);
        });
        System.out.printf("the server was first in %d of %d races with the agent%n", first.get(), RACES);
    }

    private Optional<String> answeredBy(UUID call, String reservation) {
        return StreamSupport.stream(reservationsOf(call).spliterator(), false)
                .filter(one -> one.get("id").asText().equals(reservation) && one.has("answered_by"))
                .map(one -> one.get("answered_by").asText())
                .findFirst();
    }

    private static ConditionFactory soon(String what) {
        return await(what).atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(10));
    }

    private JsonNode questionAbout(UUID call) {
        return soon("a question about " + call)
                .until(
                        () -> server.received().stream()
                                .map(Received::json)
                                .filter(body -> body.get("call_id").asText().equals(call.toString()))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private void asks(Subscriber first, Subscriber fallback) {
        setQueue(
                "support",
                "assignment_callback_url = '" + first.url() + "', assignment_callback_fallback_url = "
                        + (fallback == null ? "NULL" : "'" + fallback.url() + "'"));
    }

    private static void says(Subscriber server, String body) {
        server.answers((question, exchange) -> answer(exchange, body));
    }

    private static void answer(HttpExchange exchange, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    private static void holdUntil(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(1, TimeUnit.MINUTES)) {
                throw new IOException("Nobody let this server answer.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static Answer instruct(JsonNode offer, Map<String, ?> instruction) {
        return sam.post("/v1/reservations/" + offer.get("id").asText() + "/instructions", instruction);
    }

    private static JsonNode reservationsOf(UUID call) {
        return sam.get("/v1/calls/" + call).ok().get("reservations");
    }

    private JsonNode failure(JsonNode offer) {
        return failure(offer.get("id").asText());
    }

    /** Waits until it is told that the question about a reservation failed. */
    private JsonNode failure(String reservation) {
        return await("a failure is told")
                .atMost(PATIENCE)
                .until(
                        () -> jdbc.sql(
                                        "SELECT data::text FROM event_log WHERE data ->> 'reservation' = :id AND type = 'reservation.callback_failed'")
                                .param("id", reservation)
                                .query(String.class)
                                .optional()
                                .map(AssignmentCallbackScenarioTests::json),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) new Received("", "", "", "", "", text).json();
    }

    private List<String> logged(String reservation) {
        return jdbc.sql("SELECT type FROM event_log WHERE data ->> 'reservation' = :id ORDER BY id")
                .param("id", reservation)
                .query(String.class)
                .list();
    }

    /** How many questions came to this, as Prometheus has it. */
    private double asked(String outcome) {
        return meters.find("cordboard.assignment.callbacks").tag("outcome", outcome).timers().stream()
                .mapToDouble(timer -> timer.count())
                .sum();
    }
}
