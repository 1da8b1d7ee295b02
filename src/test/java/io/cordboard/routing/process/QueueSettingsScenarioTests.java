package io.cordboard.routing.process;

import static io.cordboard.testing.Together.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.cordboard.testing.AgentAtWork;
import io.cordboard.testing.AgentPhone;
import io.cordboard.testing.Analyst;
import io.cordboard.testing.Caller;
import io.cordboard.testing.Http;
import io.cordboard.testing.ScenarioTest;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each setting of a queue, and each way out of it, on the running application. */
class QueueSettingsScenarioTests extends ScenarioTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String TABLE = "select-queue.dmn";
    private static final String MODEL = "queue-reservation.bpmn";

    private static final int RACES = 10;

    private final Set<String> changed = new HashSet<>();

    @AfterEach
    void everythingIsAsItWas() {
        changed.forEach(file -> new Analyst(base())
                .deploys(file, Analyst.file("processes/" + file))
                .ok());
        jdbc.sql("DELETE FROM queue_ring").update();
        jdbc.sql("DELETE FROM queue_tier").update();
        jdbc.sql("UPDATE agent_tag SET level = 1 WHERE level <> 1").update();
        jdbc.sql("DELETE FROM agent_tag WHERE tag = 'expert'").update();
    }

    /** S1-08, field.md 1 · several are asked; the first who accepts has the call, the other's offer is gone at once. */
    @Test
    void allAreAskedAndTheFirstWhoAcceptsHasTheCall() {
        setQueue("support", "strategy = 'ring_all', max_reserved = 50");
        charles.is("available");
        edith.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        JsonNode toCharles = charles.isOfferedACall();
        JsonNode toEdith = edith.isOfferedACall();
        UUID call = callOf(caller);

        edith.accepts(toEdith).ok();

        assertThat(charles.accepts(toCharles).refusal(409).get("detail").asText())
                .contains("another agent was faster", "Edith");
        charles.becomes("available");
        caller.talks();
        assertThat(reservations(call)).containsExactly("accepted", "rescinded");
        assertThat(steps(call)).contains("endEvent_offerTaken");
        edith.ends(call.toString());
        edith.wrapsUp(call.toString(), "other");
        assertThat(endOf(call)).isEqualTo("endedByAgent");
    }

    /** field.md 1 · both accept at the same instant: one talks, the other is told who does, and both are free afterwards. */
    @Test
    void ofTwoWhoAcceptAtOnceOneHasTheCall() {
        setQueue("support", "strategy = 'ring_all', max_reserved = 2");
        charles.is("available");
        edith.is("available");
        for (int round = 0; round < RACES; round++) {
            Caller caller = someoneDials(NUMBER, "press 1");
            JsonNode toCharles = charles.isOfferedACall();
            JsonNode toEdith = edith.isOfferedACall();
            List<Http.Answer> answers = together(() -> charles.accepts(toCharles), () -> edith.accepts(toEdith));
            assertThat(answers).filteredOn(Http.Answer::isOk).hasSize(1);
            AgentAtWork winner = answers.get(0).isOk() ? charles : edith;
            answers.get(winner == charles ? 1 : 0).refusal(409);
            UUID call = callOf(caller);
            assertThat(reservations(call)).containsExactly("accepted", "rescinded");
            winner.ends(call.toString());
            winner.wrapsUp(call.toString(), "other");
            List.of(charles, edith).forEach(agent -> agent.becomes("available"));
        }
    }

    /** One who rejects does not end the question to the others, and may be asked again. */
    @Test
    void whoRejectsLeavesTheOthersAsked() {
        setQueue("support", "strategy = 'ring_all', max_reserved = 2, reject_pause = '1 hour'");
        charles.is("available");
        edith.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        UUID call = callOf(caller);
        charles.rejects(charles.isOfferedACall(), "at lunch").ok();
        dave.is("available");
        assertThat(dave.isOfferedACall().get("call_id").asText()).isEqualTo(call.toString());
        assertThat(edith.pending()).hasSize(1);
        assertThat(charles.pending()).isEmpty();

        caller.hangsUp();

        assertThat(endOf(call)).isEqualTo("callerHungUp");
        List.of(charles, edith, dave).forEach(agent -> agent.becomes("available"));
    }

    @Test
    void oneMoreIsAskedAfterEachInterval() {
        setQueue("support", "strategy = 'progressive', max_reserved = 3, ask_interval = '700 milliseconds'");
        charles.is("available");
        edith.is("available");
        jdbc.sql("UPDATE agent SET idle_since = now() - interval '1 hour' WHERE username = 'edith'")
                .update();
        someoneDials(NUMBER, "press 1");
        JsonNode first = edith.isOfferedACall();
        JsonNode second = charles.isOfferedACall();
        assertThat(edith.pending()).as("edith is still asked").hasSize(1);
        assertThat(Duration.between(time(first, "offered_at"), time(second, "offered_at")))
                .isGreaterThanOrEqualTo(Duration.ofMillis(690));
        charles.accepts(second).ok();
        edith.becomes("available");
    }

    /** The wait is over although somebody is being asked: their offer is withdrawn, and is no miss. */
    @Test
    void theMaximumWaitEndsTheQuestionToAll() {
        setQueue("support", "strategy = 'ring_all', max_reserved = 2");
        setQueues("10 seconds", "1500 milliseconds", "60 seconds");
        charles.is("available");
        edith.is("available");
        Caller caller = someoneDials(NUMBER, "press 1", "say Please call back.");
        UUID call = callOf(caller);
        charles.isOfferedACall();
        caller.isIn("recording");
        assertThat(reservations(call)).containsExactly("canceled", "canceled");
        assertThat(List.of(charles.status(), edith.status())).containsOnly("available");
        assertThat(steps(call)).contains("endEvent_waitedEnough", "endEvent_nobodyAvailable");
    }

    /** Edith has done less of everything, except that she was free for less long. */
    @ParameterizedTest
    @CsvSource({
        "longest_idle, charles",
        "round_robin, edith",
        "least_recent, edith",
        "fewest_calls, edith",
        "least_talk_time, edith",
        "best_skill, edith",
        "top_down, edith"
    })
    void agentsAreAskedInTheOrderOfTheStrategy(String strategy, String asked) {
        setQueue("support", "strategy = '" + strategy + "'");
        jdbc.sql("UPDATE agent_tag SET level = 5 WHERE agent_id = CAST(:edith AS uuid) AND tag = 'support'")
                .param("edith", edith.id())
                .update();
        jdbc.sql("INSERT INTO queue_tier VALUES (:queue, CAST(:charles AS uuid), 2)")
                .param("queue", queueId("support"))
                .param("charles", charles.id())
                .update();
        UUID past = jdbc.sql(
                        """
                        INSERT INTO call (id, customer_id, provider, direction, from_number, to_number, state, started_at, ended_at)
                        SELECT gen_random_uuid(), customer_id, 'twilio', 'inbound', '+15550140000', '+15550100001', 'ended', now(), now()
                          FROM queue WHERE id = :queue RETURNING id""")
                .param("queue", queueId("support"))
                .query(UUID.class)
                .single();
        // More than whatever the tests before left in the last day.
        jdbc.sql(
                        """
                        INSERT INTO reservation (id, call_id, queue_id, agent_id, state, offered_at, expires_at, answered_at, ended_at)
                        SELECT gen_random_uuid(), :call, :queue, CAST(:charles AS uuid), 'completed', now(), now(),
                               now() - interval '1 hour', now()
                          FROM generate_series(1, 500)""")
                .param("queue", queueId("support"))
                .param("call", past)
                .param("charles", charles.id())
                .update();
        try {
            charles.is("available");
            edith.is("available");
            jdbc.sql("UPDATE agent SET idle_since = now() - interval '1 hour' WHERE username = 'charles'")
                    .update();
            Caller caller = someoneDials(NUMBER, "press 1");
            AgentAtWork who = asked.equals("edith") ? edith : charles;
            assertThat(who.isOfferedACall().get("call_id").asText())
                    .isEqualTo(callOf(caller).toString());
            caller.hangsUp();
            endOf(callOf(caller));
        } finally {
            jdbc.sql("DELETE FROM reservation WHERE call_id = :call")
                    .param("call", past)
                    .update();
            jdbc.sql("DELETE FROM call WHERE id = :call").param("call", past).update();
        }
    }

    @Test
    void randomAsksAnybody() {
        setQueue("support", "strategy = 'random', reject_pause = '0'");
        charles.is("available");
        edith.is("available");
        someoneDials(NUMBER, "press 1");
        Set<String> asked = new HashSet<>();
        await("both were asked").atMost(PATIENCE).until(() -> {
            for (AgentAtWork agent : List.of(charles, edith)) {
                for (JsonNode offer : agent.pending()) {
                    asked.add(agent.username());
                    agent.rejects(offer, "not me");
                }
            }
            return asked.size() == 2;
        });
    }

    /** A point of priority is worth what the queue says, and no more: nobody waits for ever behind others. */
    @Test
    void priorityBringsForwardByWhatItIsWorth() {
        setQueue("support", "priority_worth = '10 minutes'");
        UUID ordinary = callOf(someoneDials(NUMBER, "press 1").isIn("queued"));
        table(rule("\"support\"", "0", "\"support\"", "1", "", "", ""));
        UUID important = callOf(someoneDials(NUMBER, "press 1").isIn("queued"));
        setQueue("support", "priority_worth = '1 millisecond'");
        UUID hardly = callOf(someoneDials(NUMBER, "press 1").isIn("queued"));
        charles.is("available");
        for (UUID next : List.of(important, ordinary, hardly)) {
            JsonNode offer = charles.isOfferedACall();
            assertThat(offer.get("call_id").asText()).isEqualTo(next.toString());
            charles.rejects(offer, "only looking").ok();
        }
    }

    /** S1-03 · with "do not offer this call to me again" it is really never. */
    @Test
    void aRejectedCallComesBackUnlessItShallNot() {
        setQueue("support", "reject_pause = '0'");
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        charles.rejects(charles.isOfferedACall(), "not now").ok();
        JsonNode again = charles.isOfferedACall();
        assertThat(charles.http()
                        .post(
                                "/v1/reservations/" + again.get("id").asText() + "/reject",
                                Map.of("reason", "I know him", "again", false))
                        .ok()
                        .get("status")
                        .asText())
                .isEqualTo("rejected");
        edith.is("available");
        assertThat(edith.isOfferedACall().get("call_id").asText())
                .isEqualTo(callOf(caller).toString());
        edith.http()
                .post("/v1/reservations/" + edith.isOfferedACall().get("id").asText() + "/reject", null)
                .ok();
        edith.isOfferedACall();
        assertThat(charles.pending()).isEmpty();
        assertThat(jdbc.sql("SELECT reason FROM reservation WHERE call_id = :call AND state = 'rejected' ORDER BY id")
                        .param("call", callOf(caller))
                        .query(String.class)
                        .list())
                .containsExactly("not now", "I know him", "");
    }

    @Test
    void whoRejectsRestsForAsLongAsTheQueueSays() {
        setQueue("support", "reject_rest = '1 hour', reject_pause = '0'");
        charles.is("available");
        someoneDials(NUMBER, "press 1");
        charles.rejects(charles.isOfferedACall(), "a moment").ok();
        edith.is("available");
        edith.isOfferedACall();
        assertThat(charles.pending()).isEmpty();
        assertThat(charles.status()).isEqualTo("available");
    }

    /** field.md 9 · away after the second miss in a row, not after the first. */
    @Test
    void missesAreCountedAndAnAcceptedCallBeginsAnew() {
        setQueues("300 milliseconds", "5 minutes", "60 seconds");
        setQueue("support", "misses_allowed = 2, miss_pause = '0', after_missed_offer = 'away'");
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        UUID call = callOf(caller);
        charles.becomes("away");
        assertThat(reservations(call)).containsExactly("timeout", "timeout");
    }

    /** Skills are relaxed while the caller waits: an expert first, anybody from support after a moment. */
    @Test
    void aRingWidensTheCircleOfAgents() {
        jdbc.sql("INSERT INTO agent_tag (agent_id, tag) VALUES (CAST(:edith AS uuid), 'expert')")
                .param("edith", edith.id())
                .update();
        setQueue("support", "required_tags = '{support,expert}'");
        jdbc.sql(
                        """
                        INSERT INTO queue_ring (queue_id, after, required_tags)
                        VALUES (:queue, '1500 milliseconds', '{support}')""")
                .param("queue", queueId("support"))
                .update();
        try {
            charles.is("available");
            Caller caller = someoneDials(NUMBER, "press 1").isIn("queued");
            long since = System.nanoTime();
            charles.isOfferedACall();
            assertThat(Duration.ofNanos(System.nanoTime() - since)).isGreaterThan(Duration.ofMillis(500));
            assertThat(charles.isOfferedACall().get("waited_seconds").asInt()).isPositive();
            caller.hangsUp();
        } finally {
            setQueue("support", "required_tags = '{support}'");
        }
    }

    /** The agent of last time, and only as long as that agent can come. */
    @Test
    void whoTalkedWithTheCallerLastIsAskedAlone() {
        charles.is("available");
        Caller first = Caller.dials(admin(), "+15550149001", NUMBER, "press 1");
        String call = charles.takesTheNextCall();
        first.talks().hangsUp();
        charles.wrapsUp(call, "other");
        table(
                rule("\"support\"", "0", "\"support\"", "", "", "", "\"P7D\""),
                rule("\"support\"", "1", "\"support\"", "", "", "", ""));

        jdbc.sql("UPDATE agent SET idle_since = now() - interval '1 hour' WHERE username = 'edith'")
                .update();
        edith.is("available");
        Caller again = Caller.dials(admin(), "+15550149001", NUMBER, "press 1");
        assertThat(charles.isOfferedACall().get("call_id").asText())
                .isEqualTo(callOf(again).toString());
        again.hangsUp();
        endOf(callOf(again));

        charles.is("away");
        Caller third = Caller.dials(admin(), "+15550149001", NUMBER, "press 1");
        assertThat(edith.isOfferedACall().get("call_id").asText())
                .isEqualTo(callOf(third).toString());
        assertThat(steps(callOf(third))).contains("endEvent_knownAgentAway");
    }

    /** A chain of queues: a short while here, the rest there; the wait counts from the first. */
    @Test
    void theWaitGoesOnInTheNextQueue() {
        table(
                rule("\"support\"", "0", "\"support\"", "", "\"PT1S\"", "", ""),
                rule("\"support\"", "1", "\"sales\"", "3", "", "", ""));
        Caller caller = someoneDials(NUMBER, "press 1").isIn("queued");
        UUID call = callOf(caller);
        await().atMost(PATIENCE).until(() -> steps(call).contains("endEvent_nobodyAvailable"));
        jdbc.sql("SELECT 1 FROM queue_entry WHERE call_id = :call AND priority = 3 AND left_at IS NULL"
                        + " AND waiting_since < entered_at - interval '900 milliseconds'")
                .param("call", call)
                .query(Integer.class)
                .single();
        dave.is("available");
        JsonNode offer = dave.isOfferedACall();
        assertThat(offer.get("queue").asText()).isEqualTo("sales");
        assertThat(offer.get("waited_seconds").asInt()).isPositive();
        dave.accepts(offer).ok();
        caller.talks();
    }

    /** The phones ring without a question; nobody is a witness of the offer but the reservation. */
    @ParameterizedTest
    @CsvSource({"longest_idle, 1", "ring_all, 2"})
    void anOfferThatNeedsNoAnswer(String strategy, int several) {
        setQueue("support", "auto_accept = true, strategy = '" + strategy + "', max_reserved = " + several);
        charles.is("available");
        edith.is("available");
        Caller caller = someoneDials(NUMBER, "press 1").talks();
        UUID call = callOf(caller);
        assertThat(reservations(call)).containsExactly("accepted");
        caller.hangsUp();
        AgentAtWork taker = charles.id().equals(column(call, "agent_id")) ? charles : edith;
        taker.wrapsUp(call.toString(), "other");
        assertThat(endOf(call)).isEqualTo("callerHungUp");
    }

    /** field.md 14 · who was cut off and calls again is where they were, not behind those who came meanwhile. */
    @Test
    void whoCallsAgainAtOnceIsBackInTheOldPlace() {
        Caller first = Caller.dials(admin(), "+15550149002", NUMBER, "press 1").isIn("queued");
        UUID before = callOf(first);
        UUID meanwhile = callOf(someoneDials(NUMBER, "press 1").isIn("queued"));
        first.hangsUp();
        assertThat(endOf(before)).isEqualTo("callerHungUp");
        UUID again =
                callOf(Caller.dials(admin(), "+15550149002", NUMBER, "press 1").isIn("queued"));
        setQueue("support", "resume_within = '0'");
        charles.is("available");
        JsonNode offer = charles.isOfferedACall();
        assertThat(offer.get("call_id").asText()).isEqualTo(again.toString());
        charles.rejects(offer, "next please").ok();
        assertThat(charles.isOfferedACall().get("call_id").asText()).isEqualTo(meanwhile.toString());
    }

    /** S1-46 · every reason why a queue does not take a caller is an end of its own; the flow goes on to voicemail. */
    @ParameterizedTest
    @CsvSource({
        "'refuse_when = ''{no_agents}''', offline, endEvent_noAgents",
        "'refuse_when = ''{unavailable}''', away, endEvent_agentsAway",
        "'maximum_size = 1', offline, endEvent_queueFull",
    })
    void aQueueThatDoesNotTakeTheCaller(String setting, String status, String end) {
        setQueue("support", setting);
        charles.is(status);
        if (end.equals("endEvent_queueFull")) {
            someoneDials(NUMBER, "press 1").isIn("queued");
        }
        Caller caller = someoneDials(NUMBER, "press 1", "say Please call back.").isIn("recording");
        assertThat(steps(callOf(caller))).contains(end);
    }

    @Test
    void aQueueWhoseAgentsAreAllBusy() {
        setQueue("support", "refuse_when = '{all_busy}'");
        charles.is("available");
        someoneDials(NUMBER, "press 1");
        charles.isOfferedACall();
        Caller second = someoneDials(NUMBER, "press 1", "say Please call back.").isIn("recording");
        assertThat(steps(callOf(second))).contains("endEvent_agentsBusy");
    }

    @ParameterizedTest
    @CsvSource({"no_agents, offline, endEvent_noAgents", "unavailable, away, endEvent_agentsAway"})
    void nobodyWaitsForAgentsWhoAreGone(String setting, String status, String end) {
        setQueue("support", "leave_when = '{" + setting + "}'");
        jdbc.sql("UPDATE agent SET chosen = 'away' WHERE username = 'edith'").update();
        charles.is("available");
        Caller waiting = someoneDials(NUMBER, "press 1", "say Please call back.");
        charles.rejects(charles.isOfferedACall(), "leaving").ok();
        waiting.isIn("queued");
        charles.is(status);
        edith.is(status);
        waiting.isIn("recording");
        assertThat(steps(callOf(waiting))).contains(end);
    }

    @Test
    void aQueueNobodyKnows() {
        table(rule("\"support\"", "0", "\"nowhere\"", "", "", "", ""));
        Caller caller = someoneDials(NUMBER, "press 1", "say Please call back.").isIn("recording");
        assertThat(steps(callOf(caller))).contains("endEvent_queueUnknown");
    }

    /** With the table as delivered, which sends callers wherever the menu says. */
    @Test
    void aQueueThatWasRenamedIsTriedOnce() {
        setQueue("support", "name = 'helpdesk'");
        try {
            Caller caller =
                    someoneDials(NUMBER, "press 1", "say Please call back.").isIn("recording");
            assertThat(steps(callOf(caller))).containsOnlyOnce("endEvent_queueUnknown");
        } finally {
            setQueue("helpdesk", "name = 'support'");
        }
    }

    /** field.md 7 · what an analyst drew wrongly for one call does not keep the others from being served. */
    @Test
    void aCallWhoseFlowCannotGoOnHoldsUpNobody() {
        String found = "${search == 'found'}";
        model(MODEL, found, "${search == 'found' and nobodySetsThis == 1}");
        Caller broken = someoneDials(NUMBER, "press 1").isIn("queued");
        callOf(broken);
        new Analyst(base()).deploys(MODEL, Analyst.file("processes/" + MODEL)).ok();
        UUID next = callOf(someoneDials(NUMBER, "press 1").isIn("queued"));
        charles.is("available");
        assertThat(charles.isOfferedACall().get("call_id").asText()).isEqualTo(next.toString());
        broken.hangsUp();
        assertThat(endOf(callOf(broken))).isEqualTo("callerHungUp");
    }

    /** Place and message are said, a key leaves the queue; a key that comes too late is no harm. */
    @Test
    void whoWaitsHearsTheirPlaceAndMayLeaveByKey() {
        model(
                MODEL,
                "<camunda:property name=\"keys\" value=\"false\" />",
                "<camunda:property name=\"keys\" value=\"true\" />"
                        + "<camunda:property name=\"position\" value=\"You are number {position} in line.\" />"
                        + "<camunda:property name=\"message\" value=\"Press star to leave a message.\" />");
        someoneDials(NUMBER, "press 1").isIn("queued");
        admin().put("/simulator/api/speed", Map.of("speed", "20")).ok();
        Caller caller = someoneDials(NUMBER, "press 1");
        caller.hears("You are number 2 in line.").hears("Press star to leave a message.");
        admin().post("/simulator/api/calls/" + caller.sid() + "/digits", Map.of("digits", "*"))
                .ok();
        caller.isIn("recording");
        assertThat(steps(callOf(caller))).contains("endEvent_leftByKey");
        assertThat(jdbc.sql("SELECT exit FROM queue_entry WHERE call_id = :call")
                        .param("call", callOf(caller))
                        .query(String.class)
                        .list())
                .containsExactly("key");
    }

    /** Far behind the place is not said as a number; each says its own thing. */
    @Test
    void aPlaceFarBehindIsNotSaid() {
        model(
                MODEL,
                "<camunda:property name=\"keys\" value=\"false\" />",
                "<camunda:property name=\"keys\" value=\"false\" />"
                        + "<camunda:property name=\"position\" value=\"You are number {position} in line.\" />"
                        + "<camunda:property name=\"positionUpTo\" value=\"1\" />"
                        + "<camunda:property name=\"positionBeyond\" value=\"There is more than {limit} before you.\" />");
        Caller first = someoneDials(NUMBER, "press 1").hears("You are number 1 in line.");
        Caller second = someoneDials(NUMBER, "press 1").hears("There is more than 1 before you.");
        assertThat(second.heard()).noneMatch(line -> line.contains("You are number"));
        first.hangsUp();
    }

    /** Only the agent hears it, and before the talk. */
    @Test
    void theAgentHearsAWhisperFirst() {
        String none = "<camunda:property name=\"agentStays\" value=\"false\" />";
        model(
                "conversation.bpmn",
                none,
                none + "<camunda:property name=\"whisper\" value=\"A call from ${queueName}.\" />");
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        String call = charles.takesTheNextCall();
        caller.talks();
        AgentPhone phone = new AgentPhone(
                admin(),
                jdbc.sql("SELECT provider_leg_id FROM call_leg WHERE call_id = CAST(:call AS uuid) AND kind = 'agent'")
                        .param("call", call)
                        .query(String.class)
                        .single());
        assertThat(phone.heard()).contains("A call from support.");
        assertThat(caller.heard()).doesNotContain("A call from support.");
        caller.hangsUp();
        charles.wrapsUp(call, "other");
    }

    private List<String> reservations(UUID call) {
        return jdbc.sql("SELECT state FROM reservation WHERE call_id = :call ORDER BY state")
                .param("call", call)
                .query(String.class)
                .list();
    }

    /** The elements of the diagram the call has been in. */
    private static java.time.Instant time(JsonNode of, String field) {
        return java.time.Instant.parse(of.get(field).asText());
    }

    private void model(String file, String instead, String of) {
        String model = Analyst.file("processes/" + file);
        assertThat(model).contains(instead);
        changed.add(file);
        new Analyst(base()).deploys(file, model.replace(instead, of)).ok();
    }

    /** The decision table with these rules in place of its own. */
    private void table(String... rules) {
        String table = Analyst.file("processes/" + TABLE);
        changed.add(TABLE);
        new Analyst(base())
                .deploys(TABLE, table.replaceFirst("(?s)<rule .*</rule>", String.join("\n", rules)))
                .ok();
    }

    private static int rules;

    private static String rule(
            String queueName, String tried, String queue, String priority, String waitFor, String skipIf, String last) {
        int n = ++rules;
        var rule = new StringBuilder("<rule id=\"rule_" + n + "\">");
        int entry = 0;
        for (String input : List.of("", queueName, tried)) {
            rule.append("<inputEntry id=\"entry_%d_%d\"><text>%s</text></inputEntry>".formatted(n, ++entry, input));
        }
        for (String output : List.of(queue, priority, waitFor, skipIf, last)) {
            rule.append("<outputEntry id=\"result_%d_%d\"><text>%s</text></outputEntry>".formatted(n, ++entry, output));
        }
        return rule.append("</rule>").toString();
    }
}
