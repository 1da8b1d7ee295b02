package io.cordboard.ivr.process;

import io.cordboard.call.CallerLine;
import io.cordboard.call.Calls;
import io.cordboard.call.OpenCall;
import io.cordboard.flow.CallOf;
import io.cordboard.flow.Step;
import io.cordboard.flow.StepSettings;
import io.cordboard.flow.Variable;
import io.cordboard.telephony.MediaStep;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** Step {@code ask}: asks the caller for keys or words and waits for them. */
@Component("ask")
class AskStep implements Step {

    private static final Variable<Integer> ATTEMPTS = Variable.number("attempts");

    private final Calls calls;
    private final CallerLine line;
    private final StepSettings settings;

    AskStep(Calls calls, CallerLine line, StepSettings settings) {
        this.calls = calls;
        this.line = line;
        this.settings = settings;
    }

    @Override
    public Description description() {
        return new Description(
                "Ask",
                Kind.WAIT,
                "Asks the caller for keys or spoken words and waits for the answer. Without one it goes on with empty results.",
                List.of(
                        Field.longText("text", "Question", "", true, "What is spoken; keys are taken meanwhile."),
                        Field.text("language", "Language", "", false, "For example en-US or de-DE."),
                        Field.number(
                                "maxDigits", "Number of keys", "1", "The answer is complete after this many keys."),
                        Field.text("finishOnKey", "Finish on key", "#", false, "A key that ends the answer early."),
                        Field.duration("timeout", "Wait for an answer", "PT5S", "ISO 8601, for example PT5S."),
                        Field.yesNo("speech", "Spoken words too", true, "Whether the caller may also speak."),
                        Field.text("hints", "Expected words", "", false, "Separated by commas.")),
                List.of(
                        new Result("digits", "the keys pressed, empty when none"),
                        new Result("speech", "the words spoken in lower case, empty when none"),
                        new Result(ATTEMPTS.name(), "how many times this process has asked")));
    }

    @Override
    public void execute(DelegateExecution execution) {
        OpenCall call = calls.open(CallOf.execution(execution));
        ATTEMPTS.set(
                execution.getProcessInstance(), ATTEMPTS.optionalIn(execution).orElse(0) + 1);
        String language = settings.text(execution, "language").orElse(null);
        List<MediaStep> prompts = settings.text(execution, "text")
                .<List<MediaStep>>map(text -> List.of(new MediaStep.Say(text, language)))
                .orElse(List.of());
        line.next(
                call,
                new MediaStep.Ask(
                        call.awaitAnswer(execution.getId()),
                        prompts,
                        settings.number(execution, "maxDigits", 1),
                        settings.text(execution, "finishOnKey").orElse(null),
                        settings.duration(execution, "timeout", Duration.ofSeconds(5)),
                        settings.yesNo(execution, "speech", false),
                        language,
                        settings.text(execution, "hints").stream()
                                .flatMap(hints -> Arrays.stream(hints.split(",")))
                                .map(String::strip)
                                .toList()));
    }
}
