package io.cordboard.flow;

import io.cordboard.shared.CallId;
import org.camunda.bpm.engine.delegate.DelegateExecution;

/** Which call a process runs for: the business key of every process of a call is the call's id. */
public final class CallOf {

    private CallOf() {}

    /** @throws IllegalStateException when the process was started without a call, for example by hand */
    public static CallId execution(DelegateExecution execution) {
        String key = execution.getProcessBusinessKey();
        if (key == null) {
            throw new IllegalStateException("This process runs without a call: it has no business key. "
                    + "Pass it on with <camunda:in businessKey=\"#{execution.processBusinessKey}\"/>.");
        }
        return CallId.of(key);
    }
}
