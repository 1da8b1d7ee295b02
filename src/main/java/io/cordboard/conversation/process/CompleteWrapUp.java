package io.cordboard.conversation.process;

import io.cordboard.call.CallState;
import io.cordboard.call.Calls;
import io.cordboard.call.OpenCall;
import io.cordboard.call.StopCall;
import io.cordboard.customer.Account;
import io.cordboard.events.EventLog;
import io.cordboard.flow.CallTasks;
import io.cordboard.flow.CallTasks.TooLateException;
import io.cordboard.platform.Bulk;
import io.cordboard.routing.Reservations;
import io.cordboard.shared.CallId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.camunda.bpm.engine.ProcessEngineException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A wrap-up that does not come to its end is completed by somebody with the right to it, with nothing written down. The
 * agent's task is completed in their place; where that does not free the agent, the call is stopped, because nothing else
 * would.
 */
@Service
public class CompleteWrapUp {

    private static final Logger log = LoggerFactory.getLogger(CompleteWrapUp.class);

    private static final String REASON = "wrapUpCompleted";

    private final Calls calls;
    private final Reservations reservations;
    private final CallTasks tasks;
    private final StopCall stopCall;
    private final EventLog events;
    private final TransactionTemplate transaction;

    CompleteWrapUp(
            Calls calls,
            Reservations reservations,
            CallTasks tasks,
            StopCall stopCall,
            EventLog events,
            TransactionTemplate transaction) {
        this.calls = calls;
        this.reservations = reservations;
        this.tasks = tasks;
        this.stopCall = stopCall;
        this.events = events;
        this.transaction = transaction;
    }

    /** @param by who does it, of the call's customer */
    public Outcome complete(CallId call, Account by) {
        try {
            return CallTasks.untilDecided(() -> inCall(call, by, open -> complete(open, by)));
        } catch (TooLateException faster) {
            return inCall(call, by, open -> new NotWrapping(open.state()));
        }
    }

    /** All of the customer's, each in a transaction of its own. One that cannot be completed does not keep the others. */
    public Bulk completeAll(Account by) {
        List<UUID> completed = new ArrayList<>();
        for (CallId call : reservations.wrapping(by.customer(), Bulk.AT_ONCE)) {
            try {
                if (complete(call, by) instanceof Completed) {
                    completed.add(call.value());
                }
            } catch (ProcessEngineException failed) {
                log.warn("The wrap-up of call {} could not be completed", call, failed);
            }
        }
        return Bulk.of(completed, reservations.countWrapping(by.customer()));
    }

    private Outcome complete(OpenCall call, Account by) {
        if (call.state() != CallState.WRAPPING) {
            return new NotWrapping(call.state());
        }
        events.add("call.wrap_up_completed", call.id(), call.agent().orElse(null), Map.of("by", by.username()));
        if (!tasks.completeForWhoever(call.id(), null, Map.of()) || reservations.isWrapping(call.id())) {
            stopCall.stop(call, REASON);
        }
        return new Completed(call.state(), call.endReason().orElse(null));
    }

    private Outcome inCall(CallId call, Account by, Function<OpenCall, Outcome> work) {
        return Objects.requireNonNull(transaction.execute(status -> calls.find(call)
                .filter(open -> open.customer().equals(Optional.of(by.customer())))
                .map(work)
                .orElseGet(NoSuchCall::new)));
    }

    /** What came of it. */
    public sealed interface Outcome permits Completed, NotWrapping, NoSuchCall {}

    /**
     * @param state what the call is doing now
     * @param reason why it ended; null while it goes on
     */
    public record Completed(CallState state, @Nullable String reason) implements Outcome {}

    /** @param state what the call is doing instead */
    public record NotWrapping(CallState state) implements Outcome {}

    /** The customer has no such call. */
    public record NoSuchCall() implements Outcome {}
}
