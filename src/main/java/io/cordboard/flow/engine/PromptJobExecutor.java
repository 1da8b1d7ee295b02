package io.cordboard.flow.engine;

import org.camunda.bpm.engine.impl.jobexecutor.JobExecutor;
import org.camunda.bpm.engine.impl.jobexecutor.SequentialJobAcquisitionRunnable;
import org.camunda.bpm.engine.spring.components.jobexecutor.SpringJobExecutor;

/**
 * A job executor that never misses a hint. Camunda's own forgets one that comes between its look into the database and
 * its sleep, and then finds the job seconds later.
 */
final class PromptJobExecutor extends SpringJobExecutor {

    @Override
    protected void ensureInitialization() {
        super.ensureInitialization();
        acquireJobsRunnable = new PromptAcquisition(this);
    }

    private static final class PromptAcquisition extends SequentialJobAcquisitionRunnable {

        private boolean hinted;

        PromptAcquisition(JobExecutor jobExecutor) {
            super(jobExecutor);
        }

        @Override
        public void jobWasAdded() {
            synchronized (MONITOR) {
                hinted = true;
                MONITOR.notifyAll();
            }
        }

        @Override
        protected void suspendAcquisition(long millis) {
            synchronized (MONITOR) {
                long end = System.nanoTime() + millis * 1_000_000;
                long left = millis;
                try {
                    while (!hinted && !isInterrupted && left > 0) {
                        isWaiting.set(true);
                        MONITOR.wait(left);
                        left = (end - System.nanoTime()) / 1_000_000;
                    }
                } catch (InterruptedException e) {
                    // Waking early only means looking into the database once more; stopping has its own flag.
                } finally {
                    isWaiting.set(false);
                    hinted = false;
                }
            }
        }
    }
}
