package io.cordboard.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import io.cordboard.testing.Caller;
import io.cordboard.testing.ScenarioTest;
import io.cordboard.testing.Tenant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.transaction.support.TransactionTemplate;

/** S3-18 · what the database itself keeps from a customer. */
@ExtendWith(OutputCaptureExtension.class)
class RowLevelSecurityTests extends ScenarioTest {

    /** The engine's, or nobody's. */
    private static final Set<String> NOBODYS = Set.of("flyway_schema_history", "node", "cordboard_passage");

    /** What nobody but the application reads at all. */
    private static final Set<String> SECRET = Set.of(
            "signing_key",
            "recovery_token",
            "ended_session",
            "outbox",
            "webhook_cursor",
            "webhook_gap",
            "login_tries",
            "queue_callback_secret");

    @Autowired
    private TransactionTemplate transaction;

    /** Every table of ours, asked by a query that forgets whose rows it wants; a new one is covered by itself. */
    @Test
    void aQueryThatForgetsTheFilterFindsNothingOfOthers(CapturedOutput console) {
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        String call = charles.takesTheNextCall();
        caller.talks();
        charles.http()
                .post("/v1/calls/" + call + "/notes", Map.of("text", "seen"))
                .ok();
        Tenant tenant = Tenant.open(base(), admin(), console);
        List<String> tables = jdbc.sql(
                        """
                        SELECT table_name FROM information_schema.tables
                         WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'act\\_%'""")
                .query(String.class)
                .list();
        assertThat(tables).contains("agent", "call", "event_log").hasSizeGreaterThan(20);

        Map<String, Integer> own = Map.of("customer", 1, "agent", 1, "not_available_reason", 4);
        assertSoftly(softly -> {
            for (String table : tables) {
                if (NOBODYS.contains(table)) {
                    continue;
                }
                if (SECRET.contains(table)) {
                    softly.assertThat(jdbc.sql("SELECT has_table_privilege('cordboard_customer', :table, 'SELECT')")
                                    .param("table", table)
                                    .query(Boolean.class)
                                    .single())
                            .as("customers read " + table)
                            .isFalse();
                    continue;
                }
                softly.assertThat(rowsSeenBy(tenant.id(), table))
                        .as("rows of " + table + " seen by a customer who has just begun")
                        .isLessThanOrEqualTo(own.getOrDefault(table, 0));
            }
        });
        String demo = charles.http().get("/v1/session").ok().get("customer_id").asText();
        for (String table : List.of(
                "agent",
                "agent_tag",
                "not_available_reason",
                "call",
                "call_leg",
                "call_note",
                "reservation",
                "event_log")) {
            assertThat(rowsSeenBy(demo, table)).as("own rows of " + table).isPositive();
        }
        charles.ends(call);
        charles.wrapsUp(call, "other");
    }

    private int rowsSeenBy(String customer, String table) {
        Integer rows = transaction.execute(status -> {
            status.setRollbackOnly();
            jdbc.sql(
                            "SELECT set_config('cordboard.customer', :customer, true), set_config('role', 'cordboard_customer', true)")
                    .param("customer", customer)
                    .query((row, n) -> n)
                    .single();
            return jdbc.sql("SELECT count(*) FROM " + table)
                    .query(Integer.class)
                    .single();
        });
        return rows == null ? 0 : rows;
    }

    /** Were the policy to hide everything, the API would show nothing: so it is under it. */
    @Test
    void requestsThatReadAreBoundByThePolicies() {
        assertThat(charles.http().get("/v1/tags").ok().get("items")).isNotEmpty();
        jdbc.sql("ALTER POLICY of_customer ON tag USING (false)").update();
        try {
            assertThat(charles.http().get("/v1/tags").ok().get("items")).isEmpty();
        } finally {
            jdbc.sql("ALTER POLICY of_customer ON tag USING (customer_id = current_customer())")
                    .update();
        }
        assertThat(charles.http().get("/v1/tags").ok().get("items")).isNotEmpty();
    }
}
