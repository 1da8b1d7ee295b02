package io.cordboard.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cordboard.testing.Caller;
import io.cordboard.testing.ScenarioTest;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A caller waits for a timer even when the timer has given up. */
class FailedJobsScenarioTests extends ScenarioTest {

    @Autowired
    private FailedJobs failedJobs;

    @Test
    void aTimerThatHasUsedUpItsTriesFiresAllTheSame() {
        Caller caller = someoneDials(NUMBER, "press 1").isIn("queued");
        UUID call = callOf(caller);
        jdbc.sql("UPDATE queue_entry SET entered_at = entered_at - interval '1 hour' WHERE call_id = :call")
                .param("call", call)
                .update();
        await("the timer has failed").atMost(Duration.ofSeconds(20)).until(() -> giveUp(call) == 1);

        failedJobs.sweep();

        caller.hears("Please leave a message");
        assertThat(jdbc.sql("SELECT exit FROM queue_entry WHERE call_id = :call")
                        .param("call", call)
                        .query(String.class)
                        .single())
                .isEqualTo("timeout");
    }

    /** As the engine leaves a timer that has failed as often as it may. */
    private int giveUp(UUID call) {
        return jdbc.sql(
                        """
                        UPDATE act_ru_job SET retries_ = 0, duedate_ = now() - interval '1 minute', rev_ = rev_ + 1
                         WHERE process_instance_id_ IN (
                               SELECT id_ FROM act_ru_execution WHERE root_proc_inst_id_ = :instance)""")
                .param("instance", column(call, "process_instance_id"))
                .update();
    }
}
