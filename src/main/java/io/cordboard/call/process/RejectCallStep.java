package io.cordboard.call.process;

import io.cordboard.call.CallerLine;
import io.cordboard.call.Calls;
import io.cordboard.flow.CallOf;
import io.cordboard.flow.Step;
import io.cordboard.flow.StepSettings;
import io.cordboard.telephony.MediaStep;
import java.util.List;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** Step {@code rejectCall}: refuses a call that was not answered yet. */
@Component("rejectCall")
class RejectCallStep implements Step {

    private final Calls calls;
    private final CallerLine line;
    private final StepSettings settings;

    RejectCallStep(Calls calls, CallerLine line, StepSettings settings) {
        this.calls = calls;
        this.line = line;
        this.settings = settings;
    }

    @Override
    public Description description() {
        return new Description(
                "Reject call",
                Kind.TASK,
                "Refuses the call before it is answered. The caller pays nothing.",
                List.of(Field.choice("tone", "What the caller hears", "notInService", "", "notInService", "busy")),
                List.of());
    }

    @Override
    public void execute(DelegateExecution execution) {
        boolean busy = settings.text(execution, "tone").filter("busy"::equals).isPresent();
        line.next(calls.open(CallOf.execution(execution)), new MediaStep.Reject(busy));
    }
}
