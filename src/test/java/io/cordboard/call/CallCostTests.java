package io.cordboard.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordboard.testing.ScenarioTest;
import io.cordboard.testing.WholeCalls;
import io.cordboard.testing.WholeCalls.Cost;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What one inbound call costs the database, everything included. */
class CallCostTests extends ScenarioTest {

    private static final double MAX_STATEMENTS = 90;

    /** A call moves six times. What its carrier tells beside that rides along, save for the last of a run: a few hundredths. */
    private static final long MAX_COMMITS = 6;

    private static final double MAX_WAL = 50 * 1024;

    private static final int CALLS = 60;
    private static final int AT_ONCE = 3;

    @Autowired
    private DataSource database;

    @Test
    void aCallStaysWithinItsBudget() throws Exception {
        // Whose events nobody wants to be sent, pays nothing for that.
        jdbc.sql("DELETE FROM webhook_subscription").update();
        setQueues("10 seconds", "5 minutes", "60 seconds");
        charles.is("available");
        edith.is("available");
        dave.is("available");
        var agents = Map.of(charles.id(), charles.http(), edith.id(), edith.http(), dave.id(), dave.http());
        try (WholeCalls calls = new WholeCalls(database, agents, () -> someoneDials(NUMBER, "press 1"), AT_ONCE)) {
            databaseWorksByTheClock(false);
            calls.run(CALLS);

            Cost each = calls.cost(jdbc, CALLS, WholeCalls.idle(jdbc));

            System.out.printf("per call: %s (%d calls, %d at once)%n", each, CALLS, AT_ONCE);
            assertThat(each.statements()).as("statements per call").isLessThanOrEqualTo(MAX_STATEMENTS);
            assertThat(Math.round(each.commits())).as("commits per call").isLessThanOrEqualTo(MAX_COMMITS);
            assertThat(each.wal()).as("bytes of WAL per call").isLessThanOrEqualTo(MAX_WAL);
        }
    }

    @AfterEach
    void asBefore() {
        databaseWorksByTheClock(true);
    }

    /**
     * Autovacuum comes by the clock and not by the call, and this run is too short for it to be spread over many. So do
     * whole pages: the first change to each page after a checkpoint writes it whole, whoever makes it.
     */
    private void databaseWorksByTheClock(boolean on) {
        for (String setting : List.of("autovacuum", "full_page_writes")) {
            jdbc.sql("ALTER SYSTEM SET " + setting + (on ? " TO DEFAULT" : " = off"))
                    .update();
        }
        jdbc.sql("SELECT pg_reload_conf()").query(Boolean.class).single();
        // Takes note of it for all that is written from now on.
        jdbc.sql("CHECKPOINT").update();
    }
}
