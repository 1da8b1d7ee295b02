package io.cordboard.voicemail.process;

import static io.cordboard.voicemail.process.VoicemailProcess.FOLLOW_UP_AGENT;
import static io.cordboard.voicemail.process.VoicemailProcess.FOLLOW_UP_DUE;
import static io.cordboard.voicemail.process.VoicemailProcess.FOLLOW_UP_PRIORITY;
import static io.cordboard.voicemail.process.VoicemailProcess.MESSAGE_SECONDS;
import static io.cordboard.voicemail.process.VoicemailProcess.TRANSCRIPTION;

import io.cordboard.call.CallState;
import io.cordboard.call.Calls;
import io.cordboard.call.OpenCall;
import io.cordboard.events.EventLog;
import io.cordboard.flow.CallOf;
import io.cordboard.voicemail.Voicemails;
import io.cordboard.voicemail.Voicemails.Assigned;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Step {@code assignFollowUp}: the message becomes the work of an agent with the skills of the queue. */
@Component("assignFollowUp")
class AssignFollowUpStep implements JavaDelegate {

    /** Tasks are 50 where a model says nothing: whoever waits on the line comes first. */
    private static final int HIGHEST_PRIORITY = 49;

    private static final int PRIORITY = 25;

    private final Calls calls;
    private final Voicemails voicemails;
    private final EventLog log;

    AssignFollowUpStep(Calls calls, Voicemails voicemails, EventLog log) {
        this.calls = calls;
        this.voicemails = voicemails;
        this.log = log;
    }

    @Override
    public void execute(DelegateExecution execution) {
        OpenCall call = calls.open(CallOf.execution(execution));
        Assigned message = voicemails
                .assign(call.id())
                .orElseThrow(() -> new IllegalStateException("The call " + call.id() + " has left no message."));
        FOLLOW_UP_AGENT.set(execution, message.username() == null ? "" : message.username());
        TRANSCRIPTION.set(execution, message.transcription() == null ? "" : message.transcription());
        MESSAGE_SECONDS.set(execution, (int) message.seconds());
        FOLLOW_UP_DUE.set(
                execution, message.dueAt().truncatedTo(ChronoUnit.MILLIS).toString());
        FOLLOW_UP_PRIORITY.set(execution, Math.max(0, Math.min(PRIORITY + message.priority(), HIGHEST_PRIORITY)));
        call.becomes(CallState.FOLLOW_UP);
        call.endsBecause("voicemail");
        log.add(
                "voicemail.assigned",
                call.id(),
                message.agent(),
                Map.of("voicemail", message.id().toString()));
    }
}
