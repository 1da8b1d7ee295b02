package io.cordboard.voicemail.process;

import static io.cordboard.voicemail.process.VoicemailProcess.CALL_BACK_AT;
import static io.cordboard.voicemail.process.VoicemailProcess.CALL_BACK_LATER;
import static io.cordboard.voicemail.process.VoicemailProcess.COMPLETED_BY;
import static io.cordboard.voicemail.process.VoicemailProcess.FOLLOW_UP;
import static io.cordboard.voicemail.process.VoicemailProcess.NOTES;
import static io.cordboard.voicemail.process.VoicemailProcess.OUTCOME;

import io.cordboard.call.CallState;
import io.cordboard.call.Calls;
import io.cordboard.call.OpenCall;
import io.cordboard.customer.Account;
import io.cordboard.flow.CallTasks;
import io.cordboard.flow.CallTasks.TooLateException;
import io.cordboard.shared.VoicemailId;
import io.cordboard.voicemail.Voicemails;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Somebody says what came of a message, from outside Tasklist: the agent whose work it is, or a supervisor. */
@Service
public class FinishMessage {

    private final Voicemails voicemails;
    private final Calls calls;
    private final CallTasks tasks;
    private final TransactionTemplate transaction;

    FinishMessage(Voicemails voicemails, Calls calls, CallTasks tasks, TransactionTemplate transaction) {
        this.voicemails = voicemails;
        this.calls = calls;
        this.tasks = tasks;
        this.transaction = transaction;
    }

    public Outcome finish(VoicemailId message, Account me, Said said) {
        try {
            return CallTasks.untilDecided(() -> Objects.requireNonNull(transaction.execute(status -> voicemails
                    .whose(message)
                    .filter(whose -> whose.mayBeWorkedOnBy(me))
                    .flatMap(whose -> calls.find(whose.call()))
                    .map(call -> finish(call, me, said))
                    .orElse(Outcome.NOT_YOURS))));
        } catch (TooLateException faster) {
            return Outcome.NOT_NOW;
        }
    }

    private Outcome finish(OpenCall call, Account me, Said said) {
        Map<String, Object> answers =
                new HashMap<>(Map.ofEntries(OUTCOME.with(said.outcome), COMPLETED_BY.with(me.username())));
        if (said.notes != null) {
            answers.putAll(Map.ofEntries(NOTES.with(said.notes)));
        }
        if (said.again != null) {
            answers.putAll(Map.ofEntries(CALL_BACK_AT.with(said.again.toString())));
        }
        boolean done = call.state() == CallState.FOLLOW_UP && tasks.complete(call.id(), FOLLOW_UP, answers);
        return done ? Outcome.DONE : Outcome.NOT_NOW;
    }

    /** What became of the request. */
    public enum Outcome {
        DONE,
        /** The message does not wait: it is being recorded, called back, put off, or done. */
        NOT_NOW,
        /** There is no such message, or it is not their work. */
        NOT_YOURS
    }

    /**
     * What came of a message.
     *
     * @param outcome a word of the follow-up form
     * @param notes kept as a note of the call; null for none
     * @param again when the task comes back, where it was put off; null otherwise
     */
    public record Said(String outcome, @Nullable String notes, @Nullable Instant again) {

        /** Whether the message is put off, for which a time is needed. */
        public boolean later() {
            return outcome.equals(CALL_BACK_LATER);
        }
    }
}
