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

/** Step {@code say}: speaks a text to the caller. */
@Component("say")
class SayStep implements Step {

    private final Calls calls;
    private final CallerLine line;
    private final StepSettings settings;

    SayStep(Calls calls, CallerLine line, StepSettings settings) {
        this.calls = calls;
        this.line = line;
        this.settings = settings;
    }

    @Override
    public Description description() {
        return new Description(
                "Say",
                Kind.TASK,
                "Speaks a text to the caller.",
                List.of(
                        Field.longText("text", "Text", "", true, "What is spoken; may contain ${variables}."),
                        Field.text("language", "Language", "", false, "For example en-US or de-DE.")),
                List.of());
    }

    @Override
    public void execute(DelegateExecution execution) {
        settings.text(execution, "text")
                .ifPresent(text -> line.next(
                        calls.open(CallOf.execution(execution)),
                        new MediaStep.Say(
                                text, settings.text(execution, "language").orElse(null))));
    }
}
