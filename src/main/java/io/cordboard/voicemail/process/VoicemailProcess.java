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

    private VoicemailProcess() {}
}
