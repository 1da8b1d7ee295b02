package io.cordboard.voicemail.process;

import io.cordboard.call.CallerLine;
import io.cordboard.call.Calls;
import io.cordboard.call.OpenCall;
import io.cordboard.flow.CallOf;
import io.cordboard.telephony.CarrierCommand;
import io.cordboard.voicemail.Voicemails;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Step {@code dropMessage}: nothing was said, or too little, so nobody has to work on it, and nothing is kept. */
@Component("dropMessage")
class DropMessageStep implements JavaDelegate {

    private final Calls calls;
    private final CallerLine line;
    private final Voicemails voicemails;

    DropMessageStep(Calls calls, CallerLine line, Voicemails voicemails) {
        this.calls = calls;
        this.line = line;
        this.voicemails = voicemails;
    }

    @Override
    public void execute(DelegateExecution execution) {
        OpenCall call = calls.open(CallOf.execution(execution));
        voicemails
                .drop(call.id())
                .ifPresent(recording ->
                        line.command(call, new CarrierCommand.DeleteRecording(call.id(), call.callerLeg(), recording)));
    }
}
