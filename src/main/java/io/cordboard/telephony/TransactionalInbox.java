package io.cordboard.telephony;

import io.cordboard.telephony.CallLocks.LockedCall;
import io.cordboard.telephony.CarrierEvent.CommandFailed;
import io.cordboard.telephony.CarrierEvent.IncomingCall;
import io.cordboard.telephony.CarrierEventHandler.Result;
import io.cordboard.telephony.HeldCommand.Verdict;
import io.cordboard.telephony.InboxTable.Waiting;
import io.cordboard.telephony.InboxTable.WaitingLeg;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The inbox on the database. An event is handled first and stored last, in one transaction: the primary key of the inbox
 * decides in that last statement whether the event was new, and a copy is undone as a whole. So an event costs one
 * statement beside the lock of its call, and copies, rare as they are, cost a rollback.
 */
@Component
class TransactionalInbox implements Inbox {

    private static final Logger LOG = LoggerFactory.getLogger(TransactionalInbox.class);
    private static final int TRIES_AT_ONCE = 3;

    private final TransactionTemplate transaction;
    private final InboxTable table;
    private final OutboxTable outbox;
    private final CallLocks locks;
    private final Handlers handlers;
    private final Directions directions;
    private final FactWriter facts;
    private final LegIds legIds;
    private final InboxAlarm alarm;
    private final EventSpool spool;
    private final TelephonySettings settings;
    private final Clock clock;
    private final MeterRegistry meters;

    TransactionalInbox(
            TransactionTemplate transaction,
            InboxTable table,
            OutboxTable outbox,
            CallLocks locks,
            Handlers handlers,
            Directions directions,
            FactWriter facts,
            LegIds legIds,
            InboxAlarm alarm,
            EventSpool spool,
            TelephonySettings settings,
            Clock clock,
            MeterRegistry meters) {
        this.transaction = transaction;
        this.table = table;
        this.outbox = outbox;
        this.locks = locks;
        this.handlers = handlers;
        this.directions = directions;
        this.facts = facts;
        this.legIds = legIds;
        this.alarm = alarm;
        this.spool = spool;
        this.settings = settings;
        this.clock = clock;
        this.meters = meters;
    }

