package io.cordboard.routing.process;

import io.cordboard.call.Calls;
import io.cordboard.flow.CallOf;
import io.cordboard.flow.Step;
import java.util.List;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** Step {@code awaitCallBackHour}: waits until the caller may be called; when their line of before ends, we look again. */
@Component("awaitCallBackHour")
class AwaitCallBackHourStep implements Step {

    private final Calls calls;

    AwaitCallBackHourStep(Calls calls) {
        this.calls = calls;
    }

    @Override
    public Description description() {
        return new Description(
                "Wait for the hour",
                Kind.WAIT,
                "Nobody is looked for until the caller may be called. A timer on it says when.",
                List.of(),
                List.of());
    }

    @Override
    public void execute(DelegateExecution execution) {
        calls.open(CallOf.execution(execution)).awaitAnswer(execution.getId());
    }
}
