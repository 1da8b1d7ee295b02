package io.cordboard.call.process;

import io.cordboard.call.CallerLine;
import io.cordboard.call.Calls;
import io.cordboard.flow.CallOf;
import io.cordboard.flow.Step;
import io.cordboard.telephony.MediaStep;
import java.util.List;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** Step {@code hangUp}: ends the caller's line after what was said before. */
@Component("hangUp")
class HangUpStep implements Step {

    private final Calls calls;
    private final CallerLine line;

    HangUpStep(Calls calls, CallerLine line) {
        this.calls = calls;
        this.line = line;
    }

    @Override
    public Description description() {
        return new Description(
                "Hang up",
                Kind.TASK,
                "Ends the caller's line, after everything that was to be said before.",
                List.of(),
                List.of());
    }

    @Override
    public void execute(DelegateExecution execution) {
        line.next(calls.open(CallOf.execution(execution)), new MediaStep.HangUp());
    }
}
