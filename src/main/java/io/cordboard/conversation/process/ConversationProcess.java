package io.cordboard.conversation.process;

import io.cordboard.flow.Variable;
import io.cordboard.shared.LegId;
import java.util.Set;

/** The names of {@code conversation.bpmn}. */
final class ConversationProcess {

    static final String HANDLE_CALL = "userTask_handleCall";
    /** One task for each way of wrapping up; a call is in one at most. */
    static final Set<String> WRAP_UPS =
            Set.of("userTask_wrapUp", "userTask_wrapUpMandatory", "userTask_wrapUpInTime", "userTask_wrapUpOptional");

    static final String LINE_ENDED = "conversation.lineEnded";

    /** {@code answered}, or why nobody did: {@code busy}, {@code no_answer}, {@code failed}, {@code canceled}. */
    static final Variable<String> PHONE = Variable.text("phone").transientOnly();

    /** Whether the caller, who was to be called back, could not be reached. */
    static final Variable<Boolean> CALLER_MISSED =
            Variable.yesNo("callerMissed").transientOnly();

    /** Whether the caller is on the line. */
    static final Variable<Boolean> CALLER_THERE = Variable.yesNo("callerThere").transientOnly();

    static final Variable<Boolean> AGENT_MISSED = Variable.yesNo("agentMissed").transientOnly();
    static final Variable<LegId> AGENT_LEG_ID =
            Variable.of("agentLegId", LegId::of).transientOnly();
    /** {@code caller} or {@code agent}; absent when the agent ended the call on the screen. */
    static final Variable<String> ENDED_BY = Variable.text("endedBy").transientOnly();

    static final Variable<String> NOTES = Variable.text("notes");
    static final Variable<String> DISPOSITION = Variable.text("disposition");
    /** Whose tasks these are. */
    static final Variable<String> AGENT_USERNAME = Variable.text("agentUsername");
    /** How the queue wraps up, in the words of {@link io.cordboard.routing.WrapUpMode}; kept only where it is not as usual. */
    static final Variable<String> WRAP_UP_MODE = Variable.text("wrapUpMode");

    /** Whether the agent asked for wrap-up during the talk. */
    static final Variable<Boolean> WRAP_UP_REQUESTED =
            Variable.yesNo("wrapUpRequested").transientOnly();
    /** How long the agent may write up, ISO 8601; needed until the task and its timer are made. */
    static final Variable<String> WRAP_UP_TIMEOUT =
            Variable.text("wrapUpTimeout").transientOnly();
    /** How long at the very most, ISO 8601. */
    static final Variable<String> WRAP_UP_LIMIT = Variable.text("wrapUpLimit").transientOnly();
    /** What may have come of the call, separated by commas; absent where any word may. */
    static final Variable<String> DISPOSITIONS = Variable.text("dispositions");

    private ConversationProcess() {}
}
