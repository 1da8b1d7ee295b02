package io.cordboard.voicemail.process;

import io.cordboard.call.Calls;
import io.cordboard.events.EventLog;
import io.cordboard.flow.CallOf;
import io.cordboard.shared.CallId;
import io.cordboard.voicemail.Voicemails;
import java.util.Map;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Step {@code tellFollowUpOverdue}: nobody has worked on the message in time; supervisors are told, the task stays. */
@Component("tellFollowUpOverdue")
class TellFollowUpOverdueStep implements JavaDelegate {

    private final Calls calls;
    private final Voicemails voicemails;
    private final EventLog log;

    TellFollowUpOverdueStep(Calls calls, Voicemails voicemails, EventLog log) {
        this.calls = calls;
        this.voicemails = voicemails;
        this.log = log;
    }

    @Override
    public void execute(DelegateExecution execution) {
        CallId call = calls.open(CallOf.execution(execution)).id();
        voicemails
                .overdue(call)
                .ifPresent(message -> log.add(
                        "voicemail.overdue",
                        call,
                        message.agent(),
                        Map.of("voicemail", message.id().toString())));
    }
}
