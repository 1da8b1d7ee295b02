package io.cordboard.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A database whose owner is no superuser, as on most servers. */
class OwnerOfDatabaseTests {

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

    @Test
    void whoMayNotIsToldWhatToDo() throws SQLException {
        asAdministrator(
                "DO $$ BEGIN CREATE ROLE cordboard_customer NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");

        assertThatThrownBy(this::migrate)
                .isInstanceOf(FlywayException.class)
                .hasMessageContaining("may not take the role cordboard_customer");
    }
}
