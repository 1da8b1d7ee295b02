package io.cordboard.agent;

import io.cordboard.shared.CustomerId;
import io.cordboard.shared.Ids;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Why the agents of a customer may be away, as its administrators have it. A new customer begins with a few usual ones by
 * a trigger of its table. Who is away for a reason that is renamed or deleted keeps it until they choose again.
 */
@Repository
public class NotAvailableReasons {

    private final JdbcClient jdbc;
    private final Clock clock;

    NotAvailableReasons(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** By name, those after one name. */
    public List<Reason> list(CustomerId customer, String after, int limit) {
        return jdbc.sql(
                        """
                        SELECT id, name FROM not_available_reason
                         WHERE customer_id = :customer AND lower(name) > lower(:after)
                         ORDER BY lower(name) LIMIT :limit""")
                .param("customer", customer.value())
                .param("after", after)
                .param("limit", limit)
                .query((row, n) -> reason(row))
                .list();
    }

    /** The one of this name, written in any case. */
    public Optional<Reason> find(CustomerId customer, String name) {
        return jdbc.sql("SELECT id, name FROM not_available_reason"
                        + " WHERE customer_id = :customer AND lower(name) = lower(:name)")
                .param("customer", customer.value())
                .param("name", name)
                .query((row, n) -> reason(row))
                .optional();
    }

    /** @return empty when there is one of this name */
    public Optional<Reason> add(CustomerId customer, String name) {
        return jdbc.sql(
                        """
                        INSERT INTO not_available_reason (id, customer_id, name, created_at)
                        VALUES (:id, :customer, :name, :now)
                        ON CONFLICT (customer_id, lower(name)) DO NOTHING
                        RETURNING id, name""")
                .param("id", Ids.next())
                .param("customer", customer.value())
                .param("name", name)
                .param("now", OffsetDateTime.now(clock))
                .query((row, n) -> reason(row))
                .optional();
    }

    public Renaming rename(CustomerId customer, UUID id, String name) {
        try {
            int rows = jdbc.sql(
                            "UPDATE not_available_reason SET name = :name WHERE id = :id AND customer_id = :customer")
                    .param("id", id)
                    .param("customer", customer.value())
                    .param("name", name)
                    .update();
            return rows == 1 ? Renaming.DONE : Renaming.UNKNOWN;
        } catch (DuplicateKeyException taken) {
            return Renaming.TAKEN;
        }
    }

    /** @return false when the customer has no such reason */
    public boolean remove(CustomerId customer, UUID id) {
        return jdbc.sql("DELETE FROM not_available_reason WHERE id = :id AND customer_id = :customer")
                        .param("id", id)
                        .param("customer", customer.value())
                        .update()
                == 1;
    }

    private static Reason reason(ResultSet row) throws SQLException {
        return new Reason(row.getObject("id", UUID.class), row.getString("name"));
    }

    /** What came of another name. */
    public enum Renaming {
        DONE,
        /** Another one has it. */
        TAKEN,
        UNKNOWN
    }

    /** @param name what agents choose it by */
    public record Reason(UUID id, String name) {}
}
