package io.cordboard.routing.process;

import io.cordboard.call.OpenCall;
import io.cordboard.flow.Variable;

/** The names of {@code call-back.bpmn}. */
final class CallBackProcess {

    /**
     * Whether the caller may be called: {@code unpromised}, {@code now}, {@code later}, {@code over} or
     * {@code called_again}.
     */
    static final Variable<String> PLAN = Variable.text("callBackPlan").transientOnly();
    /** {@link #GOES_ON}, or why the caller leaves the queue: {@code call_back_failed} or {@code called_again}. */
    static final Variable<String> ENDED = Variable.text("callBackEnded");

    static final String GOES_ON = "goes_on";
    static final String FAILED = "call_back_failed";
    static final String CALLED_AGAIN = "called_again";

    /** How long until they may, ISO 8601. */
    static final Variable<String> CALL_BACK_IN = Variable.text("callBackIn").transientOnly();
    /** How long they may be called from now on, ISO 8601. */
    static final Variable<String> TURN_TIMEOUT = Variable.text("turnTimeout").transientOnly();

    /** {@code answered}, or why nobody did: {@code busy}, {@code no_answer}, {@code failed}, {@code canceled}. */
    static final Variable<String> CALLER_REACHED =
            Variable.text("callerReached").transientOnly();

    private CallBackProcess() {}

    /**
     * How a caller leaves a queue: nobody who is not on the line is sent on to an announcement or a voicemail.
     *
     * @param exit what it would be for one who is
     */
    static String exit(OpenCall call, String exit) {
        return call.awaitsCallBack() && !exit.equals(CALLED_AGAIN) ? FAILED : exit;
    }
}
