package io.cordboard.voicemail.process;

import static io.cordboard.voicemail.process.VoicemailProcess.CALL_BACK_RESULT;

import io.cordboard.call.Calls;
import io.cordboard.call.OpenCall;
import io.cordboard.flow.CallOf;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Step {@code endCallBack}: hangs up what is left of a call back that never came to an end. */
@Component("endCallBack")
class EndCallBackStep implements JavaDelegate {

    private final Calls calls;
    private final CallingBack callingBack;

    EndCallBackStep(Calls calls, CallingBack callingBack) {
        this.calls = calls;
        this.callingBack = callingBack;
    }

    @Override
    public void execute(DelegateExecution execution) {
        OpenCall call = calls.open(CallOf.execution(execution));
        call.stopAwaiting();
        CALL_BACK_RESULT.set(execution, callingBack.end(call, "too_long"));
    }
}
