package io.cordboard.routing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cordboard.customer.Account;
import io.cordboard.events.EventLogBell;
import io.cordboard.events.LiveFigures;
import io.cordboard.routing.QueueBoard.Line;
import io.cordboard.routing.QueueBoard.Today;
import io.cordboard.shared.CustomerId;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.jdbc.JdbcConnectionDetails;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Service;

/**
 * Tells those who watch how the queues of their customer stand. The database says when something has changed; then all
 * queues of that customer are read at once, for all who watch, and not again within a second nor within ten times what it
 * took (fifty times for what happened today). Each is told what has changed of what they may see. While nobody watches, nothing is read and nobody listens.
 * Everything happens on one thread.
 */
@Service
class QueueFeed implements LiveFigures, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(QueueFeed.class);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** For what changes with time alone. */
    private static final Duration EVERY = Duration.ofSeconds(15);

    /** How many times as long as the last look the next one is waited for at least. */
    private static final int TIMES_AS_LONG = 10;

    /** The same for what happened today. */
    private static final int TIMES_AS_LONG_TODAY = 50;

    private static final int QUEUES_AT_ONCE = 200;

    private final QueueBoard board;
    private final JdbcConnectionDetails database;
    private final ObjectMapper json;
    private final Clock clock;
    private final ScheduledThreadPoolExecutor thread;
    private final Map<CustomerId, Room> rooms = new HashMap<>();
    private @Nullable EventLogBell bell;

    QueueFeed(QueueBoard board, JdbcConnectionDetails database, ObjectMapper json, Clock clock) {
        this.board = board;
        this.database = database;
        this.json = json;
        this.clock = clock;
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread worker = new Thread(task, "queue-feed");
            worker.setDaemon(true);
            return worker;
        });
        thread.setRemoveOnCancelPolicy(true);
    }

    @Override
    public String name() {
        return "queues";
    }

    @Override
    public String type() {
        return "queue.statistics";
    }

    @Override
    public Runnable watch(Account who, Consumer<String> to) {
        Watcher watcher = new Watcher(who, to);
        later(Duration.ZERO, () -> comes(watcher));
        return () -> later(Duration.ZERO, () -> goes(watcher));
    }

    private void comes(Watcher watcher) {
        CustomerId customer = watcher.who.customer();
        Room room = rooms.get(customer);
        if (room == null) {
            room = new Room(customer);
            rooms.put(customer, room);
            if (bell == null) {
                bell = new EventLogBell(
                        database,
                        "cordboard queue figures",
                        "queue_figures",
                        changed -> later(Duration.ZERO, () -> changed(changed)));
            }
            again(room);
        }
        room.watchers.add(watcher);
        soon(room);
    }

    private void goes(Watcher watcher) {
        Room room = rooms.get(watcher.who.customer());
        if (room != null && room.watchers.remove(watcher) && room.watchers.isEmpty()) {
            rooms.remove(room.customer);
            if (rooms.isEmpty() && bell != null) {
                bell.close();
                bell = null;
            }
        }
    }

    /** @param customer whose queues have changed; empty when that is not known */
    private void changed(String customer) {
        rooms.values().stream()
                .filter(room -> customer.isEmpty() || room.customer.toString().equals(customer))
                .forEach(this::soon);
    }

    private void again(Room room) {
        later(EVERY, () -> {
            if (rooms.get(room.customer) == room) {
                soon(room);
                again(room);
            }
        });
    }

    private void soon(Room room) {
        if (!room.due) {
            room.due = true;
            later(Duration.ofNanos(Math.max(0, room.notBefore - System.nanoTime())), () -> look(room));
        }
    }

    private void look(Room room) {
        room.due = false;
        if (room.watchers.isEmpty()) {
            return;
        }
        long begin = System.nanoTime();
        try {
            if (room.todayNotBefore - begin <= 0) {
                room.today = board.today(room.customer);
                room.todayNotBefore = notBefore(begin, TIMES_AS_LONG_TODAY);
            }
            tell(room, board.now(room.customer));
        } catch (DataAccessException unavailable) {
            // Looked at again after the pause between two looks, or when the bell is back.
            log.debug("The figures of queues could not be read.", unavailable);
        }
        room.notBefore = notBefore(begin, TIMES_AS_LONG);
    }

    private static long notBefore(long begin, int timesAsLong) {
        long now = System.nanoTime();
        return now + Math.max(PAUSE.toNanos(), timesAsLong * (now - begin));
    }

    private void tell(Room room, List<Line> lines) {
        Map<UUID, String> told = new LinkedHashMap<>();
        for (Line line : lines) {
            Today today = room.today.getOrDefault(line.queue(), Today.NOTHING);
            told.put(line.queue(), text(QueueLine.of(line, today)));
        }
        Set<UUID> changed = told.entrySet().stream()
                .filter(line -> !line.getValue().equals(room.told.get(line.getKey())))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        Map<UUID, Set<UUID>> visible = board.queuesOf(room.watchers.stream()
                .filter(watcher -> !watcher.who.role().supervises())
                .map(watcher -> watcher.who.id().value())
                .collect(Collectors.toSet()));
        room.told = told;
        for (Watcher watcher : room.watchers) {
            Set<UUID> theirs = watcher.who.role().supervises()
                    ? told.keySet()
                    : visible.getOrDefault(watcher.who.id().value(), Set.of());
            tell(watcher, theirs, told, changed);
        }
    }

    private void tell(Watcher watcher, Set<UUID> theirs, Map<UUID, String> told, Set<UUID> changed) {
        List<String> lines = new ArrayList<>();
        told.forEach((queue, line) -> {
            if (theirs.contains(queue) && (changed.contains(queue) || !watcher.shown.contains(queue))) {
                lines.add(line);
            }
        });
        List<UUID> gone = watcher.shown.stream()
                .filter(queue -> !theirs.contains(queue) || !told.containsKey(queue))
                .toList();
        watcher.shown.removeAll(gone);
        watcher.shown.addAll(theirs);
        watcher.shown.retainAll(told.keySet());
        for (int from = 0; from < lines.size(); from += QUEUES_AT_ONCE) {
            send(watcher, lines.subList(from, Math.min(lines.size(), from + QUEUES_AT_ONCE)), List.of());
        }
        if (!gone.isEmpty() || (lines.isEmpty() && watcher.isNew)) {
            send(watcher, List.of(), gone);
        }
        watcher.isNew = false;
    }

    private void send(Watcher watcher, List<String> lines, List<UUID> gone) {
        watcher.to.accept("{\"type\":\"" + type() + "\",\"at\":\"" + clock.instant() + "\",\"queues\":["
                + String.join(",", lines) + "],\"gone\":" + text(gone) + "}");
    }

    private String text(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Numbers and names are always JSON.", e);
        }
    }

    private void later(Duration delay, Runnable work) {
        try {
            thread.schedule(
                    () -> {
                        try {
                            work.run();
                        } catch (RuntimeException e) {
                            log.warn("The figures of queues could not be told", e);
                        }
                    },
                    delay.toNanos(),
                    TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException stopping) {
            log.debug("The figures of queues are told no more.", stopping);
        }
    }

    @Override
    public void destroy() {
        thread.shutdownNow();
        EventLogBell listening = bell;
        if (listening != null) {
            listening.close();
        }
    }

    /** Those of one customer who watch. */
    private static final class Room {

        private final CustomerId customer;
        private final Set<Watcher> watchers = new HashSet<>();
        private Map<UUID, String> told = Map.of();
        private Map<UUID, Today> today = Map.of();
        private boolean due;
        private long notBefore = System.nanoTime();
        private long todayNotBefore = System.nanoTime();

        private Room(CustomerId customer) {
            this.customer = customer;
        }
    }

    private static final class Watcher {

        private final Account who;
        private final Consumer<String> to;
        private final Set<UUID> shown = new HashSet<>();
        private boolean isNew = true;

        private Watcher(Account who, Consumer<String> to) {
            this.who = who;
            this.to = to;
        }
    }
}
