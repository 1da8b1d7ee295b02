package io.cordboard.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Whole calls, many at once: dialled, asked, queued, offered, accepted through the API, connected, hung up, wrapped up.
 * Whoever waits for the next thing to happen looks through a role of its own, so that its looks can be told from the work.
 */
public final class WholeCalls implements AutoCloseable {

    private static final int IDLE_SECONDS = 4;

    private final Map<String, Http> agents;
    private final Supplier<Caller> dial;
    private final BlockingQueue<Connection> observers = new LinkedBlockingQueue<>();
    /** Each is a commit for the database, but not the product's. */
    private final AtomicLong looks = new AtomicLong();

    private final int atOnce;

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
            jdbc.sql("CREATE ROLE observer LOGIN PASSWORD 'observer' IN ROLE pg_read_all_data")
                    .update();
        }
        try (Connection known = database.getConnection()) {
            for (int i = 0; i < atOnce; i++) {
                observers.add(DriverManager.getConnection(known.getMetaData().getURL(), "observer", "observer"));
            }
        }
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
        long looked = looks.get();
        long start = System.nanoTime();
        run(number);
        double seconds = (System.nanoTime() - start) / 1e9;
        return soFar(jdbc)
                .minus(before)
                .minus(new Cost(0, looks.get() - looked, 0))
                .minus(idle.times(seconds))
                .times(1.0 / number);
    }

    /** What a second costs in which nobody calls: nodes tell that they live, and look after what may have been left. */
    public static Cost idle(JdbcClient jdbc) {
        Cost before = soFar(jdbc);
        LockSupport.parkNanos(Duration.ofSeconds(IDLE_SECONDS).toNanos());
        return soFar(jdbc).minus(before).times(1.0 / IDLE_SECONDS);
    }

    private static Cost soFar(JdbcClient jdbc) {
        return jdbc.sql(
                        """
                        SELECT (SELECT sum(s.calls) FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid
                                 WHERE r.rolname <> 'observer' AND s.toplevel
                                   AND s.query !~* '^(BEGIN|COMMIT|ROLLBACK|SET|SHOW)'),
                               (SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()),
                               pg_current_wal_lsn() - '0/0'::pg_lsn""")
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
        Connection observer = observers.take();
        try {
            Caller caller = dial.get();
            String[] offer = eventually(
                    observer,
                    """
                    SELECT r.id, r.agent_id, r.call_id FROM reservation r JOIN call_leg l ON l.call_id = r.call_id
                     WHERE r.state = 'pending' AND l.provider_leg_id = '%s'"""
                            .formatted(caller.sid()));
            Http agent = agents.get(offer[1]);
            agent.post("/v1/reservations/" + offer[0] + "/accept", null).ok();
            eventually(observer, state(offer[2], "talking"));
            caller.talks();
            caller.hangsUp();
            eventually(observer, state(offer[2], "wrapping"));
            agent.post("/v1/calls/" + offer[2] + "/wrap-up", Map.of("disposition", "resolved"))
                    .ok();
            eventually(
                    observer,
                    "SELECT 1, 1, 1 FROM call WHERE id = '" + offer[2]
                            + "' AND state = 'ended' AND NOT EXISTS (SELECT FROM outbox WHERE call_id = call.id)"
                            + " AND conference_state = 'completed'");
        } finally {
            observers.add(observer);
        }
        return null;
    }

    private static String state(String call, String state) {
        return "SELECT 1, 1, 1 FROM call WHERE id = '" + call + "' AND state = '" + state + "'";
    }

    private String[] eventually(Connection observer, String question) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        try (Statement statement = observer.createStatement()) {
            while (System.nanoTime() < end) {
                looks.incrementAndGet();
                try (ResultSet row = statement.executeQuery(question)) {
                    if (row.next()) {
                        return new String[] {row.getString(1), row.getString(2), row.getString(3)};
                    }
                }
                LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            }
        }
        throw new AssertionError("Not within 30 s: " + question);
    }

    @Override
    public void close() throws SQLException {
        for (Connection observer : observers) {
            observer.close();
        }
    }
}
