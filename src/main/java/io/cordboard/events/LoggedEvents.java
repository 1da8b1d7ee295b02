package io.cordboard.events;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reads the event log in the order of its ids. */
@Repository
class LoggedEvents {

    static final int PIECE = 1_000;

    private static final String SELECT =
            """
            SELECT e.id, e.at, e.type, e.call_id, e.agent_id, e.data::text AS data,
                   coalesce(e.customer_id, c.customer_id, a.customer_id) AS customer,
                   ARRAY(SELECT r.agent_id FROM reservation r WHERE r.call_id = e.call_id
                         UNION
                         SELECT v.agent_id FROM voicemail v WHERE v.call_id = e.call_id AND v.agent_id IS NOT NULL)
                       AS participants
              FROM event_log e
              LEFT JOIN call c ON c.id = e.call_id
              LEFT JOIN agent a ON a.id = e.agent_id
            """;

    private final JdbcClient jdbc;

    LoggedEvents(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The ids of the last events, the highest first. */
    List<Long> lastIds(int count) {
        return jdbc.sql("SELECT id FROM event_log ORDER BY id DESC LIMIT :count")
                .param("count", count)
                .query(Long.class)
                .list();
    }

    /** What came after an id, and what has become visible of those ids that were missing. */
    List<LoggedEvent> after(long id, Collection<Long> missing) {
        return jdbc.sql(SELECT + " WHERE e.id > :id OR e.id = ANY (:missing) ORDER BY e.id LIMIT " + PIECE)
                .param("id", id)
                .param("missing", missing.toArray(Long[]::new))
                .query((row, n) -> event(row))
                .list();
    }

    /** Events after an id and up to another one; those of one call, or all if it is null. */
    List<LoggedEvent> between(long after, long upTo, @Nullable UUID call) {
        return jdbc.sql(SELECT + " WHERE e.id > :after AND e.id <= :upTo"
                        + (call == null ? "" : " AND e.call_id = :call") + " ORDER BY e.id LIMIT " + PIECE)
                .param("after", after)
                .param("upTo", upTo)
                .param("call", call)
                .query((row, n) -> event(row))
                .list();
    }

    private static LoggedEvent event(ResultSet row) throws SQLException {
        return new LoggedEvent(
                row.getLong("id"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("type"),
                row.getObject("call_id", UUID.class),
                row.getObject("agent_id", UUID.class),
                row.getObject("customer", UUID.class),
                participants(row),
                row.getString("data"));
    }

    private static Set<UUID> participants(ResultSet row) throws SQLException {
        return Arrays.stream((UUID[]) row.getArray("participants").getArray()).collect(Collectors.toUnmodifiableSet());
    }
}
