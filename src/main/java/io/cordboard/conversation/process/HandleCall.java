package io.cordboard.conversation.process;

import static io.cordboard.conversation.process.ConversationProcess.DISPOSITION;
import static io.cordboard.conversation.process.ConversationProcess.HANDLE_CALL;
import static io.cordboard.conversation.process.ConversationProcess.NOTES;
import static io.cordboard.conversation.process.ConversationProcess.WRAP_UPS;

import io.cordboard.call.CallState;
import io.cordboard.call.Calls;
import io.cordboard.call.Notes;
import io.cordboard.call.OpenCall;
import io.cordboard.customer.Account;
import io.cordboard.customer.Accounts;
import io.cordboard.events.EventLog;
import io.cordboard.flow.CallTasks;
import io.cordboard.flow.CallTasks.TooLateException;
import io.cordboard.routing.WrapUpMode;
import io.cordboard.routing.WrapUps;
import io.cordboard.shared.CallId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What an agent does with a call from outside Tasklist: ends it, writes notes, wraps it up. Supervisors and administrators
 * may do it in the agent's place. Ending and wrapping up complete the agent's user task, as Tasklist does.
 */
@Service
public class HandleCall {

    private final Calls calls;
    private final Notes notes;
    private final Accounts accounts;
    private final CallTasks tasks;
    private final WrapUps wrapUps;
    private final EventLog log;
    private final TransactionTemplate transaction;

    HandleCall(
            Calls calls,
            Notes notes,
            Accounts accounts,
            CallTasks tasks,
            WrapUps wrapUps,
            EventLog log,
            TransactionTemplate transaction) {
        this.calls = calls;
        this.notes = notes;
        this.accounts = accounts;
        this.tasks = tasks;
        this.wrapUps = wrapUps;
        this.log = log;
        this.transaction = transaction;
    }

    /** Nobody hears anybody any longer; the agent goes on to wrap-up. */
    public Outcome end(CallId call, Account me, @Nullable String text) {
        Map<String, Object> answers = new HashMap<>();
        put(answers, NOTES.name(), text);
        return complete(call, me, Set.of(HANDLE_CALL), answers);
    }

    /** The agent wants time to write up after the talk, in a queue that leaves it to them. */
    public Outcome requestWrapUp(CallId call, Account me) {
        return inCall(call, me, open -> wrapUps.request(call)
                .<Outcome>map(mode -> mode == WrapUpMode.AGENT_REQUESTED
                        ? new Done(open.state(), open.endReason().orElse(null))
                        : new NotRequestable(mode))
                .orElseGet(() -> new NotNow(open.state())));
    }

    /**
     * Wrap-up is over and the agent free again.
     *
     * @param disposition what came of the call, one of the queue's own where it has any
     */
    public Outcome wrapUp(CallId call, Account me, String disposition, @Nullable String text) {
        Map<String, Object> answers = new HashMap<>();
        put(answers, DISPOSITION.name(), disposition);
        put(answers, NOTES.name(), text);
        try {
            return complete(call, me, WRAP_UPS, answers);
        } catch (UnknownDispositionException unknown) {
            return new NotAllowed(unknown.allowed());
        }
    }

    /** Keeps a note, at any time, also when the call is over. */
    public Outcome note(CallId call, Account me, String text) {
        return inCall(call, me, open -> {
            notes.add(call, me.id(), text);
            log.add("call.noted", call, me.id(), Map.of());
            return new Done(open.state(), open.endReason().orElse(null));
        });
    }

    private Outcome complete(CallId call, Account me, Set<String> task, Map<String, Object> answers) {
        try {
            return CallTasks.untilDecided(() -> inCall(call, me, open -> {
                String assignee = open.agent()
                        .flatMap(accounts::byId)
                        .map(Account::username)
                        .orElse("");
                return tasks.complete(call, task, assignee, answers)
                        ? new Done(open.state(), open.endReason().orElse(null))
                        : new NotNow(open.state());
            }));
        } catch (TooLateException faster) {
            return inCall(call, me, open -> new NotNow(open.state()));
        }
    }

    private Outcome inCall(CallId call, Account me, Function<OpenCall, Outcome> work) {
        return Objects.requireNonNull(transaction.execute(status ->
                calls.find(call).filter(open -> mayHandle(open, me)).map(work).orElseGet(NotYours::new)));
    }

    /** Whether it is their call, or they watch over it. */
    static boolean mayHandle(OpenCall call, Account me) {
        boolean mine = call.agent().equals(Optional.of(me.id()));
        boolean watches = me.role().supervises();
        return mine || watches && call.customer().equals(Optional.of(me.customer()));
    }

    private static void put(Map<String, Object> answers, String name, @Nullable String value) {
        if (value != null && !value.isBlank()) {
            answers.put(name, value);
        }
    }

    /** What came of it. */
    public sealed interface Outcome permits Done, NotNow, NotRequestable, NotAllowed, NotYours {}

    /**
     * @param state what the call is doing now
     * @param reason why it ends; null while it does not
     */
    public record Done(CallState state, @Nullable String reason) implements Outcome {}

    /** @param state what the call is doing instead */
    public record NotNow(CallState state) implements Outcome {}

    /** The queue does not leave it to its agents whether they wrap up. */
    public record NotRequestable(WrapUpMode mode) implements Outcome {}

    /** @param dispositions those that the queue knows */
    public record NotAllowed(List<String> dispositions) implements Outcome {}

    /** There is no such call, or it is not this person's. */
    public record NotYours() implements Outcome {}
}
