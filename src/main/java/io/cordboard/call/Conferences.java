package io.cordboard.call;

import io.cordboard.shared.CallId;
import io.cordboard.shared.CustomerId;
import io.cordboard.shared.LegId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Where caller and agent meet at the carrier, as it told us. A conference is open while the carrier has not told its end and
 * a line of its call lives.
 */
@Repository
public class Conferences {

    /** Of the few calls that are open at this moment, so that the size of the table does not matter. */
    private static final String OPEN =
            """
             FROM call c
             WHERE c.id IN (SELECT o.id FROM call o WHERE o.ended_at IS NULL
                            UNION SELECT r.call_id FROM reservation r WHERE r.state = 'accepted')
               AND c.customer_id = :customer AND c.conference_id IS NOT NULL AND c.conference_state <> 'completed'
               AND EXISTS (SELECT FROM call_leg l WHERE l.call_id = c.id AND l.state <> 'ended')
            """;

    private final JdbcClient jdbc;

    Conferences(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * The open ones of a customer, those of the newest calls first.
     *
     * @param before only those of older calls than this one; null for the newest
     */
    public List<Conference> open(CustomerId customer, @Nullable CallId before, int limit) {
        List<Conference> found = jdbc.sql(
                        """
                        SELECT c.id, c.conference_id, c.conference_state, c.state, c.connected_at,
                               (SELECT q.name FROM queue_entry e JOIN queue q ON q.id = e.queue_id
                                 WHERE e.call_id = c.id ORDER BY e.entered_at DESC LIMIT 1) AS queue
                        """
                                + OPEN
                                + """
                           AND (CAST(:before AS uuid) IS NULL OR c.id < :before)
                         ORDER BY c.id DESC LIMIT :limit""")
                .param("customer", customer.value())
                .param("before", before == null ? null : before.value())
                .param("limit", limit)
                .query((row, n) -> conference(row))
                .list();
        Map<CallId, List<Participant>> participants = participants(found);
        return found.stream()
                .map(conference -> conference.with(participants.getOrDefault(conference.call(), List.of())))
                .toList();
    }

    /** The call of an open conference of the customer. */
    public Optional<CallId> callOf(String conference, CustomerId customer) {
        return jdbc.sql("SELECT c.id" + OPEN + " AND c.conference_id = :conference")
                .param("conference", conference)
                .param("customer", customer.value())
                .query((row, n) -> new CallId(row.getObject("id", UUID.class)))
                .optional();
    }

    private Map<CallId, List<Participant>> participants(List<Conference> of) {
        return jdbc
                .sql(
                        """
                        SELECT l.call_id, l.id, l.kind, l.address, l.provider_leg_id, l.state, a.name
                          FROM call_leg l LEFT JOIN agent a ON a.id = l.agent_id
                         WHERE l.call_id = ANY (:calls) AND l.state <> 'ended'
                         ORDER BY l.started_at, l.id""")
                .param("calls", of.stream().map(it -> it.call().value()).toArray(UUID[]::new))
                .query((row, n) -> Map.entry(
                        new CallId(row.getObject("call_id", UUID.class)),
                        new Participant(
                                new LegId(row.getObject("id", UUID.class)),
                                row.getString("kind"),
                                row.getString("name"),
                                row.getString("address"),
                                row.getString("provider_leg_id"),
                                row.getString("state"))))
                .list()
                .stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    }

    private static Conference conference(ResultSet row) throws SQLException {
        OffsetDateTime connected = row.getObject("connected_at", OffsetDateTime.class);
        return new Conference(
                row.getString("conference_id"),
                row.getString("conference_state"),
                new CallId(row.getObject("id", UUID.class)),
                CallState.ofColumn(row.getString("state")),
                row.getString("queue"),
                connected == null ? null : connected.toInstant(),
                List.of());
    }

    /**
     * @param id the carrier's
     * @param state in the carrier's words, such as {@code in-progress}
     * @param callState what its call is doing
     * @param queue the queue the caller was in last
     * @param connectedAt since when caller and agent talk
     * @param participants whose lines live
     */
    public record Conference(
            String id,
            String state,
            CallId call,
            CallState callState,
            @Nullable String queue,
            @Nullable Instant connectedAt,
            List<Participant> participants) {

        private Conference with(List<Participant> those) {
            return new Conference(id, state, call, callState, queue, connectedAt, those);
        }
    }

    /**
     * @param kind {@code caller}, {@code agent}, {@code external} or {@code listener}
     * @param agent whose phone it is; null for the caller
     * @param address the number or address of the phone
     * @param providerLeg the carrier's id of the line; null until it is known
     */
    public record Participant(
            LegId leg,
            String kind,
            @Nullable String agent,
            String address,
            @Nullable String providerLeg,
            String state) {}
}
