package io.cordboard.flow.engine;

import java.util.Date;
import org.camunda.bpm.engine.impl.cfg.TransactionState;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.interceptor.Session;
import org.camunda.bpm.engine.impl.interceptor.SessionFactory;
import org.camunda.bpm.engine.impl.persistence.entity.JobEntity;
import org.camunda.bpm.engine.impl.persistence.entity.JobManager;
import org.camunda.bpm.engine.impl.persistence.entity.TimerEntity;

/** Has the job executor woken at the moment a timer is due, once the transaction that created the timer is committed. */
final class PreciseJobManager extends JobManager {

    private final WakeUps wakeUps;

    private PreciseJobManager(WakeUps wakeUps) {
        this.wakeUps = wakeUps;
    }

    @Override
    public void schedule(TimerEntity timer) {
        super.schedule(timer);
        wakeAt(timer, timer.getDuedate());
    }

    @Override
    public void reschedule(JobEntity job, Date newDueDate) {
        super.reschedule(job, newDueDate);
        wakeAt(job, newDueDate);
    }

    @Override
    public void deleteJob(JobEntity job, boolean fireDeleteEvent) {
        super.deleteJob(job, fireDeleteEvent);
        if (job instanceof TimerEntity) {
            String id = job.getId();
            afterCommit(() -> wakeUps.forget(id));
        }
    }

    private void wakeAt(JobEntity job, Date due) {
        String id = job.getId();
        var moment = due.toInstant();
        afterCommit(() -> wakeUps.at(id, moment));
    }

    private static void afterCommit(Runnable action) {
        Context.getCommandContext()
                .getTransactionContext()
                .addTransactionListener(TransactionState.COMMITTED, context -> action.run());
    }

    record Factory(WakeUps wakeUps) implements SessionFactory {

        @Override
        public Class<?> getSessionType() {
            return JobManager.class;
        }

        @Override
        public Session openSession() {
            return new PreciseJobManager(wakeUps);
        }
    }
}
