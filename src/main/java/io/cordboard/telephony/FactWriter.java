package io.cordboard.telephony;

import io.cordboard.telephony.CallLocks.LockedCall;
import io.cordboard.telephony.CarrierEvent.CommandAccepted;
import io.cordboard.telephony.CarrierFactHandler.Fact;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes the facts of all calls, and the removal of commands that were carried out, with few commits: what waits rides along
 * with the next transaction of this node; where none comes within a few milliseconds, all share one of their own. Nobody is
 * told "done" before that transaction is committed.
 */
@Component
class FactWriter {

    private static final Logger LOG = LoggerFactory.getLogger(FactWriter.class);
    private static final int LARGEST_GROUP = 200;
    private static final int LARGEST_RIDE = 20;
    private static final int PASSED_OVER_AT_MOST = 4;
    private static final long WAIT_FOR_THOSE_UNDER_WAY = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long PAUSE_WHILE_UNREACHABLE = TimeUnit.SECONDS.toNanos(1);
    private static final Comparator<EventKey> BY_KEY =
            Comparator.comparing(EventKey::provider).thenComparing(EventKey::value);

    private final TransactionTemplate transaction;
    private final CallLocks locks;
    private final Handlers handlers;
    private final InboxTable inbox;
    private final CommandLanes lanes;
    private final LegIds legIds;
    private final TelephonySettings settings;
    private final Clock clock;
    /** In the order they came; also its own lock. */
    private final Deque<Item> waiting = new ArrayDeque<>();

    /** Transactions of this node, save the writer's own, that have begun and not ended. */
    private final AtomicInteger underWay = new AtomicInteger();

    /** Whether nobody writes; under the lock of what waits. */
    private boolean closed = true;

    private volatile boolean stopping;
    private volatile @Nullable Thread thread;

    FactWriter(
            TransactionTemplate transaction,
            CallLocks locks,
            Handlers handlers,
            InboxTable inbox,
            CommandLanes lanes,
            LegIds legIds,
            TelephonySettings settings,
            Clock clock) {
        this.transaction = transaction;
        this.locks = locks;
        this.handlers = handlers;
        this.inbox = inbox;
        this.lanes = lanes;
        this.legIds = legIds;
        this.settings = settings;
        this.clock = clock;
        if (transaction.getTransactionManager() instanceof ConfigurableTransactionManager manager) {
            manager.addListener(new Rides());
        }
    }

    synchronized void start() {
        if (thread == null) {
            stopping = false;
            synchronized (waiting) {
                closed = false;
            }
            thread = new Thread(this::run, "telephony-facts");
            thread.start();
        }
    }

