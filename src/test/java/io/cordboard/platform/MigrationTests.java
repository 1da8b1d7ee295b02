package io.cordboard.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The migrations where they meet something: an owner who is no superuser, as on most servers, and data of before. */
class MigrationTests {

    private final String owner = "owner_" + UUID.randomUUID().toString().substring(0, 8);
    private HikariDataSource administrator;

    @BeforeEach
    void aDatabaseOfSomebody() throws SQLException {
        administrator = TestDatabase.empty();
        asAdministrator("CREATE ROLE " + owner + " LOGIN PASSWORD 'owner'");
        asAdministrator("ALTER SCHEMA public OWNER TO " + owner);
    }

    @AfterEach
    void end() {
        administrator.close();
    }

    private void asAdministrator(String sql) throws SQLException {
        try (Connection connection = administrator.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void migrate() {
        Flyway.configure()
                .dataSource(administrator.getJdbcUrl(), owner, "owner")
                .locations("classpath:db/migration")
                .load()
                .migrate();
    }

    @Test
    void theOwnerTakesTheRoleOfCustomers() throws SQLException {
        asAdministrator(
                "DO $$ BEGIN CREATE ROLE cordboard_customer NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        asAdministrator("GRANT cordboard_customer TO " + owner);

        migrate();

        try (Connection connection = DriverManager.getConnection(administrator.getJdbcUrl(), owner, "owner");
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "INSERT INTO customer (id, name, created_at) VALUES (gen_random_uuid(), 'Somebody', now())");
            statement.execute("SET ROLE cordboard_customer");
            try (var rows = statement.executeQuery("SELECT count(*) FROM customer")) {
                rows.next();
                assertThat(rows.getInt(1)).isZero();
            }
        }
    }

    /** What an installation of the first release has becomes what this one expects. */
    @Test
    void whatIsThereGoesOn() throws SQLException {
        var flyway = Flyway.configure().dataSource(administrator).locations("classpath:db/migration");
        flyway.target("4").load().migrate();
        asAdministrator(
                """
                INSERT INTO customer (id, name, created_at)
                VALUES ('00000000-0000-0000-0000-000000000001', 'Cordboard', now()),
                       ('00000000-0000-0000-0000-000000000002', 'Demo', now());
                INSERT INTO agent (id, customer_id, username, name, role, chosen, engaged, status_since, idle_since, created_at)
                VALUES ('00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-000000000002', 'charles', 'Charles',
                        'agent', 'available', 'busy', now(), now(), now());
                INSERT INTO agent_tag VALUES ('00000000-0000-0000-0000-00000000000a', 'support');
                INSERT INTO queue (id, customer_id, name, required_tags, created_at)
                VALUES (gen_random_uuid(), '00000000-0000-0000-0000-000000000002', 'sales', ARRAY['sales'], now());
                INSERT INTO event_log (at, agent_id, type)
                VALUES (now(), '00000000-0000-0000-0000-00000000000a', 'agent.status_updated')""");

        flyway.target("latest").load().migrate();

        assertThat(texts("SELECT name FROM customer WHERE operator")).containsExactly("Cordboard");
        assertThat(texts("SELECT c.name FROM agent a JOIN customer c ON c.id = a.customer_id WHERE a.role = 'guest'"))
                .containsExactlyInAnyOrder("Cordboard", "Demo");
        assertThat(texts("SELECT c.name || ': ' || string_agg(r.name, ', ' ORDER BY r.name) FROM customer c"
                        + " JOIN not_available_reason r ON r.customer_id = c.id GROUP BY c.name"))
                .containsExactlyInAnyOrder(
                        "Cordboard: Break, Lunch, Meeting, Training", "Demo: Break, Lunch, Meeting, Training");
        assertThat(texts("SELECT name FROM tag")).containsExactlyInAnyOrder("support", "sales");
        assertThat(texts("SELECT shown_status(chosen, engaged) FROM agent WHERE username = 'charles'"))
                .containsExactly("busy");
        assertThat(texts("SELECT last_event::text FROM webhook_cursor"))
                .as("what happened before there were webhooks is told to nobody")
                .containsExactly("1");
    }

    private List<String> texts(String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = administrator.getConnection();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }

    @Test
    void whoMayNotIsToldWhatToDo() throws SQLException {
        asAdministrator(
                "DO $$ BEGIN CREATE ROLE cordboard_customer NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");

        assertThatThrownBy(this::migrate)
                .isInstanceOf(FlywayException.class)
                .hasMessageContaining("may not take the role cordboard_customer");
    }
}
