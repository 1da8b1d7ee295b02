package io.cordboard.voicemail.process;

import static io.cordboard.voicemail.process.VoicemailProcess.MESSAGE_SECONDS;
import static io.cordboard.voicemail.process.VoicemailProcess.SHORTEST_MESSAGE;
import static io.cordboard.voicemail.process.VoicemailProcess.VOICEMAIL_ID;

import io.cordboard.call.CallState;
import io.cordboard.call.CallerLine;
import io.cordboard.call.Calls;
import io.cordboard.call.OpenCall;
import io.cordboard.flow.CallOf;
import io.cordboard.flow.Step;
import io.cordboard.flow.StepSettings;
import io.cordboard.telephony.MediaStep;
import io.cordboard.voicemail.Voicemails;
import io.cordboard.voicemail.Voicemails.Begun;
import java.time.Duration;
import java.util.List;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** Step {@code recordMessage}: records what the caller says, until a key, silence or the hang-up ends it. */
@Component("recordMessage")
class RecordMessageStep implements Step {

    private final Calls calls;
    private final CallerLine line;
    private final Voicemails voicemails;
    private final StepSettings settings;

    RecordMessageStep(Calls calls, CallerLine line, Voicemails voicemails, StepSettings settings) {
        this.calls = calls;
        this.line = line;
        this.voicemails = voicemails;
        this.settings = settings;
    }

    @Override
    public Description description() {
        return new Description(
                "Record message",
                Kind.WAIT,
                "Records a message of the caller until a key, silence or the hang-up ends it.",
                List.of(
                        Field.duration("maxLength", "Longest message", "PT2M", "At most PT2M with a transcription."),
                        Field.duration("silence", "Silence that ends it", "PT5S", "ISO 8601, for example PT5S."),
                        Field.text("finishOnKey", "Finish on key", "#", false, "A key that ends the message."),
                        Field.yesNo("transcribe", "Write it down", true, "Whether the message becomes text as well.")),
                List.of(
                        new Result(MESSAGE_SECONDS.name(), "how long the message is"),
                        new Result(SHORTEST_MESSAGE.name(), "how long it must be to be somebody's work, in seconds"),
                        new Result(VOICEMAIL_ID.name(), "the message's id")));
    }

    @Override
    public void execute(DelegateExecution execution) {
        OpenCall call = calls.open(CallOf.execution(execution));
        Begun message = voicemails.begin(call.id());
        VOICEMAIL_ID.set(execution.getProcessInstance(), message.id());
        SHORTEST_MESSAGE.set(
                execution.getProcessInstance(), (int) message.shortest().toSeconds());
        MESSAGE_SECONDS.set(execution.getProcessInstance(), 0);
        call.becomes(CallState.RECORDING);
        line.next(
                call,
                new MediaStep.Record(
                        call.awaitAnswer(execution.getId()),
                        settings.duration(execution, "maxLength", Duration.ofMinutes(2)),
                        settings.duration(execution, "silence", Duration.ofSeconds(5)),
                        settings.text(execution, "finishOnKey").orElse(null),
                        settings.yesNo(execution, "transcribe", true)));
    }
}
