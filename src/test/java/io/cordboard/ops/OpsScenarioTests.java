package io.cordboard.ops;

import static io.cordboard.testing.Together.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cordboard.platform.CordboardProcess;
import io.cordboard.testing.Caller;
import io.cordboard.testing.Http;
import io.cordboard.testing.Http.Answer;
import io.cordboard.testing.Login;
import io.cordboard.testing.ScenarioTest;
import io.cordboard.testing.Tenant;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** S1-41 · every utility as a sub-command, against the running application. */
@ExtendWith(OutputCaptureExtension.class)
class OpsScenarioTests extends ScenarioTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Map<String, String> TOKENS = new HashMap<>();
    private static final int RACES = 8;
    private static final ObjectMapper JSON = new ObjectMapper();

    @AfterEach
    void theNetworkIsPerfectAgain() {
        faults();
    }

    /** S1-19, S1-41 · voice queue list. */
    @Test
    void listsTheQueues() {
        Caller caller = someoneDials(NUMBER, "press 2").isIn("queued");
        callOf(caller);

        JsonNode sales = named("sales", ops("sam", "queues", "--json").json());
        Printed table = ops("sam", "queues");

        assertThat(sales.get("current_size").asInt()).isEqualTo(1);
        assertThat(sales.get("max_size").asInt()).isEqualTo(100);
        assertThat(sales.get("friendly_name").asText()).isEqualTo("sales");
        assertThat(sales.hasNonNull("average_wait_time")).isTrue();
        assertThat(table.row("sales"))
                .contains(" 1 ", " 100 ", sales.get("average_wait_time").asText() + " s")
                .contains(sales.get("id").asText())
                .contains(sales.get("created_at").asText().substring(0, 16));
    }

    /**
     * S1-40, S1-41 · conference list, task list, tasks with reservations, one task's reservations, worker status list, set
     * conference completed, set wrapping to completed for one task.
     */
    @Test
    void showsACallWithEverybodyWhoWasAskedAndEndsItsConference() {
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        JsonNode offer = charles.isOfferedACall();
        charles.rejects(offer, "On my way out").ok();
        edith.is("available");
        String call = edith.takesTheNextCall();
        caller.talks();
        String conference = conferenceOf(call);
        String agentCall = jdbc.sql("SELECT provider_leg_id FROM call_leg WHERE call_id = :call AND kind = 'agent'")
                .param("call", UUID.fromString(call))
                .query(String.class)
                .single();
        String from = column(UUID.fromString(call), "from_number");

        assertThat(ops("sam", "calls", "--open").row(call)).contains("assigned", "talking", "support", from, "Edith");
        for (Printed shown : List.of(
                ops("sam", "calls", "show", call), ops("sam", "calls", "--reservations", "--open", "--limit", "1"))) {
            assertThat(shown.row("status")).contains("assigned");
            assertThat(shown.row("queue")).contains("support");
            assertThat(shown.row("from")).contains(from);
            assertThat(shown.row("conference")).contains(conference);
            assertThat(shown.row("agent call")).contains(agentCall);
            assertThat(shown.row("customer call")).contains(caller.sid());
            assertThat(shown.row("Charles"))
                    .contains("rejected", "On my way out", offer.get("id").asText());
            assertThat(shown.row("Edith")).contains("accepted");
        }
        assertThat(ops("sam", "reservations", "--status", "rejected")
                        .row(offer.get("id").asText()))
                .contains("Charles", "support", from, call);
        assertThat(ops("sam", "agents").row("edith")).contains("busy", "support");
        assertThat(ops("sam", "agents", "--status", "busy").out())
                .contains("edith")
                .doesNotContain("charles");
        assertThat(ops("sam", "conferences").row(conference))
                .contains("in-progress", call, "talking", "caller " + from, "agent Edith");

        assertThat(ops("admin", "conferences", "end", conference, "-y").refusal())
                .as("by another customer's administrator")
                .contains("no open conference");
        Printed refused = typing("no\n", "sam", "conferences", "end", conference);
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("Type yes", "Nothing was done");
        caller.talks();
        assertThat(typing("yes\n", "sam", "conferences", "end", conference).out())
                .contains("wrapping: endedBySupervisor");
        caller.isIn("ended");
        assertThat(edith.status()).isEqualTo("busy");
        assertThat(audited("POST /v1/conferences/" + conference + "/end")).isEqualTo("sam 200");

        assertThat(typing("yes\n", "sam", "calls", "complete-wrap-up", call).out())
                .contains("ended: endedBySupervisor");
        assertThat(edith.status()).isEqualTo("available");
        assertThat(audited("POST /v1/calls/" + call + "/wrap-up/complete")).isEqualTo("sam 200");
        assertThat(ops("sam", "calls", "complete-wrap-up", call, "-y").refusal())
                .contains("it is over");
        await("nobody is in the conference any longer")
                .atMost(PATIENCE)
                .until(
                        () -> ops("sam", "conferences", "end", conference, "-y").refusal(),
                        it -> it.contains("no open"));
    }

    /** S1-41 · set conference completed: the carrier missed that the talk is over. */
    @Test
    void aConferenceThatShouldBeOverIsEndedOnceMore() {
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        String call = charles.takesTheNextCall();
        caller.talks();
        String conference = conferenceOf(call);
        faults(Map.of("on", "rest:calls.update", "fault", "error", "status", 404, "next", 1));
        charles.ends(call);
        await("the hang-up got lost")
                .atMost(PATIENCE)
                .until(() -> admin().get("/simulator/api/faults")
                                .ok()
                                .at("/rules/0/next")
                                .asInt()
                        == 0);
        assertThat(ops("sam", "conferences").row(conference)).contains("in-progress", call, "wrapping");

        assertThat(ops("sam", "conferences", "end", conference, "-y").out()).contains("wrapping: endedByAgent");

        caller.isIn("ended");
    }

    /** Whoever is first has the call: the agent who accepts, or the supervisor who cancels. */
    @Test
    void aCancelMeetsAnAccept() throws Exception {
        AtomicInteger accepted = new AtomicInteger();
        Random random = new Random(20261128);
        charles.is("available");
        for (int round = 0; round < RACES; round++) {
            Caller caller = someoneDials(NUMBER, "press 1");
            JsonNode offer = charles.isOfferedACall();
            String call = offer.get("call_id").asText();
            long head = random.nextInt(6_000_000);

            List<Answer> answers = together(() -> charles.accepts(offer), () -> {
                LockSupport.parkNanos(head);
                return sam.post("/v1/calls/" + call + "/cancel", null);
            });

            assertThat(answers).extracting(Answer::isOk).as("one of the two").containsOnlyOnce(true);
            if (answers.get(0).isOk()) {
                accepted.incrementAndGet();
                answers.get(1).refusal(409);
                caller.talks();
                charles.ends(call);
                charles.wrapsUp(call, "other");
            } else {
                caller.isIn("ended");
                assertThat(endOf(UUID.fromString(call))).isEqualTo("canceled");
            }
            charles.becomes("available");
        }
        System.out.printf("%d of %d accepts were faster than the cancel%n", accepted.get(), RACES);
    }

    /** S1-41 · set all wrapping to completed; the task of one is nobody's, that of another is lost. */
    @Test
    void completesAllWrapUps() {
        for (var agent : List.of(charles, edith, dave)) {
            agent.is("available");
            Caller caller = someoneDials(NUMBER, "press 1");
            String call = agent.takesTheNextCall();
            caller.talks();
            agent.ends(call);
        }
        jdbc.sql("UPDATE act_ru_task SET assignee_ = 'nobody' WHERE assignee_ = 'edith'")
                .update();
        jdbc.sql("DELETE FROM act_ru_task WHERE assignee_ = 'dave'").update();

        JsonNode done = ops("sam", "calls", "complete-wrap-up", "--all", "--yes", "--json")
                .json();

        assertThat(done.get("count").asInt()).isEqualTo(3);
        assertThat(done.get("left").asInt()).isZero();
        done.get("ids").forEach(call -> assertThat(endOf(UUID.fromString(call.asText())))
                .isEqualTo("endedByAgent"));
        assertThat(List.of(charles.status(), edith.status(), dave.status())).containsOnly("available");
        assertThat(ops("sam", "calls", "complete-wrap-up", "--all", "--yes").out())
                .contains("0 completed, 0 left");
    }

    /** S1-41 · delete all tasks: one by a supervisor, of a queue and all by an administrator; talks go on. */
    @Test
    void cancelsCallsThatWait(CapturedOutput console) {
        edith.is("available");
        Caller talking = someoneDials(NUMBER, "press 1");
        edith.takesTheNextCall();
        talking.talks();
        Caller one = someoneDials(NUMBER, "press 1").isIn("queued");
        Caller ofSales = someoneDials(NUMBER, "press 2").isIn("queued");
        Caller other = someoneDials(NUMBER, "press 1").isIn("queued");
        Caller offered = someoneDials(NUMBER, "press 2").isIn("queued");
        UUID first = callOf(one);
        await().atMost(PATIENCE).until(() -> column(callOf(offered), "state").equals("waiting"));
        String guest = guestOfTheDemo(console);

        assertThat(ops("sam", "calls", "cancel", first.toString(), "-y").out()).contains("ended: canceled");
        gone(one);
        assertThat(ops("sam", "calls", "cancel", first.toString(), "-y").refusal())
                .contains("it is ended, not waiting", "/v1/agents/{id}/release");
        assertThat(ops("sam", "calls", "cancel", "--all", "-y").refusal()).contains("does not allow");

        assertThat(ops("admin", "calls", "cancel", "--all", "-y").out())
                .as("by another customer's administrator")
                .contains("0 canceled, 0 left");

        charles.is("available");
        JsonNode offer = charles.isOfferedACall();
        assertThat(as(guest, "queues", "cancel-calls", "sales", "-y").out()).contains("2 canceled, 0 left");
        gone(ofSales);
        gone(offered);
        assertThat(as(guest, "queues", "cancel-calls", "nowhere", "-y").refusal())
                .contains("no queue nowhere");

        JsonNode all = as(guest, "calls", "cancel", "--all", "-y", "--json").json();
        assertThat(all.get("ids")).hasSize(1);
        assertThat(all.get("left").asInt()).isZero();
        gone(other);
        assertThat(charles.status()).isEqualTo("available");
        assertThat(charles.http()
                        .get("/v1/reservations/" + offer.get("id").asText())
                        .ok()
                        .get("status")
                        .asText())
                .isEqualTo("canceled");
        assertThat(talking.talks().state().get("talkingWith")).isNotEmpty();
        assertThat(audited("POST /v1/calls/cancel")).startsWith("guest@").endsWith(" 200");
    }

    /** S1-22, S1-41 · generate worker token: only with the password. */
    @Test
    void aTokenIsGivenForAPasswordOnly() {
        Printed token = typing(Login.PASSWORD + "\n", "", "token", "charles");

        assertThat(Http.withToken(base(), token.out().strip())
                        .get("/v1/session")
                        .ok()
                        .get("username")
                        .asText())
                .isEqualTo("charles");
        assertThat(typing("wrong-password\n", "", "token", "charles").refusal()).doesNotContain("ey");
        assertThat(typing("", "", "token", "charles").code()).isEqualTo(2);
        assertThat(typing(Login.PASSWORD + "\n", "", "queues", "--user", "sam").row("support"))
                .isNotEmpty();
    }

    /** S1-41 · list activities. */
    @Test
    void listsTheActivities() {
        Printed activities = ops("sam", "activities");

        assertThat(activities.row("available")).contains("status", "true");
        assertThat(activities.row("ringing")).contains("status", "false");
        assertThat(activities.row("Lunch")).contains("reason", "false", "true");
    }

    @Test
    void freesAnAgent() {
        charles.is("available");
        someoneDials(NUMBER, "press 1");
        charles.isOfferedACall();

        assertThat(ops("sam", "agents", "release", "charles", "-y").out()).contains("Charles is free", "offer");
        assertThat(ops("sam", "agents", "release", "nobody", "-y").refusal()).contains("no agent nobody");
    }

    @Test
    void theExitCodeSaysWhatWentWrong() {
        assertThat(ops("sam", "calls", "cancel").code())
                .as("neither a call nor --all")
                .isEqualTo(2);
        assertThat(ops("sam", "nonsense").code()).isEqualTo(2);
        assertThat(ops("", "queues").code()).as("nobody asks").isEqualTo(2);
        Printed nobodyThere = ops("sam", "queues", "--url", "http://localhost:" + CordboardProcess.freePort());
        assertThat(nobodyThere.code()).isEqualTo(3);
        assertThat(nobodyThere.err()).contains("Cannot reach http://localhost:", "CORDBOARD_URL");
    }

    /** Nothing was said to them since they waited. */
    private void gone(Caller caller) {
        caller.isIn("ended");
        UUID call = callOf(caller);
        assertThat(endOf(call)).isEqualTo("canceled");
        assertThat(caller.heard().stream().filter(line -> line.startsWith("said")))
                .hasSizeLessThanOrEqualTo(2);
        assertThat(jdbc.sql("SELECT exit FROM queue_entry WHERE call_id = :call")
                        .param("call", call)
                        .query(String.class)
                        .single())
                .isEqualTo("canceled");
        assertThat(jdbc.sql("SELECT count(*) FROM event_log WHERE call_id = :call AND type = 'call.canceled'")
                        .param("call", call)
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
    }

    private String guestOfTheDemo(CapturedOutput console) {
        String demo = sam.get("/v1/session").ok().get("customer_id").asText();
        admin().post("/v1/customers/" + demo + "/recovery", null).ok();
        return new Http(base(), null)
                .post("/v1/login/recovery", Map.of("token", Tenant.lastRecoveryToken(console)))
                .ok()
                .get("token")
                .asText();
    }

    private String conferenceOf(String call) {
        return await("the carrier's word of the conference")
                .atMost(PATIENCE)
                .until(() -> column(UUID.fromString(call), "conference_id"), id -> id.startsWith("CF"));
    }

    @SafeVarargs
    private void faults(Map<String, ?>... rules) {
        admin().put("/simulator/api/faults", Map.of("seed", 1, "rules", List.of(rules)))
                .ok();
    }

    private String audited(String action) {
        return jdbc.sql(
                        "SELECT username || ' ' || status FROM audit_log WHERE action = :action ORDER BY id DESC LIMIT 1")
                .param("action", action)
                .query(String.class)
                .single();
    }

    private static JsonNode named(String name, JsonNode page) {
        for (JsonNode item : page.get("items")) {
            if (item.get("name").asText().equals(name)) {
                return item;
            }
        }
        throw new AssertionError("No " + name + " in " + page);
    }

    /** @param user nobody when empty */
    private Printed ops(String user, String... command) {
        return typing("", user, command);
    }

    /** With this on the standard input. */
    private Printed typing(String input, String user, String... command) {
        return run(input, user.isEmpty() ? "" : TOKENS.computeIfAbsent(user, it -> Login.token(base(), it)), command);
    }

    private Printed as(String token, String... command) {
        return run("", token, command);
    }

    private Printed run(String input, String token, String... command) {
        return run(input, Map.of("CORDBOARD_URL", base(), "CORDBOARD_TOKEN", token), command);
    }

    private static Printed run(String input, Map<String, String> environment, String... command) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Ops.run(
                environment,
                new Terminal(
                        new BufferedReader(new StringReader(input)), new PrintWriter(out), new PrintWriter(err), null),
                command);
        return new Printed(code, out.toString(), err.toString());
    }

    /** What a command left on the terminal. */
    private record Printed(int code, String out, String err) {

        /** The line with this text. */
        String row(String with) {
            return out.lines()
                    .filter(line -> line.contains(with))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("No line with " + with + " in:\n" + out + err));
        }

        JsonNode json() {
            try {
                return JSON.readTree(out);
            } catch (IOException e) {
                throw new UncheckedIOException(out + err, e);
            }
        }

        String refusal() {
            assertThat(code).as(out + err).isEqualTo(1);
            assertThat(out).isEmpty();
            return err;
        }
    }
}
