package io.cordboard.customer;

import io.cordboard.shared.CustomerId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The customers of this installation. One of them is its operator, whose administrators open the accounts of the others.
 * A guest agent comes with each by a trigger of the table.
 */
@Repository
public class Customers {

    private static final String SELECT = "SELECT id, name, operator, created_at FROM customer";

    private final JdbcClient jdbc;
    private final Clock clock;

    Customers(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** By name, those after one name. */
    public List<Customer> list(String after, int limit) {
        return jdbc.sql(SELECT + " WHERE name > :after ORDER BY name LIMIT :limit")
                .param("after", after)
                .param("limit", limit)
                .query((row, n) -> customer(row))
                .list();
    }

    public Optional<Customer> find(CustomerId id) {
        return jdbc.sql(SELECT + " WHERE id = :id")
                .param("id", id.value())
                .query((row, n) -> customer(row))
                .optional();
    }

    public Optional<Customer> find(String name) {
        return jdbc.sql(SELECT + " WHERE name = :name")
                .param("name", name)
                .query((row, n) -> customer(row))
                .optional();
    }

    /** @return empty when there is one of this name */
    public Optional<Customer> add(String name) {
        return jdbc.sql(
                        """
                        INSERT INTO customer (id, name, created_at) VALUES (:id, :name, :now)
                        ON CONFLICT (name) DO NOTHING
                        RETURNING id, name, operator, created_at""")
                .param("id", CustomerId.next().value())
                .param("name", name)
                .param("now", OffsetDateTime.now(clock))
                .query((row, n) -> customer(row))
                .optional();
    }

    private static Customer customer(ResultSet row) throws SQLException {
        return new Customer(
                new CustomerId(row.getObject("id", UUID.class)),
                row.getString("name"),
                row.getBoolean("operator"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }

    /** @param operator whether it runs this installation */
    public record Customer(CustomerId id, String name, boolean operator, Instant createdAt) {}
}
