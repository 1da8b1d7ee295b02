package io.cordboard.flow.engine;

import io.cordboard.flow.Steps;
import io.cordboard.flow.check.ModelCheck;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.camunda.bpm.dmn.engine.impl.DefaultDmnEngineConfiguration;
import org.camunda.bpm.engine.ArtifactFactory;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.impl.bpmn.parser.BpmnParseListener;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.history.HistoryLevel;
import org.camunda.bpm.engine.impl.interceptor.SessionFactory;
import org.camunda.bpm.engine.impl.persistence.deploy.Deployer;
import org.camunda.bpm.engine.impl.scripting.engine.ScriptEngineResolver;
import org.joda.time.DateTimeUtils;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Everything that makes Camunda ours: what it writes, when its timers fire, and what it refuses to execute. */
@Order(Ordered.LOWEST_PRECEDENCE)
final class FlowEnginePlugin extends AbstractProcessEnginePlugin {

    /** How long finished calls stay readable, unless a model says otherwise. */
    private static final String HISTORY_TIME_TO_LIVE = "P90D";

    private final Steps steps;
    private final Clock clock;
    private final WakeUps wakeUps;

    FlowEnginePlugin(Steps steps, Clock clock, WakeUps wakeUps) {
        this.steps = steps;
        this.clock = clock;
        this.wakeUps = wakeUps;
    }

    @Override
    public void preInit(ProcessEngineConfigurationImpl engine) {
        writeLittle(engine);
        runJobsPrecisely(engine);
        reachOnlySteps(engine);
        keepDraftsApart(engine);
        engine.setSchemaOperationsCommand(new SchemaUnderLock());
        engine.setCmmnEnabled(false);
        // An error that no model catches must be seen, not end the path in silence.
        engine.setEnableExceptionsAfterUnhandledBpmnError(true);
        engine.setSkipOutputMappingOnCanceledActivities(true);
    }

    /** Activities and tasks are all that the page of a call shows; values live in our own tables. */
    private static void writeLittle(ProcessEngineConfigurationImpl engine) {
        engine.setIdGenerator(new TimeOrderedIds());
        engine.setHistoryEventHandler(new ActivityHistory());
        add(engine, new CallSession.Factory(engine::getDbSqlSessionFactory, new KnownDefinitions()));
        engine.setHistory(HistoryLevel.HISTORY_LEVEL_ACTIVITY.getName());
        engine.setHistoryTimeToLive(HISTORY_TIME_TO_LIVE);
        // With "end" every history row of a call is written once more when the call ends.
        engine.setHistoryRemovalTimeStrategy("start");
        engine.setHistoryCleanupBatchWindowStartTime("02:00");
        engine.setHistoryCleanupBatchWindowEndTime("05:00");
        engine.setMetricsEnabled(false);
        engine.setTaskMetricsEnabled(false);
        engine.setDbMetricsReporterActivate(false);
        engine.setJdbcBatchProcessing(true);
        var decisions = new DefaultDmnEngineConfiguration();
        decisions.setFeelEngineFactory(RememberedFeel::new);
        engine.setDmnEngineConfiguration(decisions);
        // An output that a rule leaves blank is none, not the one of the rule before.
        engine.setDmnReturnBlankTableOutputAsNull(true);
    }

    private void runJobsPrecisely(ProcessEngineConfigurationImpl engine) {
        // The engine asks Joda's clock for the time.
        DateTimeUtils.setCurrentMillisProvider(clock::millis);
        engine.setJobExecutorAcquireByDueDate(true);
        engine.setEnsureJobDueDateNotNull(true);
        engine.setJobExecutorDeploymentAware(false);
        engine.setFailedJobRetryTimeCycle("PT1S,PT5S,PT15S");
        add(engine, new PreciseJobManager.Factory(wakeUps));
    }

    private static void add(ProcessEngineConfigurationImpl engine, SessionFactory factory) {
        List<SessionFactory> factories = orEmpty(engine.getCustomSessionFactories());
        factories.add(factory);
        engine.setCustomSessionFactories(factories);
    }

    private void reachOnlySteps(ProcessEngineConfigurationImpl engine) {
        var expressions = new GuardedExpressions(steps);
        engine.setExpressionManager(expressions);
        engine.setScriptEngineResolver(new NoScripts());
        engine.setArtifactFactory(new NoClasses());
        engine.setEnableScriptEngineLoadExternalResources(false);
        engine.setEnableFetchScriptEngineFromProcessApplication(false);
        engine.setEnableExpressionsInAdhocQueries(false);
        engine.setDeserializationTypeValidationEnabled(true);
        List<Deployer> deployers = orEmpty(engine.getCustomPreDeployers());
        deployers.add(0, new RefusingDeployer(new ModelCheck(steps)));
        engine.setCustomPreDeployers(deployers);
        List<BpmnParseListener> listeners = orEmpty(engine.getCustomPostBPMNParseListeners());
        listeners.add(new StepParseListener(steps, expressions));
        engine.setCustomPostBPMNParseListeners(listeners);
    }

    /** Tenants tell drafts from what is published; who may see what is a matter of authorisations alone. */
    private static void keepDraftsApart(ProcessEngineConfigurationImpl engine) {
        engine.setRepositoryService(new DraftingRepository());
        engine.setTenantIdProvider(new TrialTenant());
        engine.setTenantCheckEnabled(false);
    }

    private static <T> List<T> orEmpty(@org.jspecify.annotations.Nullable List<T> given) {
        return given == null ? new ArrayList<>() : new ArrayList<>(given);
    }

    /** Models contain no scripts; should one get in all the same, it finds no language. */
    private static final class NoScripts implements ScriptEngineResolver {

        @Override
        public void addScriptEngineFactory(javax.script.ScriptEngineFactory factory) {
            throw new ProcessEngineException("Scripts are switched off.");
        }

        @Override
        public javax.script.ScriptEngineManager getScriptEngineManager() {
            return new javax.script.ScriptEngineManager(ClassLoader.getPlatformClassLoader());
        }

        @Override
        public javax.script.ScriptEngine getScriptEngine(String language, boolean resolveFromCache) {
            throw new ProcessEngineException("Scripts are switched off. Use a step instead.");
        }
    }

    /** Models name steps, never classes. */
    private static final class NoClasses implements ArtifactFactory {

        @Override
        public <T> T getArtifact(Class<T> type) {
            throw new ProcessEngineException(
                    "A model cannot use the class " + type.getName() + ". Use a step instead.");
        }
    }
}
