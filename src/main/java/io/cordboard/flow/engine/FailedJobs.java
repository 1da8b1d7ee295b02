package io.cordboard.flow.engine;

import io.cordboard.platform.Sweeper;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.impl.jobexecutor.JobExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * A timer that has used up its tries is tried again, as long as its process lives. Behind it is somebody who waits: what
 * stood in the way may be gone, and nobody else would ever fire it. Each time it fails its incident is there again.
 */
@Component
class FailedJobs extends Sweeper {

    private static final Duration EVERY = Duration.ofSeconds(15);

    /** How long past its time, so that whoever knows more of the matter comes first. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final Logger log = LoggerFactory.getLogger(FailedJobs.class);
    private static final int MOST_AT_ONCE = 100;

    private final JdbcClient jdbc;
    private final ManagementService management;
    private final JobExecutor executor;
    private final Clock clock;

    FailedJobs(JdbcClient jdbc, ManagementService management, JobExecutor executor, Clock clock) {
        super("failed-jobs", EVERY);
        this.jdbc = jdbc;
        this.management = management;
        this.executor = executor;
        this.clock = clock;
    }

    /** Those tried least come first, so that some that never succeed do not keep the others from it. */
    @Override
    protected void sweep() {
        var now = OffsetDateTime.now(clock);
        var failed = jdbc.sql(
                        """
                        SELECT id_ FROM act_ru_job
                         WHERE retries_ = 0 AND suspension_state_ = 1 AND process_instance_id_ IS NOT NULL
                           AND duedate_ <= :overdue AND (lock_exp_time_ IS NULL OR lock_exp_time_ <= :now)
                         ORDER BY rev_, duedate_
                         LIMIT :most""")
                .param("now", now)
                .param("overdue", now.minus(PATIENCE))
                .param("most", MOST_AT_ONCE)
                .query(String.class)
                .list();
        if (failed.isEmpty()) {
            return;
        }
        failed.forEach(this::oneMoreTry);
        executor.jobWasAdded();
    }

    private void oneMoreTry(String job) {
        try {
            management.setJobRetries(job, 1);
            log.warn("Job {} had used up its tries and gets one more; what was in its way stands further up", job);
        } catch (ProcessEngineException goneOrTaken) {
            log.debug("Job {} is somebody else's by now", job, goneOrTaken);
        }
    }
}
