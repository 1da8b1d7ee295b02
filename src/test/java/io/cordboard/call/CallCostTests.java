package io.cordboard.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordboard.testing.Caller;
import io.cordboard.testing.Http;
import io.cordboard.testing.ScenarioTest;
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
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * What one inbound call costs the database, everything included: dialled, asked, queued, offered, accepted through the
 * API, connected, hung up, wrapped up. Whoever waits for the next thing to happen looks through a role of its own, whose
 * statements are left out.
 */
class CallCostTests extends ScenarioTest {

    private static final double MAX_STATEMENTS = 90;

    /** A call moves six times; what its carrier tells beside that is written in groups, the larger the more calls there are. */
    private static final double MAX_COMMITS = 9;

    private static final double MAX_WAL_KB = 50;

    private static final int CALLS = 60;
    private static final int AT_ONCE = 3;

    @Autowired
    private DataSource database;

    private final BlockingQueue<Connection> observers = new LinkedBlockingQueue<>();
    private final AtomicLong looks = new AtomicLong();

    @Test
    void aCallStaysWithinItsBudget() throws Exception {
        setQueues("10 seconds", "5 minutes", "60 seconds");
        jdbc.sql("CREATE EXTENSION IF NOT EXISTS pg_stat_statements").update();
        jdbc.sql("DROP ROLE IF EXISTS observer").update();
        jdbc.sql("CREATE ROLE observer LOGIN PASSWORD 'observer' IN ROLE pg_read_all_data")
                .update();
        Map<String, Http> agents =
                Map.of(charles.id(), charles.http(), edith.id(), edith.http(), dave.id(), dave.http());
        charles.is("available");
        edith.is("available");
        dave.is("available");
        for (int i = 0; i < AT_ONCE; i++) {
            observers.add(observer());
        }
        // It works by the clock and not by the call, and this run is too short for it to be spread over many.
        jdbc.sql("ALTER SYSTEM SET autovacuum = off").update();
        jdbc.sql("SELECT pg_reload_conf()").query(Boolean.class).single();
        // Not after it: the first change to a page after a checkpoint writes the whole page.
        jdbc.sql("CHECKPOINT").update();
        calls(agents, AT_ONCE * 5);

        Cost before = cost();
        looks.set(0);
        calls(agents, CALLS);
        Cost after = cost();

        double statements = (after.statements - before.statements) / (double) CALLS;
        double commits = (after.commits - before.commits - looks.get()) / (double) CALLS;
        double wal = (after.wal - before.wal) / (double) CALLS / 1000;
        System.out.printf(
                "per call: %.1f statements, %.2f commits, %.1f kB WAL (%d calls, %d at once)%n",
                statements, commits, wal, CALLS, AT_ONCE);
        assertThat(statements).as("statements per call").isLessThanOrEqualTo(MAX_STATEMENTS);
        assertThat(commits).as("commits per call").isLessThanOrEqualTo(MAX_COMMITS);
        assertThat(wal).as("kB of WAL per call").isLessThanOrEqualTo(MAX_WAL_KB);
    }

    @AfterEach
    void closeObservers() throws SQLException {
        for (Connection observer : observers) {
            observer.close();
        }
        jdbc.sql("ALTER SYSTEM RESET autovacuum").update();
        jdbc.sql("SELECT pg_reload_conf()").query(Boolean.class).single();
    }

    private void calls(Map<String, Http> agents, int number) throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Callable<Void>> all = new ArrayList<>();
            for (int i = 0; i < number; i++) {
                all.add(() -> call(agents));
            }
            for (Future<Void> done : callers.invokeAll(all)) {
                done.get();
            }
        } finally {
            callers.shutdownNow();
        }
    }

    private Void call(Map<String, Http> agents) throws Exception {
        Connection observer = observers.take();
        try {
            Caller caller = someoneDials(NUMBER, "press 1");
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

    private Connection observer() throws SQLException {
        try (Connection known = database.getConnection()) {
            return DriverManager.getConnection(known.getMetaData().getURL(), "observer", "observer");
        }
    }

    private Cost cost() {
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

    private record Cost(long statements, long commits, long wal) {}
}
