package io.cordboard.conversation.process;

import io.cordboard.call.Calls;
import io.cordboard.flow.CallOf;
import io.cordboard.routing.WrapUps;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Step {@code tellOverdue}: the wrap-up takes longer than the queue has it; supervisors are told, the agent goes on. */
@Component("tellOverdue")
class TellOverdueStep implements JavaDelegate {

    private final Calls calls;
    private final WrapUps wrapUps;

    TellOverdueStep(Calls calls, WrapUps wrapUps) {
        this.calls = calls;
        this.wrapUps = wrapUps;
    }

    @Override
    public void execute(DelegateExecution execution) {
        wrapUps.overdue(calls.open(CallOf.execution(execution)).id());
    }
}
