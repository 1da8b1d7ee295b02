package io.cordboard.routing.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cordboard.testing.AgentAtWork;
import io.cordboard.testing.Caller;
import io.cordboard.testing.ScenarioTest;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.runtime.Job;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** S1-28 and what goes beyond it: whatever was lost, the agent is free again and the caller goes on. */
class AgentWatchScenarioTests extends ScenarioTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

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
                watch.sweep();
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

    @Test
    void nobodyIsHelpedWhoIsHeldForAReason() {
        UUID call = charlesTalks();
        watch.sweep();
        assertThat(charles.status()).isEqualTo("busy");
        charles.ends(call.toString());
        watch.sweep();
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
