package io.cordboard.flow.engine;

import io.cordboard.platform.NodeGone;
import io.cordboard.platform.Nodes;
import org.camunda.bpm.engine.impl.jobexecutor.JobExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Jobs that a node had locked when it died are free at once instead of when their locks run out, and the timers it watched
 * are watched here.
 */
@Component
class JobTakeover {

    private static final Logger log = LoggerFactory.getLogger(JobTakeover.class);

    private final JobExecutor jobExecutor;
    private final JobExecutorLifecycle timers;
    private final JdbcClient jdbc;

    /** Locks carry the node's id from the first one on: the executor starts later. */
    JobTakeover(Nodes nodes, JobExecutor jobExecutor, JobExecutorLifecycle timers, JdbcClient jdbc) {
        this.jobExecutor = jobExecutor;
        this.timers = timers;
        this.jdbc = jdbc;
        jobExecutor.setLockOwner(nodes.me());
    }

    /** A new revision as well, so that the node, should it only have slept, cannot finish what it had begun. */
    @EventListener
    void on(NodeGone gone) {
        int jobs = jdbc.sql("UPDATE act_ru_job SET lock_owner_ = NULL, lock_exp_time_ = NULL, rev_ = rev_ + 1"
                        + " WHERE lock_owner_ = :node")
                .param("node", gone.node())
                .update();
        log.info("{} jobs of node {} are taken over", jobs, gone.node());
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                timers.watchAll();
                jobExecutor.jobWasAdded();
            }
        });
    }
}