    /** Writes what was handed in, then ends. */
    synchronized void stop() {
        Thread running = thread;
        if (running == null) {
            return;
        }
        stopping = true;
        synchronized (waiting) {
            waiting.notifyAll();
        }
        try {
            running.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running.interrupt();
        thread = null;
    }

    /**
     * Hands in an event that may be a fact.
     *
     * @return when the answer is there: true when it is stored, false when it is no fact or could not be noted as one, so
     *     that it has to go the ordinary way; fails when the database cannot be reached
     */
    CompletableFuture<Boolean> note(CarrierEvent event) {
        Item item =
                new Item(event, null, System.nanoTime() + settings.factLinger().toNanos());
        add(item);
        return item.done;
    }

    /**
     * Hands in a command that was carried out. Its row is removed and {@link CommandAccepted} told, once.
     *
     * @param event null when nobody is to be told
     */
    void carriedOut(HeldCommand command, @Nullable CommandAccepted event) {
        boolean moves = event != null && handlers.moves(event) && !handlers.mayBeFact(event);
        Item item = new Item(
                event,
                command,
                System.nanoTime() + (moves ? 0 : settings.completionLinger().toNanos()));
        // What moves a call is written when its transaction commits; one that is about to would leave it out.
        item.alone = moves;
        add(item);
    }

    /** How many facts and commands are not written yet. */
    int waiting() {
        synchronized (waiting) {
            return waiting.size();
        }
    }

    /** Either an event of a carrier, or a command with or without the event it leads to. */
    private static final class Item {

        private final @Nullable CarrierEvent event;
        private final @Nullable HeldCommand command;
        private final CompletableFuture<Boolean> done = new CompletableFuture<>();
        private long due;
        /** How often this writer found somebody else moving its call. */
        private int passedOver;
        /** Whether it did not get along with a transaction that took it along, and is written with its like only. */
        private boolean alone;

        private Item(@Nullable CarrierEvent event, @Nullable HeldCommand command, long due) {
            this.event = event;
            this.command = command;
            this.due = due;
        }

        private boolean mayRide() {
            return !alone;
        }
    }

    private void add(Item item) {
        add(List.of(item));
    }

    /** What comes when nobody writes any more has to go the ordinary way. */
    private void add(Collection<Item> items) {
        synchronized (waiting) {
            if (!closed) {
                waiting.addAll(items);
                waiting.notifyAll();
                return;
            }
        }
        items.forEach(item -> item.done.complete(false));
    }

    private List<Item> take(int atMost, Predicate<Item> which) {
        List<Item> taken = new ArrayList<>();
        synchronized (waiting) {
            for (Iterator<Item> all = waiting.iterator(); all.hasNext() && taken.size() < atMost; ) {
                Item item = all.next();
                if (which.test(item)) {
                    all.remove();
                    taken.add(item);
                }
            }
        }
        return taken;
    }

    private void run() {
        try {
            while (true) {
                List<Item> group = nextGroup();
                if (group.isEmpty()) {
                    return;
                }
                write(group);
            }
        } catch (InterruptedException e) {
            LOG.debug("Stopped with facts unwritten", e);
        } finally {
            List<Item> left;
            synchronized (waiting) {
                closed = true;
                left = take(Integer.MAX_VALUE, item -> true);
            }
            left.forEach(item -> item.done.complete(false));
        }
    }

    /** @return empty when this node stops and nothing is left */
    private List<Item> nextGroup() throws InterruptedException {
        synchronized (waiting) {
            while (!stopping || !waiting.isEmpty()) {
                long now = System.nanoTime();
                long left = waiting.stream()
                        .mapToLong(item -> due(item) - now)
                        .min()
                        .orElse(Long.MAX_VALUE);
                if (left <= 0) {
                    return take(LARGEST_GROUP, item -> true);
                }
                TimeUnit.NANOSECONDS.timedWait(waiting, left);
            }
            return List.of();
        }
    }

    /** While a transaction is under way that could take it along, an item waits a little longer. */
    private long due(Item item) {
        if (stopping && item.passedOver == 0) {
            return Long.MIN_VALUE / 2;
        }
        return underWay.get() > 0 && !item.alone ? item.due + WAIT_FOR_THOSE_UNDER_WAY : item.due;
    }

    private void write(List<Item> group) {
        Written written;
        try {
            written = Objects.requireNonNull(transaction.execute(status -> writeInTransaction(group)));
        } catch (RuntimeException e) {
            failed(group, e);
            return;
        }
        long later = System.nanoTime() + settings.factLinger().toNanos();
        committed(group, written);
        List<Item> again = new ArrayList<>();
        for (Item item : written.passedOver) {
            item.passedOver++;
            item.due = later;
            if (item.command == null && item.passedOver == PASSED_OVER_AT_MOST) {
                item.done.complete(false);
            } else {
                again.add(item);
            }
        }
        add(again);
    }

    private void committed(List<Item> group, Written written) {
        for (Item item : group) {
            if (written.passedOver.contains(item)) {
                continue;
            }
            if (item.command != null) {
                lanes.release(item.command);
                item.done.complete(true);
            } else if (item.event != null) {
                item.done.complete(written.noted.contains(item.event.key()));
            }
        }
    }

    /**
     * What waits is written with any transaction of this node that commits anyway, right before it does. A savepoint sees to
     * it that the transaction does not suffer from what it takes along.
     */
    private final class Rides implements TransactionExecutionListener {

        @Override
        public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
            if (failure == null && mayTakeAlong(transaction)) {
                underWay.incrementAndGet();
            }
        }

        @Override
        public void beforeCommit(TransactionExecution transaction) {
            if (mayTakeAlong(transaction) && transaction instanceof TransactionStatus status) {
                List<Item> group = take(LARGEST_RIDE, Item::mayRide);
                if (!group.isEmpty()) {
                    ride(group, status);
                }
            }
        }

        @Override
        public void afterCommit(TransactionExecution transaction, @Nullable Throwable failure) {
            ended(transaction);
        }

        @Override
        public void afterRollback(TransactionExecution transaction, @Nullable Throwable failure) {
            ended(transaction);
        }

        private void ended(TransactionExecution transaction) {
            if (mayTakeAlong(transaction) && underWay.decrementAndGet() == 0) {
                synchronized (waiting) {
                    waiting.notifyAll();
                }
            }
        }

        private boolean mayTakeAlong(TransactionExecution transaction) {
            return !transaction.isReadOnly() && Thread.currentThread() != thread;
        }

        private void ride(List<Item> group, TransactionStatus status) {
            Written written;
            try {
                Object savepoint = status.createSavepoint();
                try {
                    written = writeInTransaction(group);
                } catch (RuntimeException e) {
                    status.rollbackToSavepoint(savepoint);
                    throw e;
                }
                status.releaseSavepoint(savepoint);
            } catch (RuntimeException e) {
                LOG.debug("A group of {} facts is written on its own instead", group.size(), e);
                group.forEach(item -> item.alone = true);
                add(group);
                return;
            }
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public int getOrder() {
                    return HIGHEST_PRECEDENCE;
                }

                @Override
                public void afterCommit() {
                    committed(group, written);
                    add(written.passedOver);
                }

                @Override
                public void afterCompletion(int outcome) {
                    if (outcome != STATUS_COMMITTED) {
                        add(group);
                    }
                }
            });
        }
    }

    /**
     * @param noted the events that are stored now, or were before
     * @param passedOver what was not written because somebody else is moving its call, or there is no such call
     */
    private record Written(Set<EventKey> noted, List<Item> passedOver) {}

    private Written writeInTransaction(List<Item> group) {
        Set<LegRef> legs = new HashSet<>();
        for (Item item : group) {
            if (item.event != null) {
                legs.add(item.event.leg());
            }
        }
        Map<LegRef, LockedCall> calls = legs.isEmpty() ? Map.of() : locks.lockAll(legs);
        List<Item> passedOver = new ArrayList<>();

        TreeMap<EventKey, Fact<?>> facts = new TreeMap<>(BY_KEY);
        Map<UUID, CommandAccepted> carriedOut = new HashMap<>();
        List<UUID> gone = new ArrayList<>();
        for (Item item : group) {
            LockedCall call = item.event == null ? null : calls.get(item.event.leg());
            if (call != null) {
                legIds.learn(call);
            } else if (item.event != null) {
                passedOver.add(item);
                continue;
            }
            if (item.command != null) {
                gone.add(item.command.id);
                if (item.event instanceof CommandAccepted accepted) {
                    carriedOut.put(item.command.id, accepted);
                }
            } else if (item.event != null && call != null && handlers.isFact(item.event, call)) {
                facts.putIfAbsent(item.event.key(), new Fact<>(item.event, call));
            }
        }
        if (facts.isEmpty() && gone.isEmpty()) {
            return new Written(Set.of(), passedOver);
        }
        InboxTable.Noted result = inbox.note(facts.values(), gone);

        List<Fact<?>> fresh = new ArrayList<>();
        carriedOut.forEach((id, accepted) -> {
            LockedCall call = calls.get(accepted.leg());
            if (call == null || !result.gone().contains(id)) {
                return;
            }
            if (handlers.isFact(accepted, call)) {
                fresh.add(new Fact<>(accepted, call));
            } else if (handlers.moves(accepted)) {
                handlers.handle(accepted, call);
            }
        });
        facts.values().stream()
                .filter(fact -> result.fresh().contains(fact.event().key()))
                .forEach(fresh::add);
        handlers.record(fresh);
        return new Written(facts.keySet(), passedOver);
    }

    private void failed(List<Item> group, RuntimeException problem) {
        if (Unreachable.is(problem)) {
            for (Item item : group) {
                if (item.command == null) {
                    item.done.completeExceptionally(problem);
                } else if (!stopping) {
                    item.due = System.nanoTime() + PAUSE_WHILE_UNREACHABLE;
                    add(item);
                }
            }
            return;
        }
        if (group.size() > 1) {
            LOG.debug("A group of {} facts failed and is written one by one", group.size(), problem);
            group.forEach(item -> write(List.of(item)));
            return;
        }
        Item item = group.get(0);
        HeldCommand command = item.command;
        if (command == null) {
            item.done.complete(false);
            return;
        }
        LOG.warn("What command {} led to could not be noted; it is tried again later", command.id, problem);
        try {
            transaction.executeWithoutResult(status -> {
                inbox.note(List.of(), List.of(command.id));
                if (item.event != null) {
                    inbox.keep(item.event, clock.instant().plus(settings.eventPause(1)), Unreachable.reason(problem));
                }
            });
            lanes.release(command);
        } catch (RuntimeException e) {
            LOG.warn("Command {} stays in the outbox although it was carried out", command.id, e);
            item.due = System.nanoTime() + PAUSE_WHILE_UNREACHABLE;
            add(item);
        }
    }
}
