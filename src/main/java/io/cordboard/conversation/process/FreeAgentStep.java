package io.cordboard.conversation.process;

import io.cordboard.call.Calls;
import io.cordboard.flow.CallOf;
import io.cordboard.routing.Reservations;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Step {@code freeAgent}: the agent is free for the next call, whether or not there is something left to write up. */
@Component("freeAgent")
class FreeAgentStep implements JavaDelegate {

    private final Calls calls;
    private final Reservations reservations;

    FreeAgentStep(Calls calls, Reservations reservations) {
        this.calls = calls;
        this.reservations = reservations;
    }

    @Override
    public void execute(DelegateExecution execution) {
        reservations.complete(calls.open(CallOf.execution(execution)).id());
    }
}
