package io.cordboard.voicemail.process;

import io.cordboard.flow.Variable;
import io.cordboard.shared.VoicemailId;

/** The names of {@code timeout-to-voicemail.bpmn}. */
final class VoicemailProcess {

    static final String ID = "timeout-to-voicemail";

    /** Seconds the caller spoke; absent when the carrier has not told. */
    static final Variable<Integer> MESSAGE_SECONDS = Variable.number("messageSeconds");

    static final Variable<VoicemailId> VOICEMAIL_ID = Variable.of("voicemailId", VoicemailId::of);
    static final Variable<String> TRANSCRIPTION = Variable.text("transcription");
    static final Variable<String> FOLLOW_UP_AGENT = Variable.text("followUpAgent");
    static final Variable<String> OUTCOME = Variable.text("outcome");
    static final Variable<String> NOTES = Variable.text("notes");
    /** When the agent wants to try again, ISO 8601. */
    static final Variable<String> CALL_BACK_AT = Variable.text("callBackAt");

    /** What is shorter is nobody's work, in seconds. */
    static final Variable<Integer> SHORTEST_MESSAGE = Variable.number("shortestMessage");

    /** When the message should have been worked on, ISO 8601. */
    static final Variable<String> FOLLOW_UP_DUE = Variable.text("followUpDue");
    /** Of the task, below that of a call that is offered. */
    static final Variable<Integer> FOLLOW_UP_PRIORITY = Variable.number("followUpPriority");

    static final String FOLLOW_UP = "userTask_followUpVoicemail";

    /** The outcome that means: not yet, somebody calls back at once. */
    static final String CALL_BACK_NOW = "callBackNow";

    /** The outcome that means: not yet, and when it comes back. */
    static final String CALL_BACK_LATER = "callBackLater";

    /** User name of who completed the follow-up elsewhere than in Tasklist. */
    static final Variable<String> COMPLETED_BY = Variable.text("completedBy").transientOnly();
    /** What became of the last attempt, see {@link io.cordboard.voicemail.CallBacks}. */
    static final Variable<String> CALL_BACK_RESULT = Variable.text("callBackResult");

    private VoicemailProcess() {}
}
