package io.cordboard.voicemail.process;

import static io.cordboard.voicemail.process.VoicemailProcess.NOTES;
import static io.cordboard.voicemail.process.VoicemailProcess.OUTCOME;

import io.cordboard.call.Calls;
import io.cordboard.call.Notes;
import io.cordboard.call.OpenCall;
import io.cordboard.flow.CallOf;
import io.cordboard.voicemail.Voicemails;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Step {@code closeFollowUp}: keeps what became of the message. */
@Component("closeFollowUp")
class CloseFollowUpStep implements JavaDelegate {

    private final Calls calls;
    private final Notes notes;
    private final Voicemails voicemails;

    CloseFollowUpStep(Calls calls, Notes notes, Voicemails voicemails) {
        this.calls = calls;
        this.notes = notes;
        this.voicemails = voicemails;
    }

    @Override
    public void execute(DelegateExecution execution) {
        OpenCall call = calls.open(CallOf.execution(execution));
        voicemails.done(call.id(), OUTCOME.optionalIn(execution).orElse("done"));
        NOTES.optionalIn(execution).ifPresent(text -> notes.add(call.id(), null, text));
    }
}
