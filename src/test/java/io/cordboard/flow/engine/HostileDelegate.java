package io.cordboard.flow.engine;

import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.DelegateTask;
import org.camunda.bpm.engine.delegate.ExecutionListener;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.camunda.bpm.engine.delegate.TaskListener;

/** Leaves its mark when a model manages to have it executed or even loaded. */
public final class HostileDelegate implements JavaDelegate, ExecutionListener, TaskListener {

    static final String MARK = "cordboard.hostile";

    public HostileDelegate() {
        System.setProperty(MARK, "constructed");
    }

    @Override
    public void execute(DelegateExecution execution) {
        System.setProperty(MARK, "executed");
    }

    @Override
    public void notify(DelegateExecution execution) {
        System.setProperty(MARK, "execution listener");
    }

    @Override
    public void notify(DelegateTask task) {
        System.setProperty(MARK, "task listener");
    }

    /** For expressions. */
    public static String strike() {
        System.setProperty(MARK, "called");
        return "struck";
    }
}
