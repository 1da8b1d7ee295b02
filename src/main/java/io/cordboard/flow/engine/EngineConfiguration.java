package io.cordboard.flow.engine;

import io.cordboard.flow.StepSettings;
import io.cordboard.flow.Steps;
import java.time.Clock;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.impl.cfg.ProcessEnginePlugin;
import org.camunda.bpm.engine.impl.jobexecutor.JobExecutor;
import org.camunda.bpm.engine.impl.jobexecutor.NotifyAcquisitionRejectedJobsHandler;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/** The engine's parts as beans; the Camunda starter builds the engine from them. */
@Configuration(proxyBeanMethods = false)
class EngineConfiguration {

    private static final int JOB_THREADS = 6;

    @Bean
    static Steps steps(ListableBeanFactory beans) {
        return new Steps(beans);
    }

    @Bean
    static StepSettings stepSettings() {
        return new ElementSettings();
    }

    @Bean
    static WakeUps wakeUps(Clock clock) {
        return new WakeUps(clock);
    }

    @Bean
    static ProcessEnginePlugin flowEnginePlugin(Steps steps, Clock clock, WakeUps wakeUps) {
        return new FlowEnginePlugin(steps, clock, wakeUps);
    }

    /** Named as the Camunda starter expects it. */
    @Bean
    static ThreadPoolTaskExecutor camundaTaskExecutor() {
        var threads = new ThreadPoolTaskExecutor();
        threads.setThreadNamePrefix("job-");
        threads.setCorePoolSize(JOB_THREADS);
        threads.setMaxPoolSize(JOB_THREADS);
        threads.setQueueCapacity(64);
        // Jobs that are locked already run to their end; JobExecutorLifecycle stops new ones first.
        threads.setAcceptTasksAfterContextClose(true);
        threads.setWaitForTasksToCompleteOnShutdown(true);
        threads.setAwaitTerminationSeconds(15);
        return threads;
    }

    @Bean
    static JobExecutor jobExecutor(ThreadPoolTaskExecutor camundaTaskExecutor) {
        var executor = new PromptJobExecutor();
        executor.setTaskExecutor(camundaTaskExecutor);
        executor.setRejectedJobsHandler(new NotifyAcquisitionRejectedJobsHandler());
        executor.setMaxJobsPerAcquisition(16);
        // A dead node's jobs come back after this time; it must exceed the wait in the queue plus the longest job.
        executor.setLockTimeInMillis(20_000);
        // The safety net only: what is due on this node wakes the executor by itself.
        executor.setWaitTimeInMillis(1_000);
        executor.setMaxWait(5_000);
        return executor;
    }

    @Bean
    static StartDeployment startDeployment(
            RepositoryService repository,
            @Value("${cordboard.processes-dir:}") String processesDir,
            @Value("${cordboard.forms-dir:}") String formsDir) {
        return new StartDeployment(repository, processesDir, formsDir);
    }

    @Bean
    static JobExecutorLifecycle jobExecutorLifecycle(
            ManagementService management,
            Clock clock,
            JobExecutor jobExecutor,
            ThreadPoolTaskExecutor camundaTaskExecutor,
            WakeUps wakeUps) {
        return new JobExecutorLifecycle(management, clock, jobExecutor, camundaTaskExecutor, wakeUps);
    }
}
