package io.cordboard.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Whole calls, many at once: dialled, asked, queued, offered, accepted through the API, connected, hung up, wrapped up.
 * One looks at the database for everybody who waits for the next thing to happen, through a role of its own, so that its
 * looks can be told from the work.
 */
public final class WholeCalls implements AutoCloseable {

    private static final int IDLE_SECONDS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);
    private static final String LOOK =
            """
            SELECT l.provider_leg_id, c.id, c.state, r.id, r.agent_id,
                   c.state = 'ended' AND c.conference_state = 'completed'
                       AND NOT EXISTS (SELECT FROM outbox o WHERE o.call_id = c.id)
              FROM call_leg l
              JOIN call c ON c.id = l.call_id
              LEFT JOIN reservation r ON r.call_id = c.id AND r.state = 'pending'
             WHERE l.provider_leg_id = ANY (?)""";

    private final Map<String, Http> agents;
    private final Supplier<Caller> dial;
    private final int atOnce;
    /** What was last seen of each call that somebody waits for, by the carrier's id of the caller's leg. */
    private final Map<String, Seen> seen = new HashMap<>();

    private final Connection observer;
    private final Thread looking = new Thread(this::look, "observer");

    /**
     * @param agents all who may be asked, by their id
     * @param dial places a call of somebody who presses 1
     */
    public WholeCalls(DataSource database, Map<String, Http> agents, Supplier<Caller> dial, int atOnce)
            throws SQLException {
        this.agents = agents;
        this.dial = dial;
        this.atOnce = atOnce;
        JdbcClient jdbc = JdbcClient.create(database);
        jdbc.sql("CREATE EXTENSION IF NOT EXISTS pg_stat_statements").update();
        if (jdbc.sql("SELECT 1 FROM pg_roles WHERE rolname = 'observer'")
                .query(Integer.class)
                .optional()
                .isEmpty()) {
            jdbc.sql("CREATE ROLE observer LOGIN BYPASSRLS PASSWORD 'observer' IN ROLE pg_read_all_data")
                    .update();
        }
        try (Connection known = database.getConnection()) {
            observer = DriverManager.getConnection(known.getMetaData().getURL(), "observer", "observer");
        }
        // One transaction for all looks, so that none of them counts as a commit.
        observer.setAutoCommit(false);
        looking.setDaemon(true);
        looking.start();
    }

    /** Returns when all are over and nothing is left to do for them. */
    public void run(int number) throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(atOnce);
        try {
            List<Callable<Void>> all = new ArrayList<>();
            for (int i = 0; i < number; i++) {
                all.add(this::call);
            }
            for (Future<Void> done : callers.invokeAll(all)) {
                done.get();
            }
        } finally {
            callers.shutdownNow();
        }
    }

    /**
     * Makes calls and tells what each cost the database.
     *
     * @param idle what a second costs in which nobody calls, see {@link #idle}; it is not the calls'
     */
    public Cost cost(JdbcClient jdbc, int number, Cost idle) throws Exception {
        Cost before = soFar(jdbc);
        long start = System.nanoTime();
        run(number);
        double seconds = (System.nanoTime() - start) / 1e9;
        return soFar(jdbc).minus(before).minus(idle.times(seconds)).times(1.0 / number);
    }

    /** What a second costs in which nobody calls: nodes tell that they live, and look after what may have been left. */
    public static Cost idle(JdbcClient jdbc) {
        Cost before = soFar(jdbc);
        LockSupport.parkNanos(Duration.ofSeconds(IDLE_SECONDS).toNanos());
        return soFar(jdbc).minus(before).times(1.0 / IDLE_SECONDS);
    }

    /** Counts transactions when they begin: PostgreSQL's own counter of commits is up to ten seconds late. */
    private static Cost soFar(JdbcClient jdbc) {
        return jdbc.sql(
                        """
                        SELECT sum(s.calls) FILTER (WHERE s.query !~* '^(BEGIN|COMMIT|ROLLBACK|SET|SHOW)'),
                               sum(s.calls) FILTER (WHERE s.query ~* '^BEGIN'),
                               pg_current_wal_lsn() - '0/0'::pg_lsn
                          FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid
                         WHERE r.rolname <> 'observer' AND s.toplevel""")
                .query((row, n) -> new Cost(row.getLong(1), row.getLong(2), row.getLong(3)))
                .single();
    }

    /** @param wal bytes */
    public record Cost(double statements, double commits, double wal) {

        public Cost minus(Cost other) {
            return new Cost(statements - other.statements, commits - other.commits, wal - other.wal);
        }

        public Cost times(double factor) {
            return new Cost(statements * factor, commits * factor, wal * factor);
        }

        @Override
        public String toString() {
            return "%.1f statements, %.2f commits, %.1f kB WAL".formatted(statements, commits, wal / 1000);
        }
    }

    private Void call() throws Exception {
        Caller caller = dial.get();
        Seen offered = eventually(caller, "offered", Seen::isOffered);
        Http agent = agents.get(offered.agent());
        agent.post("/v1/reservations/" + offered.reservation() + "/accept", null)
                .ok();
        eventually(caller, "talking", now -> now.is("talking"));
        caller.talks();
        caller.hangsUp();
        eventually(caller, "wrapping", now -> now.is("wrapping"));
        agent.post("/v1/calls/" + offered.call() + "/wrap-up", Map.of("disposition", "resolved"))
                .ok();
        eventually(caller, "over", Seen::over);
        synchronized (seen) {
            seen.remove(caller.sid());
        }
        return null;
    }

    /** Waits until the call is seen like this. */
    private Seen eventually(Caller caller, String how, Predicate<Seen> like) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        synchronized (seen) {
            Seen now = seen.computeIfAbsent(caller.sid(), sid -> Seen.NOTHING);
            seen.notifyAll();
            while (!like.test(now)) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    throw new AssertionError("Not " + how + " within " + PATIENCE.toSeconds() + " s: " + now);
                }
                seen.wait(left);
                now = seen.get(caller.sid());
            }
            return now;
        }
    }

    private void look() {
        try (PreparedStatement look = observer.prepareStatement(LOOK)) {
            while (!Thread.currentThread().isInterrupted()) {
                Object[] legs;
                synchronized (seen) {
                    while (seen.isEmpty()) {
                        seen.wait();
                    }
                    legs = seen.keySet().toArray();
                }
                look.setArray(1, observer.createArrayOf("text", legs));
                try (ResultSet row = look.executeQuery()) {
                    synchronized (seen) {
                        while (row.next()) {
                            Seen now = new Seen(
                                    row.getString(2),
                                    row.getString(3),
                                    row.getString(4),
                                    row.getString(5),
                                    row.getBoolean(6));
                            seen.computeIfPresent(row.getString(1), (leg, before) -> now);
                        }
                        seen.notifyAll();
                    }
                }
                LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws InterruptedException, SQLException {
        looking.interrupt();
        looking.join();
        observer.close();
    }

    /**
     * @param reservation the open offer, with the agent who is asked; null while nobody is
     * @param over whether nothing is left to do for the call
     */
    private record Seen(
            @Nullable String call,
            @Nullable String state,
            @Nullable String reservation,
            @Nullable String agent,
            boolean over) {

        static final Seen NOTHING = new Seen(null, null, null, null, false);

        boolean isOffered() {
            return reservation != null;
        }

        boolean is(String expected) {
            return expected.equals(state);
        }
    }
}
