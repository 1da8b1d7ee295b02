package io.cordboard.events.webhook;

import static io.cordboard.events.webhook.Subscriptions.utc;

import io.cordboard.events.webhook.Payloads.Happened;
import io.cordboard.shared.Ids;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes a delivery of each event for each subscription that wants it. One node at a time does it, and a node that dies at
 * it has done nothing.
 *
 * <p>Ids are given out before a transaction commits, so a lower id may become visible after a higher one. Ids that were
 * skipped are kept as gaps and looked for until it is certain that their transaction is over, however long it takes: when
 * every transaction that had begun by the time of a later look is over.
 */
@Component
class FanOut {

    private static final int PIECE = 500;
    /** More than can be under way at once. */
    private static final int GAPS_AT_MOST = 1_000;

    /** Two ways into the index of ids; with an OR in their place PostgreSQL may read the log from its beginning. */
    private static final String SELECT =
            """
            WITH e AS (
                (SELECT * FROM event_log WHERE id > :last ORDER BY id LIMIT :piece)
                UNION ALL
                (SELECT * FROM event_log WHERE id = ANY (:gaps)))
            SELECT e.id, e.at, e.type, e.call_id, e.agent_id, e.data::text AS data, a.name AS agent_name,
                   coalesce(e.customer_id, c.customer_id, a.customer_id) AS customer
              FROM e
              LEFT JOIN call c ON c.id = e.call_id
              LEFT JOIN agent a ON a.id = e.agent_id
             ORDER BY e.id""";

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Payloads payloads;
    private final WebhookSettings settings;
    private final Clock clock;

