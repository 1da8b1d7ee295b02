package io.cordboard.routing.process;

import io.cordboard.flow.Variable;

/** The names of {@code queue-reservation.bpmn}. */
final class QueueReservationProcess {

    static final String ACCEPT_CALL = "userTask_acceptCall";

    static final Variable<String> QUEUE_NAME = Variable.text("queueName");
    static final Variable<Boolean> QUEUE_KNOWN = Variable.yesNo("queueKnown").transientOnly();
    /** {@code found}, {@code wait} or {@code over}. */
    static final Variable<String> SEARCH = Variable.text("search").transientOnly();
    /** How long the caller may still wait, ISO 8601. */
    static final Variable<String> WAIT_TIMEOUT = Variable.text("waitTimeout").transientOnly();
    /** How long the agent may think, ISO 8601. */
    static final Variable<String> RESERVATION_TIMEOUT =
            Variable.text("reservationTimeout").transientOnly();

    /** Who is asked; needed only until their task is made. */
    static final Variable<String> AGENT_ASKED = Variable.text("agentUsername").transientOnly();

    static final Variable<Integer> WAITED_SECONDS = Variable.number("waitedSeconds");
    static final Variable<String> DECISION = Variable.text("decision");
    static final Variable<String> REJECT_REASON = Variable.text("rejectReason");
    static final Variable<Boolean> OFFER_TAKEN = Variable.yesNo("offerTaken").transientOnly();

    private QueueReservationProcess() {}
}
