package io.cordboard.voicemail.process;

import static io.cordboard.voicemail.process.VoicemailProcess.CALL_BACK_NOW;
import static io.cordboard.voicemail.process.VoicemailProcess.COMPLETED_BY;
import static io.cordboard.voicemail.process.VoicemailProcess.FOLLOW_UP;
import static io.cordboard.voicemail.process.VoicemailProcess.OUTCOME;

import io.cordboard.call.CallState;
import io.cordboard.call.Calls;
import io.cordboard.call.OpenCall;
import io.cordboard.customer.Account;
import io.cordboard.flow.CallTasks;
import io.cordboard.flow.CallTasks.TooLateException;
import io.cordboard.shared.VoicemailId;
import io.cordboard.voicemail.Voicemails;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Somebody calls back whoever left a message, from outside Tasklist: the agent whose work it is, or a supervisor on their
 * own phones. It completes the follow-up task, which is open again when the call back is over.
 */
@Service
public class CallBackMessage {

    private final Voicemails voicemails;
    private final Calls calls;
    private final CallTasks tasks;
    private final TransactionTemplate transaction;

    CallBackMessage(Voicemails voicemails, Calls calls, CallTasks tasks, TransactionTemplate transaction) {
        this.voicemails = voicemails;
        this.calls = calls;
        this.tasks = tasks;
        this.transaction = transaction;
    }

    public Outcome begin(VoicemailId message, Account me) {
        try {
            return CallTasks.untilDecided(() -> Objects.requireNonNull(transaction.execute(status -> voicemails
                    .whose(message)
                    .filter(whose -> whose.mayBeWorkedOnBy(me))
                    .flatMap(whose -> calls.find(whose.call()))
                    .map(call -> begin(call, me))
                    .orElseGet(NotYours::new))));
        } catch (CallBackRefusedException refused) {
            return switch (refused.reason()) {
                case NOT_FREE -> new NotFree();
                case NO_PHONE -> new NoPhone();
                case NO_NUMBER -> new NoNumber();
            };
        } catch (TooLateException faster) {
            return new NotNow();
        }
    }

    private Outcome begin(OpenCall call, Account me) {
        boolean begun = call.state() == CallState.FOLLOW_UP
                && tasks.complete(
                        call.id(),
                        FOLLOW_UP,
                        Map.ofEntries(OUTCOME.with(CALL_BACK_NOW), COMPLETED_BY.with(me.username())));
        return begun ? new Begun() : new NotNow();
    }

    /** What came of it. */
    public sealed interface Outcome permits Begun, NotNow, NotFree, NoPhone, NoNumber, NotYours {}

    /** Their phones ring. */
    public record Begun() implements Outcome {}

    /** The message does not wait to be worked on: it is being recorded, called back, put off, or done. */
    public record NotNow() implements Outcome {}

    /** They are in a call, or asked to take one. */
    public record NotFree() implements Outcome {}

    /** They have no phone. */
    public record NoPhone() implements Outcome {}

    /** The caller showed no number. */
    public record NoNumber() implements Outcome {}

    /** There is no such message, or it is not their work. */
    public record NotYours() implements Outcome {}
}
