package io.cordboard.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cordboard.testing.Caller;
import io.cordboard.testing.ScenarioTest;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.UUID;
import org.camunda.bpm.engine.ManagementService;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A caller waits for a timer even when the timer has given up. */
class FailedJobsScenarioTests extends ScenarioTest {

    @Autowired
    private FailedJobs failedJobs;

    @Autowired
    private ManagementService management;

    @Test
    void aTimerThatHasUsedUpItsTriesFiresAllTheSame() {
        Caller caller = someoneDials(NUMBER, "press 1").isIn("queued");
        UUID call = callOf(caller);
        jdbc.sql("UPDATE queue_entry SET entered_at = entered_at - interval '1 hour' WHERE call_id = :call")
                .param("call", call)
                .update();
        failsForGood(timerOf(call));

        failedJobs.sweep();

        caller.hears("Please leave a message");
        assertThat(jdbc.sql("SELECT exit FROM queue_entry WHERE call_id = :call")
                        .param("call", call)
                        .query(String.class)
                        .single())
                .isEqualTo("timeout");
    }

    /** The one that lets the caller wait no longer. */
    private String timerOf(UUID call) {
        return await("a timer")
                .atMost(Duration.ofSeconds(20))
                .until(
                        () -> jdbc.sql(
                                        """
                                        SELECT id_ FROM act_ru_job
                                         WHERE process_instance_id_ IN (
                                               SELECT id_ FROM act_ru_execution WHERE root_proc_inst_id_ = :instance)""")
                                .param("instance", column(call, "process_instance_id"))
                                .query(String.class)
                                .optional(),
                        Optional::isPresent)
                .orElseThrow();
    }

    /** As the engine leaves a timer that has failed as often as it may: with an incident. */
    private void failsForGood(String timer) {
        management.setJobRetries(timer, 0);
        management.setJobDuedate(timer, Date.from(Instant.now().minusSeconds(60)));
    }
}
