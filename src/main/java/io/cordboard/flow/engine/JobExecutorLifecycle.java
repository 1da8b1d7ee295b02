package io.cordboard.flow.engine;

import org.camunda.bpm.engine.impl.jobexecutor.JobExecutor;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * Stops the job executor before anything it needs is gone: no new jobs first, then the running ones end, then the rest of
 * the application and the database go down. The Camunda starter starts the executor when the application is ready.
 */
final class JobExecutorLifecycle implements SmartLifecycle {

    private final JobExecutor jobExecutor;
    private final ThreadPoolTaskExecutor threads;
    private final WakeUps wakeUps;
    private volatile boolean running;

    JobExecutorLifecycle(JobExecutor jobExecutor, ThreadPoolTaskExecutor threads, WakeUps wakeUps) {
        this.jobExecutor = jobExecutor;
        this.threads = threads;
        this.wakeUps = wakeUps;
    }

    @Override
    public void start() {
        wakeUps.start(jobExecutor::jobWasAdded);
        running = true;
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
