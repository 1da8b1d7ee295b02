package io.cordboard.flow.engine;

import com.zaxxer.hikari.HikariDataSource;
import io.cordboard.flow.Steps;
import io.cordboard.platform.TestDatabase;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.cfg.StandaloneProcessEngineConfiguration;
import org.camunda.bpm.engine.impl.jobexecutor.NotifyAcquisitionRejectedJobsHandler;
import org.joda.time.DateTimeUtils;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/** The engine alone, set up as in the application, on a PostgreSQL database of its own. */
final class TestEngine implements AutoCloseable {

    private static final AtomicInteger ENGINES = new AtomicInteger();

    final ProcessEngine engine;
    final HikariDataSource dataSource;
    final WakeUps wakeUps;
    private final PromptJobExecutor jobExecutor = new PromptJobExecutor();
    private final ThreadPoolTaskExecutor threads = EngineConfiguration.camundaTaskExecutor();

    TestEngine(Map<String, ? extends JavaDelegate> steps) {
        this(steps, Clock.systemUTC());
    }

    TestEngine(Map<String, ? extends JavaDelegate> steps, Clock clock) {
        this(steps, clock, true);
    }

    /** Deploys anything, to see what is left to an attacker then. */
    static TestEngine withoutChecks(Map<String, ? extends JavaDelegate> steps) {
        return new TestEngine(steps, Clock.systemUTC(), false);
    }

    private TestEngine(Map<String, ? extends JavaDelegate> steps, Clock clock, boolean checks) {
        var beans = new DefaultListableBeanFactory();
        steps.forEach(beans::registerSingleton);
        dataSource = TestDatabase.empty();
        wakeUps = new WakeUps(clock);
        var configuration = new StandaloneProcessEngineConfiguration();
        configuration.setProcessEngineName("test" + ENGINES.incrementAndGet());
        configuration.setDataSource(dataSource);
        configuration.setDatabaseSchemaUpdate("true");
        threads.initialize();
        jobExecutor.setTaskExecutor(threads);
        jobExecutor.setRejectedJobsHandler(new NotifyAcquisitionRejectedJobsHandler());
        jobExecutor.setMaxJobsPerAcquisition(16);
        jobExecutor.setWaitTimeInMillis(1_000);
        jobExecutor.setMaxWait(5_000);
        configuration.setJobExecutor(jobExecutor);
        configuration.setJobExecutorActivate(false);
        configuration.getProcessEnginePlugins().add(new FlowEnginePlugin(new Steps(beans), clock, wakeUps));
        if (!checks) {
            configuration.getProcessEnginePlugins().add(new AbstractProcessEnginePlugin() {
                @Override
                public void preInit(ProcessEngineConfigurationImpl engine) {
                    engine.setCustomPreDeployers(List.of());
                }
            });
        }
        engine = configuration.buildProcessEngine();
    }

    /** Without the poll: a job runs only if something wakes the executor. */
    TestEngine withJobsButWithoutPolling() {
        jobExecutor.setWaitTimeInMillis(3_600_000);
        jobExecutor.setMaxWait(3_600_000);
        return withJobs();
    }

    TestEngine withJobs() {
        jobExecutor.start();
        wakeUps.start(jobExecutor::jobWasAdded);
        return this;
    }

    DataSource dataSource() {
        return dataSource;
    }

    @Override
    public void close() {
        wakeUps.close();
        jobExecutor.shutdown();
        threads.shutdown();
        engine.close();
        dataSource.close();
        DateTimeUtils.setCurrentMillisSystem();
    }
}
