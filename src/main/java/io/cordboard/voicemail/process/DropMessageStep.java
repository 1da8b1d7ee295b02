package io.cordboard.voicemail.process;

import io.cordboard.call.Calls;
import io.cordboard.flow.CallOf;
import io.cordboard.voicemail.Voicemails;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Step {@code dropMessage}: nothing was said, so nobody has to work on it. */
@Component("dropMessage")
class DropMessageStep implements JavaDelegate {

    private final Calls calls;
    private final Voicemails voicemails;

    DropMessageStep(Calls calls, Voicemails voicemails) {
        this.calls = calls;
        this.voicemails = voicemails;
    }

    @Override
    public void execute(DelegateExecution execution) {
        voicemails.drop(calls.open(CallOf.execution(execution)).id());
    }
}
