package io.cordboard.customer;

import io.cordboard.shared.CustomerId;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What people with power did, and which calls of others they looked into. Append-only. */
@Repository
public class AuditLog {

    private final JdbcClient jdbc;
    private final Clock clock;

    AuditLog(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * @param action method and path
     * @param status what it was answered with
     * @param address where the request came from
     */
    public void add(Account who, String action, int status, String address) {
        jdbc.sql(
                        """
                        INSERT INTO audit_log (at, customer_id, agent_id, username, role, action, status, address)
                        VALUES (:at, :customer, :agent, :username, :role, :action, :status, :address)""")
                .param("at", OffsetDateTime.now(clock))
                .param("customer", who.customer().value())
                .param("agent", who.id().value())
                .param("username", who.username())
                .param("role", who.role().column())
                .param("action", action)
                .param("status", status)
                .param("address", address)
                .update();
    }

    /** Newest first, those before one. */
    public List<Entry> list(CustomerId customer, long before, int limit) {
        return jdbc.sql(
                        """
                        SELECT id, at, username, role, action, status, address FROM audit_log
                         WHERE customer_id = :customer AND id < :before ORDER BY id DESC LIMIT :limit""")
                .param("customer", customer.value())
                .param("before", before)
                .param("limit", limit)
                .query((row, n) -> new Entry(
                        row.getLong("id"),
                        row.getObject("at", OffsetDateTime.class).toInstant(),
                        row.getString("username"),
                        row.getString("role"),
                        row.getString("action"),
                        row.getInt("status"),
                        row.getString("address")))
                .list();
    }

    /** One act. */
    public record Entry(long id, Instant at, String username, String role, String action, int status, String address) {}
}
