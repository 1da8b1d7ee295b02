package io.cordboard.voicemail.process;

import org.camunda.bpm.engine.BadUserRequestException;

/** Nobody can be called back now: the follow-up task stays as it is. Tasklist shows the message. */
class CallBackRefusedException extends BadUserRequestException {

    private final Reason reason;

    CallBackRefusedException(Reason reason) {
        super(reason.message);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }

    enum Reason {
        NOT_FREE("You are in a call, or asked to take one. Call back when you are free."),
        NO_PHONE("You have no phone that could ring. An administrator can add one."),
        NO_NUMBER("The caller did not show a number that could be called.");

        private final String message;

        Reason(String message) {
            this.message = message;
        }
    }
}
