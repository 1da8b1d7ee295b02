package io.cordboard.call.process;

import io.cordboard.flow.Variable;

/** The names of {@code inbound-call.bpmn}. */
final class InboundCallProcess {

    static final String ID = "inbound-call";
    static final String CALLER_HUNG_UP = "call.callerHungUp";

    static final Variable<String> CALLER_NUMBER = Variable.text("callerNumber");
    static final Variable<String> CALLED_NUMBER = Variable.text("calledNumber");
    static final Variable<Boolean> NUMBER_ASSIGNED =
            Variable.yesNo("numberAssigned").transientOnly();

    private InboundCallProcess() {}
}