    FanOut(JdbcClient jdbc, TransactionTemplate transaction, Payloads payloads, WebhookSettings settings, Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.payloads = payloads;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Hands on what has become visible, unless another node is at it.
     *
     * @return whether there may be more
     */
    boolean piece() {
        return Boolean.TRUE.equals(
                transaction.execute(status -> cursor().map(this::handOnAfter).orElse(false)));
    }

    /**
     * Somebody begins to listen; in their transaction. While nobody did, the cursor stood still: it goes near the end of
     * the log, so far back that what is under way lies before it. What happened earlier is sorted out by its time.
     */
    void listenFromNowOn() {
        holdStill();
        jdbc.sql(
                        """
                        UPDATE webhook_cursor
                           SET last_event = greatest(last_event, (SELECT coalesce(max(id), 0) FROM event_log) - :back)
                         WHERE NOT EXISTS (SELECT FROM webhook_subscription WHERE enabled)""")
                .param("back", GAPS_AT_MOST)
                .update();
    }

    /** No event is handed on until the end of the caller's transaction. */
    void holdStill() {
        jdbc.sql("SELECT last_event FROM webhook_cursor FOR UPDATE")
                .query(Long.class)
                .single();
    }

    private boolean handOnAfter(Cursor cursor) {
        List<Listener> listeners = listeners();
        if (listeners.isEmpty()) {
            return false;
        }
        List<Happened> found = jdbc.sql(SELECT)
                .param("last", cursor.last())
                .param("piece", PIECE)
                .param("gaps", cursor.gaps().toArray(Long[]::new))
                .query((row, n) -> happened(row))
                .list();
        deliver(found, listeners);
        moveOn(cursor, found.stream().map(Happened::id).toList());
        return found.stream().filter(event -> event.id() > cursor.last()).count() == PIECE;
    }

    /**
     * Whether a gap is settled is seen before its id is looked for: a transaction that ends in between must not look like
     * one that failed. After a day it is settled in any case, for a database that was restored counts its transactions
     * anew.
     */
    private Optional<Cursor> cursor() {
        return jdbc.sql(
                        """
                        SELECT last_event,
                               ARRAY(SELECT event_id FROM webhook_gap) AS gaps,
                               ARRAY(SELECT event_id FROM webhook_gap
                                      WHERE settled_by < pg_snapshot_xmin(pg_current_snapshot())
                                            AND noticed_at < now() - :patience * interval '1 millisecond'
                                         OR noticed_at < now() - interval '1 day') AS settled
                          FROM webhook_cursor
                           FOR UPDATE SKIP LOCKED""")
                .param("patience", settings.patience().toMillis())
                .query((row, n) -> new Cursor(row.getLong("last_event"), ids(row, "gaps"), ids(row, "settled")))
                .optional();
    }

    private void moveOn(Cursor cursor, List<Long> found) {
        List<Long> missing = new ArrayList<>();
        long last = cursor.last();
        for (long id : found) {
            if (id > last) {
                LongStream.range(Math.max(last + 1, id - GAPS_AT_MOST), id).forEach(missing::add);
                last = id;
            }
        }
        Set<Long> filled = found.stream().filter(cursor.gaps()::contains).collect(Collectors.toSet());
        filled.addAll(cursor.settled());
        if (!filled.isEmpty()) {
            jdbc.sql("DELETE FROM webhook_gap WHERE event_id = ANY (:ids)")
                    .param("ids", filled.toArray(Long[]::new))
                    .update();
        }
        if (filled.size() < cursor.gaps().size()) {
            // This transaction began after they were noticed, so whoever has one of these ids began before it.
            jdbc.sql("UPDATE webhook_gap SET settled_by = pg_current_xact_id() WHERE settled_by IS NULL")
                    .update();
        }
        if (!missing.isEmpty()) {
            jdbc.sql(
                            """
                            INSERT INTO webhook_gap (event_id, noticed_at) SELECT id, now() FROM unnest(:ids) AS n (id)
                            ON CONFLICT DO NOTHING""")
                    .param("ids", missing.toArray(Long[]::new))
                    .update();
        }
        if (last > cursor.last()) {
            jdbc.sql("UPDATE webhook_cursor SET last_event = :last")
                    .param("last", last)
                    .update();
        }
    }

    private List<Listener> listeners() {
        return jdbc.sql("SELECT id, customer_id, event_types, listens_since FROM webhook_subscription WHERE enabled")
                .query((row, n) -> new Listener(
                        row.getObject("id", UUID.class),
                        row.getObject("customer_id", UUID.class),
                        Set.of((String[]) row.getArray("event_types").getArray()),
                        row.getObject("listens_since", OffsetDateTime.class).toInstant()))
                .list();
    }

    private void deliver(List<Happened> found, List<Listener> listeners) {
        List<NewDelivery> deliveries = new ArrayList<>();
        for (Happened event : found) {
            for (Listener listener : listeners) {
                if (listener.wants(event)) {
                    UUID id = Ids.next();
                    deliveries.add(new NewDelivery(id, listener, event, payloads.of(id, event)));
                }
            }
        }
        if (deliveries.isEmpty()) {
            return;
        }
        jdbc.sql(
                        """
                        INSERT INTO webhook_delivery (id, customer_id, subscription_id, event_id, event_type, payload, state,
                                                      next_attempt_at, created_at)
                        SELECT n.id, s.customer_id, s.id, n.event_id, n.event_type, n.payload, 'pending', :now, :now
                          FROM unnest(CAST(:ids AS uuid[]), CAST(:subscriptions AS uuid[]), CAST(:events AS bigint[]),
                                      CAST(:types AS text[]), CAST(:payloads AS text[]))
                               AS n (id, subscription_id, event_id, event_type, payload)
                          JOIN webhook_subscription s ON s.id = n.subscription_id AND s.enabled
                        ON CONFLICT (subscription_id, event_id) WHERE event_id IS NOT NULL DO NOTHING""")
                .param("now", utc(clock.instant()))
                .param("ids", texts(deliveries, n -> n.id().toString()))
                .param("subscriptions", texts(deliveries, n -> n.listener().id().toString()))
                .param("events", deliveries.stream().map(n -> n.event().id()).toArray(Long[]::new))
                .param("types", texts(deliveries, n -> Payloads.type(n.event().type())))
                .param("payloads", texts(deliveries, NewDelivery::payload))
                .update();
    }

    static <T> String[] texts(Collection<T> values, Function<T, String> text) {
        return values.stream().map(text).toArray(String[]::new);
    }

    private static Happened happened(ResultSet row) throws SQLException {
        return new Happened(
                row.getLong("id"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("type"),
                row.getObject("call_id", UUID.class),
                row.getObject("agent_id", UUID.class),
                row.getString("agent_name"),
                row.getObject("customer", UUID.class),
                row.getString("data"));
    }

    private static Set<Long> ids(ResultSet row, String column) throws SQLException {
        return Set.of((Long[]) row.getArray(column).getArray());
    }

    /**
     * @param last the highest id that was handed on
     * @param gaps lower ids that were not visible
     * @param settled those of them that will never be, if they are not visible now
     */
    private record Cursor(long last, Set<Long> gaps, Set<Long> settled) {}

    private record Listener(UUID id, UUID customer, Set<String> types, Instant since) {

        boolean wants(Happened event) {
            return customer.equals(event.customer())
                    && !event.at().isBefore(since)
                    && (types.isEmpty() || types.contains(Payloads.type(event.type())));
        }
    }

    private record NewDelivery(UUID id, Listener listener, Happened event, String payload) {}
}
