package io.cordboard.conversation.process;

import io.cordboard.flow.Variable;
import io.cordboard.shared.LegId;

/** The names of {@code conversation.bpmn}. */
final class ConversationProcess {

    static final String HANDLE_CALL = "userTask_handleCall";
    static final String WRAP_UP = "userTask_wrapUp";
    static final String LINE_ENDED = "conversation.lineEnded";

    /** {@code answered}, or why nobody did: {@code busy}, {@code no_answer}, {@code failed}, {@code canceled}. */
    static final Variable<String> PHONE = Variable.text("phone").transientOnly();

    static final Variable<Boolean> AGENT_MISSED = Variable.yesNo("agentMissed").transientOnly();
    static final Variable<LegId> AGENT_LEG_ID =
            Variable.of("agentLegId", LegId::of).transientOnly();
    /** {@code caller} or {@code agent}; absent when the agent ended the call on the screen. */
    static final Variable<String> ENDED_BY = Variable.text("endedBy").transientOnly();

    static final Variable<String> NOTES = Variable.text("notes");
    static final Variable<String> DISPOSITION = Variable.text("disposition");
    /** Whose tasks these are. */
    static final Variable<String> AGENT_USERNAME = Variable.text("agentUsername");
    /** How long the agent may write up, ISO 8601; needed until the task and its timer are made. */
    static final Variable<String> WRAP_UP_TIMEOUT =
            Variable.text("wrapUpTimeout").transientOnly();

    private ConversationProcess() {}
}
