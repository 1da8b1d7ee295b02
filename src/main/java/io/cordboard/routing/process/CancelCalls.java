package io.cordboard.routing.process;

import io.cordboard.call.CallState;
import io.cordboard.call.Calls;
import io.cordboard.call.OpenCall;
import io.cordboard.call.StopCall;
import io.cordboard.customer.Account;
import io.cordboard.events.EventLog;
import io.cordboard.platform.Bulk;
import io.cordboard.routing.QueueEntries;
import io.cordboard.shared.CallId;
import io.cordboard.shared.CustomerId;
import io.cordboard.shared.QueueId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.camunda.bpm.engine.ProcessEngineException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Calls that wait in a queue are ended by somebody with the right to it. Nothing is said to the caller; the flow takes the
 * way of a caller who hung up, and whoever was being asked to take the call is free. A call that an agent took is left
 * alone.
 */
@Service
public class CancelCalls {

    /** Why such a call ended, and how it left its queue. */
    static final String CANCELED = "canceled";

    private static final Logger log = LoggerFactory.getLogger(CancelCalls.class);

    private static final int ATTEMPTS = 5;

    private final Calls calls;
    private final QueueEntries queues;
    private final StopCall stopCall;
    private final EventLog events;
    private final TransactionTemplate transaction;

    CancelCalls(Calls calls, QueueEntries queues, StopCall stopCall, EventLog events, TransactionTemplate transaction) {
        this.calls = calls;
        this.queues = queues;
        this.stopCall = stopCall;
        this.events = events;
        this.transaction = transaction;
    }

    /** @param by who does it, of the call's customer */
    public Outcome cancel(CallId call, Account by) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                return Objects.requireNonNull(transaction.execute(status -> underLock(call, by)));
            } catch (OptimisticLockingException faster) {
                log.debug("Call {} moved at the same instant.", call, faster);
            }
        }
        return new Moving();
    }

    /**
     * Those who have waited longest, each in a transaction of its own. One that cannot be ended does not keep the others.
     *
     * @param queue null for all queues
     */
    public Bulk cancelWaiting(@Nullable QueueId queue, Account by) {
        List<UUID> canceled = new ArrayList<>();
        for (CallId call : queues.waiting(by.customer(), queue, Bulk.AT_ONCE)) {
            try {
                if (cancel(call, by) instanceof Canceled) {
                    canceled.add(call.value());
                }
            } catch (ProcessEngineException failed) {
                log.warn("Call {} could not be canceled", call, failed);
            }
        }
        return Bulk.of(canceled, queues.countWaiting(by.customer(), queue));
    }

    private Outcome underLock(CallId id, Account by) {
        Optional<CustomerId> customer = Optional.of(by.customer());
        return calls.find(id)
                .filter(call -> call.customer().equals(customer))
                .map(call -> cancel(call, by))
                .orElseGet(NoSuchCall::new);
    }

    private Outcome cancel(OpenCall call, Account by) {
        boolean waits = call.state() == CallState.WAITING || call.state() == CallState.AWAITING_CALL_BACK;
        if (!waits || call.over()) {
            return new NotWaiting(call.state());
        }
        queues.leave(call.id(), CANCELED);
        events.add("call.canceled", call.id(), null, Map.of("by", by.username()));
        stopCall.abandon(call, CANCELED);
        return new Canceled();
    }

    /** What came of it. */
    public sealed interface Outcome permits Canceled, NotWaiting, Moving, NoSuchCall {}

    public record Canceled() implements Outcome {}

    /** @param state what the call is doing instead */
    public record NotWaiting(CallState state) implements Outcome {}

    /** Something else moves the call again and again at this very moment. */
    public record Moving() implements Outcome {}

    /** The customer has no such call. */
    public record NoSuchCall() implements Outcome {}
}
