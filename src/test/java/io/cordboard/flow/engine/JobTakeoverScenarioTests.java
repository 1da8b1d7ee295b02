package io.cordboard.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cordboard.testing.Caller;
import io.cordboard.testing.ScenarioTest;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A job that a node had locked when it died need not wait until the lock runs out. */
class JobTakeoverScenarioTests extends ScenarioTest {

    @AfterEach
    void onlyThisNodeLives() {
        jdbc.sql("DELETE FROM node WHERE id IN ('dead', 'alive')").update();
    }

    @Test
    void jobsOfADeadNodeAreFreeWithinSecondsAndThoseOfALivingOneStay() {
        UUID held = waitingFor("dead");
        UUID kept = waitingFor("alive");

        jdbc.sql("INSERT INTO node (id, seen_at) VALUES ('dead', now() - interval '10 seconds'),"
                        + " ('alive', now() + interval '1 hour')")
                .update();

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(lockOwner(held)).isEmpty());
        assertThat(lockOwner(kept)).contains("alive");
        assertThat(jdbc.sql("SELECT count(*) FROM node WHERE id = 'dead'")
                        .query(Integer.class)
                        .single())
                .as("the dead node is struck off")
                .isZero();
    }

    /** A call in a queue, whose timer a node has locked for an hour. */
    private UUID waitingFor(String node) {
        Caller caller = someoneDials(NUMBER, "press 1").isIn("queued");
        UUID call = callOf(caller);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> jdbc.sql(
                                        """
                                        UPDATE act_ru_job SET lock_owner_ = :node, lock_exp_time_ = now() + interval '1 hour'
                                         WHERE process_instance_id_ IN (
                                               SELECT id_ FROM act_ru_execution WHERE root_proc_inst_id_ = :instance)""")
                                .param("node", node)
                                .param("instance", column(call, "process_instance_id"))
                                .update()
                        == 1);
        return call;
    }

    private Optional<String> lockOwner(UUID call) {
        return Optional.ofNullable(jdbc.sql(
                                """
                        SELECT lock_owner_ FROM act_ru_job
                         WHERE process_instance_id_ IN (
                               SELECT id_ FROM act_ru_execution WHERE root_proc_inst_id_ = :instance)""")
                        .param("instance", column(call, "process_instance_id"))
                        .query((row, n) -> row.getString(1) == null ? "" : row.getString(1))
                        .single())
                .filter(owner -> !owner.isEmpty());
    }
}
