package io.cordboard.flow.engine;

import java.time.Clock;
import java.util.Date;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.impl.jobexecutor.JobExecutor;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * Stops the job executor before anything it needs is gone: no new jobs first, then the running ones end, then the rest of
 * the application and the database go down. The Camunda starter starts the executor when the application is ready.
 */
final class JobExecutorLifecycle implements SmartLifecycle {

    /** More waiting timers than this are left to the poll. */
    private static final int MOST_TIMERS = 20_000;

    private final ManagementService management;
    private final Clock clock;
    private final JobExecutor jobExecutor;
    private final ThreadPoolTaskExecutor threads;
    private final WakeUps wakeUps;
    private volatile boolean running;

    JobExecutorLifecycle(
            ManagementService management,
            Clock clock,
            JobExecutor jobExecutor,
            ThreadPoolTaskExecutor threads,
            WakeUps wakeUps) {
        this.management = management;
        this.clock = clock;
        this.jobExecutor = jobExecutor;
        this.threads = threads;
        this.wakeUps = wakeUps;
    }

    @Override
    public void start() {
        wakeUps.start(jobExecutor::jobWasAdded);
        watchAll();
        running = true;
    }

    /** Also timers that were set before this start, by us or by a node that is no longer there. */
    void watchAll() {
        management
                .createJobQuery()
                .timers()
                .active()
                .duedateHigherThan(Date.from(clock.instant()))
                .listPage(0, MOST_TIMERS)
                .forEach(job -> wakeUps.at(job.getId(), job.getDuedate().toInstant()));
    }

    @Override
    public void stop() {
        wakeUps.close();
        jobExecutor.shutdown();
        threads.shutdown();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
