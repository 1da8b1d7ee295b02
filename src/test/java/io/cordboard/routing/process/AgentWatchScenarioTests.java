package io.cordboard.routing.process;

import static io.cordboard.testing.Together.inTurns;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cordboard.routing.Reservations;
import io.cordboard.testing.AgentAtWork;
import io.cordboard.testing.AgentPhone;
import io.cordboard.testing.Caller;
import io.cordboard.testing.ScenarioTest;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.runtime.Job;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** S1-28 and what goes beyond it: whatever was lost, the agent is free again and the caller goes on. */
class AgentWatchScenarioTests extends ScenarioTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String TIMER =
            """
            SELECT j.id_ FROM act_ru_job j
              JOIN act_ru_jobdef d ON d.id_ = j.job_def_id_ AND d.act_id_ = :activity
              JOIN act_ru_execution p ON p.id_ = j.process_instance_id_ AND p.business_key_ = :call""";

    private static final int CALLS_WITH_BROKEN_TIMERS = 9;

    @Autowired
    private RuntimeService runtime;

    @Autowired
    private ManagementService management;

    @Autowired
    private AgentWatch watch;

    @Autowired
    private MeterRegistry meters;

    private final Instant begun = Instant.now();

    @Test
    void theTimerOfAnOfferThatFailedForGoodIsMadeUpForAndTheNextAgentIsAsked() {
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        charles.isOfferedACall();
        UUID call = callOf(caller);
        double before = meters.counter("cordboard.agent.repairs", "remedy", "timerFired")
                .count();

        failForGood(timerOf(call, "event_reservationTimedOut"));
        overdue(charles);
        edith.is("available");

        edith.takesTheNextCall();
        caller.talks();
        assertThat(charles.status()).isEqualTo("away");
        assertThat(repairs(charles)).containsExactly("timerFired");
        assertThat(meters.counter("cordboard.agent.repairs", "remedy", "timerFired")
                        .count())
                .isEqualTo(before + 1);
    }

    @Test
    void anOfferWithoutATimerIsTakenBackAndTheNextAgentIsAsked() {
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        charles.isOfferedACall();
        UUID call = callOf(caller);

        management.deleteJob(timerOf(call, "event_reservationTimedOut").getId());
        overdue(charles);
        edith.is("available");

        edith.takesTheNextCall();
        caller.talks();
        charles.becomes("available");
        assertThat(repairs(charles)).containsExactly("taskCompleted");
    }

    @Test
    void aWrapUpWhoseTimerFailedForGoodComesToItsEnd() {
        UUID call = charlesTalks();
        charles.ends(call.toString());

        failForGood(timerOf(call, "event_wrapUpTimeUp"));
        overdue(charles);

        charles.becomes("available");
        assertThat(endOf(call)).isEqualTo("endedByAgent");
        assertThat(repairs(charles)).containsExactly("timerFired");
    }

    @Test
    void aTalkOfWhichEveryLineIsDeadGoesOnToWrapUp() {
        UUID call = charlesTalks();

        jdbc.sql("UPDATE call_leg SET state = 'ended', ended_at = now() WHERE call_id = :call")
                .param("call", call)
                .update();

        charles.wrapsUp(call.toString(), "other");
        charles.becomes("available");
        assertThat(repairs(charles)).containsExactly("taskCompleted");
    }

    @Test
    void aCallWhoseProcessIsGoneIsHungUpAndItsAgentFree() {
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        charles.takesTheNextCall();
        caller.talks();
        UUID call = callOf(caller);

        runtime.deleteProcessInstance(column(call, "process_instance_id"), "lost", true);

        charles.becomes("available");
        caller.isIn("ended");
        assertThat(endOf(call)).isEqualTo("stuck");
        assertThat(repairs(charles)).containsExactly("callEnded");
    }

    @Test
    void anAgentWhomNothingHoldsIsFreedOnceHoweverManyNodesLook() throws Exception {
        charles.is("available");
        jdbc.sql("UPDATE agent SET engaged = 'busy' WHERE username = 'charles'").update();

        ExecutorService nodes = Executors.newFixedThreadPool(4);
        try {
            Callable<Void> look = () -> {
                watch.look();
                return null;
            };
            for (Future<Void> looked : nodes.invokeAll(List.of(look, look, look, look))) {
                looked.get();
            }
        } finally {
            nodes.shutdownNow();
        }

        charles.becomes("available");
        assertThat(repairs(charles)).containsExactly("freed");
    }

    /** S1-46 · no reservation holds them, and yet they are busy for a reason. */
    @Test
    void anAgentWhoCallsBackIsLeftAlone() {
        UUID call = charlesTalks();
        charles.ends(call.toString());
        charles.wrapsUp(call.toString(), "other");
        jdbc.sql(
                        """
                        WITH message AS (
                            INSERT INTO voicemail (id, call_id, state, created_at)
                            VALUES (gen_random_uuid(), :call, 'done', now()) RETURNING id),
                        held AS (UPDATE agent SET engaged = 'busy' WHERE username = 'charles' RETURNING id)
                        INSERT INTO call_back (id, call_id, voicemail_id, agent_id, started_at)
                        SELECT gen_random_uuid(), :call, message.id, held.id, now() FROM message, held""")
                .param("call", call)
                .update();

        watch.look();
        assertThat(charles.status()).isEqualTo("busy");
        jdbc.sql("UPDATE call_back SET ended_at = now(), outcome = 'answered' WHERE call_id = :call")
                .param("call", call)
                .update();
        watch.look();

        charles.becomes("available");
        assertThat(repairs(charles)).containsExactly("freed");
    }

    /**
     * Timers of offers and wrap-ups break at random: deleted, out of tries, or locked by a node that is gone. Another
     * thread looks all the time, by the clock of the database.
     */
    @Test
    void whateverBecomesOfTheTimersNobodyIsPastTheirDeadlineForTwoSeconds() throws Exception {
        setQueues("2 seconds", "5 minutes", "1 second");
        Map<UUID, AgentAtWork> agents = Map.of(
                UUID.fromString(charles.id()), charles,
                UUID.fromString(edith.id()), edith,
                UUID.fromString(dave.id()), dave);
        agents.values().forEach(agent -> agent.is("available"));
        Random random = new Random(20261125);
        AtomicInteger broken = new AtomicInteger();
        try (Latest latest = new Latest()) {
            inTurns(CALLS_WITH_BROKEN_TIMERS, agents.size(), round -> {
                Caller caller = someoneDials(NUMBER, "press 1");
                UUID call = callOf(caller);
                AgentAtWork agent = agents.get(offeredTo(call));
                if (round % 2 == 0) {
                    broken.addAndGet(breaks(random, call, "event_reservationTimedOut"));
                    await("the offer is over").atMost(PATIENCE).until(() -> !holds(agent, call));
                    caller.hangsUp();
                } else {
                    agent.accepts(agent.pending().get(0)).ok();
                    caller.talks();
                    agent.ends(call.toString());
                    broken.addAndGet(breaks(random, call, "event_wrapUpTimeUp"));
                }
                endOf(call);
                agent.is("available");
            });
            long past = latest.millis();
            System.out.printf(
                    "%d of %d timers broken, the latest state ended %d ms past its deadline%n",
                    broken.get(), CALLS_WITH_BROKEN_TIMERS, past);
            assertThat(broken.get()).as("broken timers").isBetween(1, CALLS_WITH_BROKEN_TIMERS - 1);
            assertThat(past).as("milliseconds past the deadline").isBetween(Reservations.GRACE.toMillis(), 2_000L);
        }
        assertThat(agents.values().stream()
                        .mapToInt(agent -> repairs(agent).size())
                        .sum())
                .as("repairs")
                .isPositive();
    }

    /** @return how many it broke: none, or the one */
    private int breaks(Random random, UUID call, String activity) {
        String how =
                switch (random.nextInt(4)) {
                    case 0 -> "DELETE FROM act_ru_job";
                    case 1 -> "UPDATE act_ru_job SET retries_ = 0";
                    case 2 -> "UPDATE act_ru_job SET lock_owner_ = 'gone', lock_exp_time_ = now() + interval '1 hour'";
                    default -> null;
                };
        return how == null
                ? 0
                : jdbc.sql(how + " WHERE id_ IN (" + TIMER + ")")
                        .param("activity", activity)
                        .param("call", call.toString())
                        .update();
    }

    private UUID offeredTo(UUID call) {
        return await("an offer")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () -> jdbc.sql("SELECT agent_id FROM reservation WHERE call_id = :call AND state = 'pending'")
                                .param("call", call)
                                .query(UUID.class)
                                .optional(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private boolean holds(AgentAtWork agent, UUID call) {
        return jdbc.sql(
                        """
                        SELECT EXISTS (SELECT FROM reservation WHERE call_id = :call AND agent_id = CAST(:agent AS uuid)
                                          AND state IN ('pending', 'accepted', 'wrapping'))""")
                .param("call", call)
                .param("agent", agent.id())
                .query(Boolean.class)
                .single();
    }

    /** Looks all the time how long past its deadline any agent is. */
    private final class Latest implements AutoCloseable {

        private static final Duration LOOK_EVERY = Duration.ofMillis(5);
        private final ExecutorService thread = Executors.newSingleThreadExecutor();
        private final AtomicBoolean enough = new AtomicBoolean();
        private final Future<Long> millis = thread.submit(this::look);

        private long look() {
            double latest = 0;
            while (!enough.get()) {
                latest = Math.max(
                        latest,
                        jdbc.sql(
                                        """
                                        SELECT coalesce(max(:grace + 1000 * extract(epoch FROM clock_timestamp() - engaged_until)), 0)
                                          FROM agent""")
                                .param("grace", Reservations.GRACE.toMillis())
                                .query(Double.class)
                                .single());
                LockSupport.parkNanos(LOOK_EVERY.toNanos());
            }
            return (long) latest;
        }

        /** @return the most there ever was */
        long millis() throws Exception {
            enough.set(true);
            return millis.get();
        }

        @Override
        public void close() {
            enough.set(true);
            thread.shutdownNow();
        }
    }

    /** The phone rings on and on: the flow's own timer has used up its tries, and the carrier does not tell. */
    @Test
    void phonesWhoseTimerFailedForGoodStop() {
        AgentPhone.behaves(admin(), "+15550102001", "manual", 0);
        try {
            charles.is("available");
            Caller caller = someoneDials(NUMBER, "press 1").isIn("queued");
            charles.isOfferedACall();
            admin().put("/simulator/api/speed", Map.of("speed", "1")).ok();
            UUID call = UUID.fromString(charles.takesTheNextCall());
            failForGood(timerOf(call, "event_phoneUnanswered"));
            edith.is("available");

            assertThat(edith.takesTheNextCall()).isEqualTo(call.toString());
            caller.talks();
            assertThat(repairs(charles)).containsExactly("timerFired");
        } finally {
            AgentPhone.behaves(admin(), "+15550102001", "answer", 600);
        }
    }

    @Test
    void nobodyIsHelpedWhoIsHeldForAReason() {
        UUID call = charlesTalks();
        watch.look();
        assertThat(charles.status()).isEqualTo("busy");
        charles.ends(call.toString());
        watch.look();
        assertThat(column(call, "state")).isEqualTo("wrapping");
        assertThat(repairs(charles)).isEmpty();
        charles.wrapsUp(call.toString(), "other");
    }

    private UUID charlesTalks() {
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        charles.takesTheNextCall();
        caller.talks();
        return callOf(caller);
    }

    private Job timerOf(UUID call, String activity) {
        return await("the timer " + activity)
                .atMost(PATIENCE)
                .until(
                        () -> jobs(call)
                                .filter(job -> management
                                        .createJobDefinitionQuery()
                                        .jobDefinitionId(job.getJobDefinitionId())
                                        .singleResult()
                                        .getActivityId()
                                        .equals(activity))
                                .toList(),
                        found -> found.size() == 1)
                .get(0);
    }

    private Stream<Job> jobs(UUID call) {
        return runtime.createProcessInstanceQuery().processInstanceBusinessKey(call.toString()).list().stream()
                .flatMap(process -> management.createJobQuery().processInstanceId(process.getId()).list().stream());
    }

    /** As after the last try: the engine leaves an incident and does not come back to it. */
    private void failForGood(Job timer) {
        management.setJobRetries(timer.getId(), 0);
        management.setJobDuedate(timer.getId(), Date.from(Instant.now().minusSeconds(3)));
    }

    private void overdue(AgentAtWork agent) {
        jdbc.sql("UPDATE agent SET engaged_until = now() - interval '1 second' WHERE username = :name")
                .param("name", agent.username())
                .update();
    }

    private List<String> repairs(AgentAtWork agent) {
        return jdbc.sql("SELECT data ->> 'remedy' FROM event_log WHERE type = 'agent.repaired'"
                        + " AND agent_id = CAST(:agent AS uuid) AND at >= :begun")
                .param("agent", agent.id())
                .param("begun", begun.atOffset(java.time.ZoneOffset.UTC))
                .query(String.class)
                .list();
    }
}
