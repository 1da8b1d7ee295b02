package io.cordboard.ivr.process;

import io.cordboard.call.CallerLine;
import io.cordboard.call.Calls;
import io.cordboard.flow.CallOf;
import io.cordboard.flow.Step;
import io.cordboard.flow.StepSettings;
import io.cordboard.telephony.MediaStep;
import java.time.Duration;
import java.util.List;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** Step {@code pause}: a moment of silence. */
@Component("pause")
class PauseStep implements Step {

    private final Calls calls;
    private final CallerLine line;
    private final StepSettings settings;

    PauseStep(Calls calls, CallerLine line, StepSettings settings) {
        this.calls = calls;
        this.line = line;
        this.settings = settings;
    }

    @Override
    public Description description() {
        return new Description(
                "Pause",
                Kind.TASK,
                "A moment of silence before the next step.",
                List.of(Field.duration("length", "Length", "PT1S", "ISO 8601, for example PT1S.")),
                List.of());
    }

    @Override
    public void execute(DelegateExecution execution) {
        line.next(
                calls.open(CallOf.execution(execution)),
                new MediaStep.Pause(settings.duration(execution, "length", Duration.ofSeconds(1))));
    }
}
