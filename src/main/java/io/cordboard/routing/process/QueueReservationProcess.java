package io.cordboard.routing.process;

import io.cordboard.flow.Variable;
import io.cordboard.shared.AgentId;
import org.camunda.bpm.engine.delegate.VariableScope;
import org.jspecify.annotations.Nullable;

/** The names of {@code queue-reservation.bpmn}. */
final class QueueReservationProcess {

    static final String ACCEPT_CALL = "userTask_acceptCall";

    static final Variable<String> QUEUE_NAME = Variable.text("queueName");

    /** Whether the queue took the caller, or why not. */
    static final Variable<String> ENTRY = Variable.text("entry").transientOnly();
    /** How the caller left the queue: {@code accepted}, or the reason why without an agent. */
    static final Variable<String> EXIT = Variable.text("queueExit").transientOnly();
    /** How many queues the caller has been in, or was not let in, without an agent. */
    static final Variable<Integer> QUEUES_TRIED = Variable.number("queuesTried").transientOnly();

    /** How many agents are asked at the same time. */
    static final Variable<Integer> ASKING = Variable.number("asking").transientOnly();
    /** When one of several may be asked, ISO 8601; {@code PT0S} for now. */
    static final Variable<String> TURN_IN = Variable.text("turnIn").transientOnly();

    /** {@code found}, {@code wait}, {@code over}, or why the wait ends: {@code key}, {@code no_agents}, {@code unavailable}. */
    static final Variable<String> SEARCH = Variable.text("search").transientOnly();
    /** How long the caller may still wait, ISO 8601. */
    static final Variable<String> WAIT_TIMEOUT = Variable.text("waitTimeout").transientOnly();
    /** How long the agent may think, ISO 8601. */
    static final Variable<String> RESERVATION_TIMEOUT =
            Variable.text("reservationTimeout").transientOnly();

    /** Who is asked; needed only until their task is made. */
    static final Variable<String> AGENT_ASKED = Variable.text("agentUsername").transientOnly();

    /** Whether the agent is not asked but rung at once. */
    static final Variable<Boolean> AUTO_ACCEPT = Variable.yesNo("autoAccept").transientOnly();

    /** Whether the caller is not on the line but is called back; absent for callers who never were. */
    static final Variable<Boolean> CALL_BACK = Variable.yesNo("callBack");

    static final Variable<Integer> WAITED_SECONDS = Variable.number("waitedSeconds");
    /** {@code accept}, {@code reject}, or {@code redirect} to another {@link #QUEUE_NAME}. */
    static final Variable<String> DECISION = Variable.text("decision");

    static final Variable<String> REJECT_REASON = Variable.text("rejectReason");
    /** True when this call shall never be offered to this agent again. */
    static final Variable<Boolean> NOT_AGAIN = Variable.yesNo("notAgain");

    /** Where several agents are asked at once: the id of the one asked in this place of the flow. */
    static final Variable<AgentId> ASKED = Variable.of("askedAgent", AgentId::of);

    /**
     * Whether an agent has the call. Told on each way out: a process that calls this one would otherwise be given a stored
     * null, which the engine does not let a passing value replace when the next queue brings an agent.
     */
    static final Variable<Boolean> OFFER_TAKEN = Variable.yesNo("offerTaken").transientOnly();

    private QueueReservationProcess() {}

    /** Who is asked in this place of the flow; null where only one agent is. */
    static @Nullable AgentId asked(VariableScope flow) {
        return ASKED.optionalIn(flow).orElse(null);
    }

    /** Whether this place of the flow is one of several in which an agent is asked. */
    static boolean isOneOfSeveral(VariableScope flow) {
        return flow.hasVariable("loopCounter");
    }
}
