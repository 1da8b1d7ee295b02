package io.cordboard.telephony;

import io.cordboard.telephony.CallLocks.LockedCall;
import io.cordboard.telephony.CarrierEvent.CommandAccepted;
import io.cordboard.telephony.CarrierFactHandler.Fact;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes the facts of all calls, and the removal of commands that were carried out, with few commits: what arrives within
 * a few milliseconds, or while the group before is being committed, shares one transaction. Nobody is told "done" before
 * that transaction is committed.
 */
@Component
class FactWriter {

    private static final Logger LOG = LoggerFactory.getLogger(FactWriter.class);
    private static final int LARGEST_GROUP = 200;
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
    private final BlockingQueue<Item> queue = new LinkedBlockingQueue<>();
    private volatile boolean stopping;
    private @Nullable Thread thread;

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
    }

    synchronized void start() {
        if (thread == null) {
            stopping = false;
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
        if (stopping || thread == null) {
            item.done.complete(false);
        } else {
            queue.add(item);
        }
        return item.done;
    }

    /**
     * Hands in a command that was carried out. Its row is removed and {@link CommandAccepted} told, once.
     *
     * @param event null when nobody is to be told
     */
    void carriedOut(HeldCommand command, @Nullable CommandAccepted event) {
        queue.add(new Item(
                event, command, System.nanoTime() + settings.completionLinger().toNanos()));
    }

    /** Either an event of a carrier, or a command with or without the event it leads to. */
    private static final class Item {

        private final @Nullable CarrierEvent event;
        private final @Nullable HeldCommand command;
        private final CompletableFuture<Boolean> done = new CompletableFuture<>();
        private long due;

        private Item(@Nullable CarrierEvent event, @Nullable HeldCommand command, long due) {
            this.event = event;
            this.command = command;
            this.due = due;
        }
    }

    private void run() {
        while (!stopping || !queue.isEmpty()) {
            try {
                List<Item> group = nextGroup();
                if (!group.isEmpty()) {
                    write(group);
                }
            } catch (InterruptedException e) {
                break;
            }
        }
        queue.forEach(item -> item.done.complete(false));
    }

    private List<Item> nextGroup() throws InterruptedException {
        List<Item> group = new ArrayList<>();
        Item item = queue.poll(200, TimeUnit.MILLISECONDS);
        long due = Long.MAX_VALUE;
        while (item != null) {
            group.add(item);
            due = group.size() == 1 ? item.due : Math.min(due, item.due);
            if (group.size() == LARGEST_GROUP) {
                break;
            }
            long left = stopping ? 0 : due - System.nanoTime();
            item = left > 0 ? queue.poll(left, TimeUnit.NANOSECONDS) : queue.poll();
        }
        return group;
    }

    private void write(List<Item> group) {
        Set<EventKey> noted = new HashSet<>();
        try {
            transaction.executeWithoutResult(status -> noted.addAll(writeInTransaction(group)));
        } catch (RuntimeException e) {
            failed(group, e);
            return;
        }
        for (Item item : group) {
            if (item.command != null) {
                lanes.release(item.command);
                item.done.complete(true);
            } else if (item.event != null) {
                item.done.complete(noted.contains(item.event.key()));
            }
        }
    }

    /** @return the events that are stored now, or were before */
    private Set<EventKey> writeInTransaction(List<Item> group) {
        Set<LegRef> legs = new HashSet<>();
        for (Item item : group) {
            if (item.event != null) {
                legs.add(item.event.leg());
            }
        }
        Map<LegRef, LockedCall> calls = legs.isEmpty() ? Map.of() : locks.lockAll(legs);

        TreeMap<EventKey, Fact<?>> facts = new TreeMap<>(BY_KEY);
        Map<UUID, CommandAccepted> carriedOut = new HashMap<>();
        List<UUID> gone = new ArrayList<>();
        for (Item item : group) {
            LockedCall call = item.event == null ? null : calls.get(item.event.leg());
            if (call != null) {
                legIds.learn(call);
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
            return Set.of();
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
        return facts.keySet();
    }

    private void failed(List<Item> group, RuntimeException problem) {
        if (Unreachable.is(problem)) {
            for (Item item : group) {
                if (item.command == null) {
                    item.done.completeExceptionally(problem);
                } else if (!stopping) {
                    item.due = System.nanoTime() + PAUSE_WHILE_UNREACHABLE;
                    queue.add(item);
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
            queue.add(item);
        }
    }
}