    @Override
    public Receipt receive(CarrierEvent event) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("Events are received outside of transactions: each has its own.");
        }
        long start = System.nanoTime();
        String result = "unreachable";
        try {
            Taken taken = handlers.mayBeFact(event) && noted(event)
                    ? new Taken(new Receipt(List.of(), State.DONE), "noted")
                    : take(event, null);
            result = taken.result;
            return taken.receipt;
        } finally {
            String kind = InboxTable.kind(event);
            meters.counter("cordboard.inbox.events", "kind", kind, "result", result)
                    .increment();
            meters.timer("cordboard.inbox.latency", "kind", kind)
                    .record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void receiveOrSpool(CarrierEvent event) {
        if (spool.appendIfBehind(event)) {
            return;
        }
        try {
            receive(event);
        } catch (DataAccessException e) {
            spool.append(event, e);
        }
    }

    /** The end of a command that failed: its row and its event in one transaction. */
    void commandFailed(CommandFailed event, UUID command, Verdict verdict) {
        Taken taken = take(event, new Failed(command, verdict));
        meters.counter("cordboard.inbox.events", "kind", InboxTable.kind(event), "result", taken.result)
                .increment();
    }

    private record Taken(Receipt receipt, String result) {}

    private record Failed(UUID command, Verdict verdict) {}

    private boolean noted(CarrierEvent event) {
        try {
            return facts.note(event).join();
        } catch (CompletionException e) {
            throw Unreachable.asDataAccess(e.getCause() == null ? e : e.getCause());
        }
    }

    private Taken take(CarrierEvent event, @Nullable Failed failed) {
        boolean overtaking = false;
        int tries = 0;
        while (true) {
            Attempt attempt;
            boolean mayOvertake = overtaking;
            try {
                attempt = transaction.execute(status -> attempt(event, failed, mayOvertake, status));
            } catch (RuntimeException e) {
                if (Unreachable.is(e)) {
                    throw Unreachable.asDataAccess(e);
                }
                tries++;
                if (tries < TRIES_AT_ONCE) {
                    LOG.debug("{} is tried again at once", event.key().value(), e);
                    continue;
                }
                LOG.warn(
                        "{} {} failed and is tried again later",
                        InboxTable.kind(event),
                        event.key().value(),
                        e);
                return keep(event, failed, Unreachable.reason(e));
            }
            if (attempt instanceof Attempt.Done done) {
                return new Taken(done.receipt, "done");
            }
            if (attempt instanceof Attempt.Early early) {
                return keep(event, failed, early.because);
            }
            Optional<Receipt> before = stored(event.key());
            if (before.isPresent()) {
                return repeated(before.get(), failed);
            }
            // Older events of the leg wait: they get their chance now, then it is this one's turn in any case.
            retry(new WaitingLeg(event.key().provider(), InboxTable.legName(event.leg())), true);
            overtaking = true;
        }
    }

    /** What one transaction came to. All but Done are rolled back. */
    private sealed interface Attempt {

        record Done(Receipt receipt) implements Attempt {}

        record Early(String because) implements Attempt {}

        /** The event is there already, or has to let others go first. */
        record NotStored() implements Attempt {}
    }

    private Attempt attempt(CarrierEvent event, @Nullable Failed failed, boolean overtaking, TransactionStatus status) {
        LockedCall call = null;
        if (!(event instanceof IncomingCall)) {
            call = locks.lock(event.leg()).orElse(null);
            if (call == null) {
                status.setRollbackOnly();
                return new Attempt.Early("no call has this leg");
            }
            legIds.learn(call);
        }
        if (handlers.handle(event, call) == Result.EARLY) {
            status.setRollbackOnly();
            return new Attempt.Early("the flow does not wait for it");
        }
        if (failed != null) {
            outbox.finish(failed.command, failed.verdict);
        }
        Directions.Outcome outcome = directions.outcome(event, call);
        Optional<List<HeldCommand>> stored =
                table.store(event, outcome.call(), outcome.reply(), outcome.commands(), overtaking);
        if (stored.isEmpty()) {
            status.setRollbackOnly();
            return new Attempt.NotStored();
        }
        directions.written(stored.get());
        return new Attempt.Done(new Receipt(outcome.reply() == null ? List.of() : outcome.reply(), State.DONE));
    }

    private Taken keep(CarrierEvent event, @Nullable Failed failed, String because) {
        Instant next = clock.instant().plus(settings.eventPause(1));
        boolean kept;
        try {
            kept = Boolean.TRUE.equals(transaction.execute(status -> {
                boolean fresh = table.keep(event, next, because);
                if (fresh && failed != null) {
                    outbox.finish(failed.command, failed.verdict);
                }
                return fresh;
            }));
        } catch (RuntimeException e) {
            throw Unreachable.asDataAccess(e);
        }
        if (kept) {
            alarm.ringAt(next);
            return new Taken(new Receipt(List.of(), State.KEPT), "kept");
        }
        return repeated(
                stored(event.key())
                        .orElseThrow(() -> new IllegalStateException("Neither new nor known: " + event.key())),
                failed);
    }

    private Taken repeated(Receipt before, @Nullable Failed failed) {
        if (failed != null) {
            transaction.executeWithoutResult(status -> outbox.finish(failed.command, failed.verdict));
        }
        return new Taken(before, "repeated");
    }

    private Optional<Receipt> stored(EventKey key) {
        try {
            return table.receipt(key);
        } catch (RuntimeException e) {
            throw Unreachable.asDataAccess(e);
        }
    }

    /** Tries the waiting events of all legs of which one is due. */
    void retryDue() {
        table.dueLegs().forEach(leg -> retry(leg, false));
    }

    /**
     * Tries the waiting events of a leg in the order they came. One that still has to wait keeps the later ones behind it,
     * but not for long: an event that nobody ever waits for must not stop a call.
     *
     * @param patiently whether to wait for somebody else who is trying one of them
     */
    private void retry(WaitingLeg leg, boolean patiently) {
        for (Waiting waiting : table.waiting(leg)) {
            Instant heldUpTo = waiting.receivedAt().plus(settings.holdsUp());
            if (!retry(waiting, patiently) && clock.instant().isBefore(heldUpTo)) {
                return;
            }
        }
    }

    /** @return false when it still waits, or somebody else is busy with it */
    private boolean retry(Waiting waiting, boolean patiently) {
        CarrierEvent event = waiting.event();
        String[] because = {"the flow does not wait for it"};
        Boolean done;
        try {
            done = transaction.execute(status -> retried(event, patiently, because, status));
        } catch (RuntimeException e) {
            if (Unreachable.is(e)) {
                throw e;
            }
            LOG.warn("{} {} failed again", InboxTable.kind(event), event.key().value(), e);
            because[0] = Unreachable.reason(e);
            done = false;
        }
        if (done == null) {
            return patiently;
        }
        if (done) {
            count(event, "doneLater");
            return true;
        }
        Instant next = clock.instant().plus(settings.eventPause(waiting.attempts() + 1));
        if (next.isAfter(waiting.receivedAt().plus(settings.unmatchedAfter()))) {
            table.postpone(waiting, null, because[0]);
            LOG.warn(
                    "{} {} never found what it was meant for: {}",
                    InboxTable.kind(event),
                    event.key().value(),
                    because[0]);
            count(event, "unmatched");
            return true;
        }
        table.postpone(waiting, next, because[0]);
        alarm.ringAt(next);
        return false;
    }

    /** @return null when somebody else has it or it waits no more, otherwise whether it had its effect */
    private @Nullable Boolean retried(
            CarrierEvent event, boolean patiently, String[] because, TransactionStatus status) {
        if (!table.claim(event.key(), patiently)) {
            return null;
        }
        LockedCall call =
                event instanceof IncomingCall ? null : locks.lock(event.leg()).orElse(null);
        if (call == null && !(event instanceof IncomingCall)) {
            because[0] = "no call has this leg";
            status.setRollbackOnly();
            return false;
        }
        if (handlers.handle(event, call) == Result.EARLY) {
            status.setRollbackOnly();
            return false;
        }
        if (event.asksWhatToDo() && call != null) {
            directions.attendTo(call);
        }
        table.done(event.key(), call == null ? null : call.call());
        return true;
    }

    private void count(CarrierEvent event, String result) {
        meters.counter("cordboard.inbox.events", "kind", InboxTable.kind(event), "result", result)
                .increment();
    }
}
