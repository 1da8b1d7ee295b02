package io.cordboard.ivr.process;

import io.cordboard.call.CallerLine;
import io.cordboard.call.Calls;
import io.cordboard.flow.CallOf;
import io.cordboard.flow.Step;
import io.cordboard.flow.StepSettings;
import io.cordboard.telephony.MediaStep;
import java.util.List;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** Step {@code play}: plays a sound to the caller. */
@Component("play")
class PlayStep implements Step {

    private final Calls calls;
    private final CallerLine line;
    private final StepSettings settings;

    PlayStep(Calls calls, CallerLine line, StepSettings settings) {
        this.calls = calls;
        this.line = line;
        this.settings = settings;
    }

    @Override
    public Description description() {
        return new Description(
                "Play",
                Kind.TASK,
                "Plays a sound file to the caller.",
                List.of(Field.text(
                        "source", "Address of the sound", "", true, "https://… or a path of ours such as /media/….")),
                List.of());
    }

    @Override
    public void execute(DelegateExecution execution) {
        settings.text(execution, "source")
                .ifPresent(source -> line.next(calls.open(CallOf.execution(execution)), new MediaStep.Play(source)));
    }
}
