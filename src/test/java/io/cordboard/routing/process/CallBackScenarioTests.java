package io.cordboard.routing.process;

import static io.cordboard.testing.Together.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.cordboard.testing.AgentPhone;
import io.cordboard.testing.Caller;
import io.cordboard.testing.Http;
import io.cordboard.testing.ScenarioTest;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** field.md 13 · Callers who are called back keep their place, are called once at a time, and are never forgotten. */
class CallBackScenarioTests extends ScenarioTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int RACES = 6;
    private static final List<String> DECIDED = List.of("awaiting_call_back", "ended");
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final String number = "+15550147%03d".formatted(NUMBERS.incrementAndGet());

    @BeforeEach
    void theQueueCallsBack() {
        setQueue("support", "call_back = 'agent_first', call_back_pause = '0', call_back_attempts = 2");
    }

    @AfterEach
    void asBefore() {
        setQueue(
                "support",
                "call_back = DEFAULT, call_back_pause = DEFAULT, call_back_attempts = DEFAULT, call_back_hours = DEFAULT,"
                        + " call_back_within = DEFAULT, call_back_time_zone = DEFAULT");
        jdbc.sql("UPDATE call SET from_number = '+15550147999' WHERE from_number = :number")
                .param("number", number)
                .update();
    }

    /** The agent is asked first, in the caller's old place; the same process goes on, the same call has two lines of them. */
    @ParameterizedTest
    @CsvSource({"longest_idle, 1", "ring_all, 3"})
    void anAgentIsAskedAndTheCallerIsCalled(String strategy, int several) {
        setQueue("support", "strategy = '" + strategy + "', max_reserved = " + several);
        AgentPhone.behaves(admin(), number, "answer", 0);
        Caller caller = waits();
        UUID call = callOf(caller);
        String process = column(call, "process_instance_id");
        promised(caller);
        UUID later = callOf(someoneDials(NUMBER, "press 1").isIn("queued"));

        charles.is("available");
        JsonNode offer = charles.isOfferedACall();
        assertThat(offer.get("call_id").asText()).isEqualTo(call.toString());
        assertThat(offer.get("call_back").asBoolean()).isTrue();
        assertThat(sam.post(
                                "/v1/reservations/" + offer.get("id").asText() + "/instructions",
                                Map.of("instruction", "redirect", "queue", "sales"))
                        .refusal(409)
                        .get("detail")
                        .asText())
                .contains("to be called back");
        charles.accepts(offer).ok();

        is(call, "talking");
        calledBack(call).talks();
        assertThat(column(call, "process_instance_id")).isEqualTo(process);
        assertThat(lines(call)).containsExactly("former_caller ended", "caller live");
        charles.ends(call.toString());
        charles.wrapsUp(call.toString(), "other");
        assertThat(endOf(call)).isEqualTo("endedByAgent");
        assertThat(charles.isOfferedACall().get("call_id").asText()).isEqualTo(later.toString());
    }

    /** The caller is called when it is their turn, says with a key that it is them, and is the next on the line. */
    @Test
    void theCallerIsCalledAndWaitsForTheAgent() {
        setQueue("support", "call_back = 'customer_first'");
        AgentPhone.behaves(admin(), number, "answer", 0, "press 1");
        Caller caller = waits();
        UUID call = callOf(caller);
        promised(caller);
        someoneDials(NUMBER, "press 1").isIn("queued");

        edith.is("available");
        JsonNode other = edith.isOfferedACall();
        is(call, "waiting");
        charles.is("available");
        JsonNode offer = charles.isOfferedACall();

        assertThat(List.of(other.get("call_id").asText(), offer.get("call_id").asText()))
                .contains(call.toString());
        boolean charlesHasThem = offer.get("call_id").asText().equals(call.toString());
        (charlesHasThem ? charles.accepts(offer) : edith.accepts(other)).ok();
        calledBack(call).talks();
        assertThat(lines(call)).containsExactly("former_caller ended", "caller live");
    }

    /** Who does not pick up is tried again as often as the queue has it; the agent is free each time, and not to blame. */
    @Test
    void whoIsNotReachedIsTriedAgain() {
        AgentPhone.behaves(admin(), number, "busy", 0);
        Caller caller = waits();
        UUID call = callOf(caller);
        promised(caller);

        charles.is("available");
        charles.accepts(charles.isOfferedACall()).ok();
        await().atMost(PATIENCE)
                .until(() -> lines(call).size() == 2 && !charles.pending().isEmpty());
        charles.accepts(charles.isOfferedACall()).ok();

        assertThat(endOf(call)).isEqualTo("notCalledBack");
        assertThat(lines(call)).containsExactly("former_caller ended", "former_caller ended", "caller ended");
        assertThat(exits(call)).containsExactly("accepted", "accepted", "call_back_failed");
        assertThat(missed(call)).containsExactly("busy", "busy");
        assertThat(steps(call))
                .contains("endEvent_callerMissed", "endEvent_callerNotReached", "endEvent_notCalledBack");
        charles.becomes("available");
        assertThat(jdbc.sql("SELECT state FROM reservation WHERE call_id = :call ORDER BY id")
                        .param("call", call)
                        .query(String.class)
                        .list())
                .containsExactly("canceled", "canceled");
        assertThat(column(call, "ended_at")).isNotEqualTo("null");
    }

    /** A machine presses no key: it is hung up and the caller tried again; so is one who hangs up while being greeted. */
    @Test
    void anAnsweringMachineIsNotTheCaller() {
        setQueue("support", "call_back = 'customer_first', call_back_attempts = 3");
        AgentPhone.behaves(admin(), number, "answer", 0, "silence");
        Caller caller = waits();
        UUID call = callOf(caller);
        promised(caller);

        charles.is("available");
        await().atMost(PATIENCE)
                .until(() -> lines(call).contains("former_caller ended")
                        && lines(call).size() >= 2);
        AgentPhone.behaves(admin(), number, "answer", 0, "press 1");

        charles.accepts(charles.isOfferedACall()).ok();
        calledBack(call).talks();
        assertThat(steps(call)).contains("serviceTask_tryLater", "endEvent_backInLine");
        assertThat(missed(call)).containsExactly("not_confirmed");
    }

    /** After an attempt in vain nobody calls before the pause is over, however many agents are free. */
    @ParameterizedTest
    @CsvSource({"agent_first", "customer_first"})
    void anAttemptInVainIsFollowedByAPause(String mode) {
        setQueue("support", "call_back = '" + mode + "', call_back_pause = '1 hour'");
        AgentPhone.behaves(admin(), number, "busy", 0);
        Caller caller = waits();
        UUID call = callOf(caller);
        promised(caller);
        charles.is("available");
        if (mode.equals("agent_first")) {
            charles.accepts(charles.isOfferedACall()).ok();
        }
        await().atMost(PATIENCE).until(() -> lines(call).size() == 2 && waitsFor(call, "event_hourComes"));
        is(call, "awaiting_call_back");
        assertThat(dueIn(call)).isBetween(Duration.ofMinutes(58), Duration.ofMinutes(60));
        charles.becomes("available");
        sam.post("/v1/calls/" + call + "/cancel", null).ok();
        endOf(call);
    }

    /** The agent's own phone is not picked up: the caller has noticed nothing, and keeps the place. */
    @Test
    void anAgentWhoIsNotThereCostsNoAttempt() {
        String phone = jdbc.sql(
                        "SELECT value FROM agent_address WHERE agent_id = CAST(:agent AS uuid) AND kind = 'tel'")
                .param("agent", charles.id())
                .query(String.class)
                .single();
        AgentPhone.behaves(admin(), phone, "busy", 0);
        AgentPhone.behaves(admin(), number, "answer", 0);
        try {
            Caller caller = waits();
            UUID call = callOf(caller);
            promised(caller);
            charles.is("available");
            charles.accepts(charles.isOfferedACall()).ok();
            charles.becomes("away");
            is(call, "awaiting_call_back");
            assertThat(lines(call)).hasSize(1);

            edith.is("available");
            edith.accepts(edith.isOfferedACall()).ok();
            calledBack(call).talks();
        } finally {
            AgentPhone.behaves(admin(), phone, "answer", 0);
        }
    }

    /** Nobody who is not on the line is sent on: where the queue is gone meanwhile, the promise ends. */
    @Test
    void whoIsNotOnTheLineComesToNoVoicemail() {
        AgentPhone.behaves(admin(), number, "busy", 0);
        Caller caller = waits();
        UUID call = callOf(caller);
        promised(caller);
        charles.is("available");
        JsonNode offer = charles.isOfferedACall();
        UUID queue = queueId("support");
        jdbc.sql("UPDATE queue SET name = 'gone' WHERE id = :queue")
                .param("queue", queue)
                .update();
        try {
            charles.accepts(offer).ok();
            assertThat(endOf(call)).isEqualTo("notCalledBack");
        } finally {
            jdbc.sql("UPDATE queue SET name = 'support' WHERE id = :queue")
                    .param("queue", queue)
                    .update();
        }
    }

    /** An agent who waits for the caller and is freed by hand costs the caller nothing but an attempt. */
    @Test
    void anAgentIsFreedWhileTheCallerIsCalled() {
        setQueue("support", "call_back_pause = '1 hour'");
        AgentPhone.behaves(admin(), number, "manual", 0);
        Caller caller = waits();
        UUID call = callOf(caller);
        promised(caller);
        charles.is("available");
        charles.accepts(charles.isOfferedACall()).ok();
        is(call, "calling_caller");
        sam.post("/v1/agents/" + charles.id() + "/release", null).ok();
        charles.becomes("available");
        is(call, "awaiting_call_back");
        assertThat(missed(call)).containsExactly("canceled");
        sam.post("/v1/calls/" + call + "/cancel", null).ok();
        endOf(call);
    }

    /** Who does not wait for us but calls again is in the old place at once, and is not called. */
    @Test
    void whoCallsAgainIsNotCalled() {
        AgentPhone.behaves(admin(), number, "answer", 0);
        Caller caller = waits();
        UUID call = callOf(caller);
        promised(caller);
        someoneDials(NUMBER, "press 1").isIn("queued");

        UUID again = callOf(Caller.dials(admin(), number, NUMBER, "press 1").isIn("queued"));

        assertThat(endOf(call)).isEqualTo("notCalledBack");
        assertThat(exits(call)).containsExactly("called_again");
        assertThat(steps(call)).contains("endEvent_calledAgain");
        charles.is("available");
        assertThat(charles.isOfferedACall().get("call_id").asText()).isEqualTo(again.toString());
        assertThat(lines(call)).hasSize(1);
    }

    /** Who does not confirm waits on, with music, in the same place; other keys mean nothing. */
    @Test
    void whoDoesNotConfirmStaysInLine() {
        Caller caller = waits();
        UUID call = callOf(caller);
        presses(caller, "7");
        caller.isIn("queued").isAsked();
        presses(caller, "1");
        caller.hears("Press 1 to agree");
        caller.isAsked();
        presses(caller, "2");
        caller.isIn("queued");
        charles.is("available");
        charles.accepts(charles.isOfferedACall()).ok();
        caller.talks();
        assertThat(lines(call)).containsExactly("caller live");
    }

    /** Without the setting nothing is offered, nor to somebody whose number nobody knows. */
    @ParameterizedTest
    @CsvSource({"off, +15550147998", "agent_first, anonymous"})
    void nothingIsOfferedWhereItCannotBeKept(String setting, String from) {
        setQueue("support", "call_back = '" + setting + "'");
        UUID call = callOf(Caller.dials(admin(), from, NUMBER, "press 1").isIn("queued"));
        assertThat(jdbc.sql("SELECT hold IS NULL FROM queue_entry WHERE call_id = :call")
                        .param("call", call)
                        .query(Boolean.class)
                        .single())
                .isTrue();
        assertThat(column(call, "awaiting_token")).isEqualTo("null");
    }

    /** Outside the hours nobody is looked for; the timer is set to the minute they begin. A promise can be taken back. */
    @Test
    void nobodyIsCalledOutsideTheHours() {
        ZonedDateTime tomorrow = ZonedDateTime.now(ZoneId.of("Asia/Tokyo")).plusHours(23);
        String day = tomorrow.getDayOfWeek().name().substring(0, 3).toLowerCase(Locale.ROOT);
        setQueue(
                "support",
                "call_back_within = '1 hour', call_back_time_zone = 'Asia/Tokyo', call_back_hours = '{%s %02d:00-%02d:59}'"
                        .formatted(day, tomorrow.getHour(), tomorrow.getHour()));
        Caller caller = waits();
        UUID call = callOf(caller);
        promised(caller);
        charles.is("available");
        await().atMost(PATIENCE)
                .until(() -> waitsFor(call, "event_hourComes")
                        && !column(call, "state").equals("waiting"));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(dueIn(call)).isBetween(Duration.ofHours(21), Duration.ofHours(23)));
        assertThat(charles.pending()).isEmpty();

        sam.post("/v1/calls/" + call + "/cancel", null).ok();
        assertThat(endOf(call)).isEqualTo("canceled");
        assertThat(exits(call)).containsExactly("canceled");
    }

    /** A promise does not hold for ever. */
    @Test
    void aPromiseThatCannotBeKeptInTimeEnds() {
        Caller caller = waits();
        UUID call = callOf(caller);
        setQueue("support", "call_back_within = '1 minute'");
        promised(caller);
        is(call, "awaiting_call_back");
        await().atMost(PATIENCE).until(() -> waitsFor(call, "event_hourOver"));
        jdbc.sql(
                        "UPDATE queue_entry SET call_back_since = call_back_since - interval '2 minutes' WHERE call_id = :call")
                .param("call", call)
                .update();
        jdbc.sql("UPDATE act_ru_job j SET duedate_ = now() FROM act_ru_execution x WHERE x.id_ = j.process_instance_id_"
                        + " AND x.business_key_ = :call AND duedate_ > now()")
                .param("call", call.toString())
                .update();
        assertThat(endOf(call)).isEqualTo("notCalledBack");
    }

    /** Key and hang-up in the same instant: either the caller is gone or will be called back, and never both. */
    @Test
    void whoHangsUpWhileConfirmingIsEitherGoneOrCalledBack() {
        int promises = 0;
        for (int round = 0; round < RACES; round++) {
            Caller caller = waits();
            UUID call = callOf(caller);
            presses(caller, "1");
            caller.hears("Press 1 to agree");
            caller.isAsked();
            together(() -> presses(caller, "1"), caller::hangsUp);
            await().atMost(PATIENCE).until(() -> DECIDED.contains(column(call, "state")));
            if (column(call, "state").equals("awaiting_call_back")) {
                promises++;
                assertThat(column(call, "ended_at")).isEqualTo("null");
                sam.post("/v1/calls/" + call + "/cancel", null).ok();
            }
            assertThat(endOf(call)).isIn("canceled", "callerHungUp");
        }
        System.out.printf("confirmed before hanging up: %d of %d%n", promises, RACES);
    }

    private Caller waits() {
        Caller caller = Caller.dials(admin(), number, NUMBER, "press 1").isIn("queued");
        admin().put("/simulator/api/speed", Map.of("speed", "20")).ok();
        return caller.hears("Press 1 to be called back.");
    }

    private void promised(Caller caller) {
        presses(caller, "1");
        caller.hears("Press 1 to agree");
        caller.isAsked();
        presses(caller, "1");
        caller.hears("we call you back").isIn("ended");
        is(callOf(caller), "awaiting_call_back");
    }

    /** Also when they have just hung up. */
    private Http.Answer presses(Caller caller, String key) {
        return admin().post("/simulator/api/calls/" + caller.sid() + "/digits", Map.of("digits", key));
    }

    private void is(UUID call, String state) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(column(call, "state")).isEqualTo(state));
    }

    /** The caller on the line of the call back. */
    private Caller calledBack(UUID call) {
        return Caller.whoCalled(
                admin(),
                await().atMost(PATIENCE)
                        .until(
                                () -> jdbc.sql(
                                                "SELECT provider_leg_id FROM call_leg WHERE call_id = :call AND kind = 'caller'"
                                                        + " AND state = 'live' AND answered_at IS NOT NULL")
                                        .param("call", call)
                                        .query(String.class)
                                        .optional(),
                                java.util.Optional::isPresent)
                        .orElseThrow());
    }

    private List<String> lines(UUID call) {
        return jdbc.sql(
                        "SELECT kind || ' ' || state FROM call_leg WHERE call_id = :call AND kind LIKE '%caller' ORDER BY id")
                .param("call", call)
                .query(String.class)
                .list();
    }

    private List<String> exits(UUID call) {
        return jdbc.sql("SELECT exit FROM queue_entry WHERE call_id = :call ORDER BY id")
                .param("call", call)
                .query(String.class)
                .list();
    }

    /** How the attempts in vain ended. */
    private List<String> missed(UUID call) {
        return jdbc.sql(
                        "SELECT data ->> 'outcome' FROM event_log WHERE call_id = :call AND type = 'call_back.missed' ORDER BY id")
                .param("call", call)
                .query(String.class)
                .list();
    }

    /** How long until the flow goes on by itself. */
    private Duration dueIn(UUID call) {
        return Duration.between(
                Instant.now(),
                jdbc.sql(
                                "SELECT j.duedate_ AT TIME ZONE current_setting('TimeZone') FROM act_ru_job j"
                                        + " JOIN act_ru_execution x ON x.id_ = j.process_instance_id_ WHERE x.business_key_ = :call")
                        .param("call", call.toString())
                        .query((row, n) ->
                                row.getObject(1, OffsetDateTime.class).toInstant())
                        .single());
    }

    private boolean waitsFor(UUID call, String timer) {
        return jdbc.sql(
                        """
                                SELECT EXISTS (SELECT FROM act_ru_job j JOIN act_ru_jobdef d ON d.id_ = j.job_def_id_
                                                 JOIN act_ru_execution x ON x.id_ = j.process_instance_id_
                                                WHERE x.business_key_ = :call AND d.act_id_ = :timer)""")
                .param("call", call.toString())
                .param("timer", timer)
                .query(Boolean.class)
                .single();
    }
}
