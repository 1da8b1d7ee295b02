package io.cordboard.events.webhook;

import static io.cordboard.events.webhook.Subscriptions.instant;
import static io.cordboard.events.webhook.Subscriptions.utc;

import io.cordboard.events.webhook.Sender.Message;
import io.cordboard.events.webhook.Sender.Result;
import io.cordboard.platform.Problem;
import io.cordboard.shared.Ids;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/** What is sent to subscribers, and how it went. */
@Repository
public class Deliveries {

    private static final int GONE = 410;
    private static final int FORGET_AT_ONCE = 5_000;

    private static final String COLUMNS =
            """
             id, event_id, event_type, payload, state, attempts, next_attempt_at, last_attempt_at, last_status, last_error,
             last_millis, created_at
            """;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Subscriptions subscriptions;
    private final Payloads payloads;
    private final WebhookSettings settings;
    private final Clock clock;

    Deliveries(
            JdbcClient jdbc,
            TransactionTemplate transaction,
            Subscriptions subscriptions,
            Payloads payloads,
            WebhookSettings settings,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.subscriptions = subscriptions;
        this.payloads = payloads;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Those of a subscription, the newest first.
     *
     * @param before only those older than this one; null for all
     */
    public List<Delivery> list(Subscription subscription, @Nullable UUID before, int limit) {
        return jdbc.sql(
                        "SELECT" + COLUMNS
                                + """
                         FROM webhook_delivery
                        WHERE subscription_id = :subscription AND (CAST(:before AS uuid) IS NULL OR id < :before)
                        ORDER BY id DESC LIMIT :limit""")
                .param("subscription", subscription.id())
                .param("before", before)
                .param("limit", limit)
                .query((row, n) -> delivery(row))
                .list();
    }

    /**
     * Sends a harmless event to this subscription only.
     *
     * @throws Problem when the subscription is disabled
     */
    public Delivery test(Subscription subscription) {
        requireEnabled(subscription);
        Instant now = clock.instant();
        UUID id = Ids.next();
        return jdbc.sql(
                        """
                        INSERT INTO webhook_delivery (id, customer_id, subscription_id, event_type, payload, state,
                                                      next_attempt_at, created_at)
                        VALUES (:id, :customer, :subscription, 'webhook_test', :payload, 'pending', :now, :now)
                        RETURNING"""
                                + COLUMNS)
                .param("id", id)
                .param("customer", subscription.customer().value())
                .param("subscription", subscription.id())
                .param("payload", payloads.test(id, subscription.id(), now))
                .param("now", utc(now))
                .query((row, n) -> delivery(row))
                .single();
    }

    /**
     * Begins anew with a delivery, whatever became of it; one that waits for its next attempt waits no longer.
     *
     * @return empty when the subscription has no such delivery
     * @throws Problem when the subscription is disabled
     */
    public Optional<Delivery> redeliver(Subscription subscription, UUID id) {
        requireEnabled(subscription);
        return jdbc.sql(
                        """
                        UPDATE webhook_delivery
                           SET state = 'pending', next_attempt_at = :now, failing_since = NULL
                         WHERE id = :id AND subscription_id = :subscription
                        RETURNING"""
                                + COLUMNS)
                .param("id", id)
                .param("subscription", subscription.id())
                .param("now", utc(clock.instant()))
                .query((row, n) -> delivery(row))
                .optional();
    }

    private static void requireEnabled(Subscription subscription) {
        if (!subscription.enabled()) {
            throw Problem.conflict(
                    "This webhook is disabled, so nothing is sent to it.",
                    "Enable it with PUT /v1/webhooks/" + subscription.id() + " first.");
        }
    }

    /**
     * A delivery this node is to attempt.
     *
     * @param attempt which one it is, counted from one; nobody else has the same
     * @param failingSince when the first attempt failed; null if none has
     */
    record Claimed(UUID id, UUID subscription, int attempt, @Nullable Instant failingSince, Message message) {}

    /**
     * Leases what is due to this node: what is of healthy subscriptions first, and of each no more than may be under way.
     *
     * @param underWay how many deliveries this node has under way already, by subscription
     */
    List<Claimed> claim(Map<UUID, Integer> underWay, int atMost) {
        Instant now = clock.instant();
        List<Map.Entry<UUID, Integer>> busy = List.copyOf(underWay.entrySet());
        return jdbc.sql(
                        """
                        WITH due AS MATERIALIZED (
                            SELECT w.id
                              FROM webhook_subscription s
                              LEFT JOIN unnest(CAST(:busy AS uuid[]), CAST(:numbers AS integer[])) AS b (id, n)
                                     ON b.id = s.id
                             CROSS JOIN LATERAL (
                                   SELECT d.id, d.next_attempt_at
                                     FROM webhook_delivery d
                                    WHERE d.subscription_id = s.id AND d.state = 'pending'
                                      AND d.next_attempt_at <= :now
                                      AND (d.lease_until IS NULL OR d.lease_until < :now)
                                    ORDER BY d.next_attempt_at, d.event_id
                                    LIMIT greatest(0, CASE WHEN s.failing_since IS NULL THEN :each ELSE 1 END
                                                      - coalesce(b.n, 0))
                                      FOR UPDATE SKIP LOCKED) w
                             WHERE s.enabled
                             ORDER BY s.failing_since IS NOT NULL, w.next_attempt_at
                             LIMIT :atMost),
                        claimed AS (
                            UPDATE webhook_delivery d
                               SET lease_until = :until, attempts = attempts + 1, last_attempt_at = :now
                              FROM due
                             WHERE d.id = due.id
                            RETURNING d.*)
                        SELECT c.id, c.subscription_id, c.attempts, c.failing_since, c.payload, s.url, s.secret,
                               CASE WHEN s.old_secret_until > :now THEN s.old_secret END AS old_secret
                          FROM claimed c JOIN webhook_subscription s ON s.id = c.subscription_id
                         ORDER BY c.next_attempt_at, c.event_id""")
                .param("busy", FanOut.texts(busy, entry -> entry.getKey().toString()))
                .param("numbers", busy.stream().map(Map.Entry::getValue).toArray(Integer[]::new))
                .param("now", utc(now))
                .param("each", settings.atOnceEach())
                .param("atMost", atMost)
                .param("until", utc(now.plus(settings.lease())))
                .query((row, n) -> claimed(row))
                .list();
    }

    /** It arrived, whoever has it leased now. */
    void delivered(Claimed delivery, Result result) {
        jdbc.sql(
                        """
                        UPDATE webhook_delivery
                           SET state = 'delivered', next_attempt_at = NULL, lease_until = NULL, failing_since = NULL,
                               last_status = :status, last_error = NULL, last_millis = :millis
                         WHERE id = :id""")
                .param("status", result.status())
                .param("millis", result.duration().toMillis())
                .param("id", delivery.id())
                .update();
        subscriptions.works(delivery.subscription());
    }

    /**
     * It did not arrive: it is tried again, or given up, and with it a subscription to which nothing could be delivered in
     * all this time, or that says of itself that it is gone.
     *
     * @return whether it is given up
     */
    boolean failed(Claimed delivery, Result result) {
        Instant now = clock.instant();
        Instant since = delivery.failingSince() == null ? now : delivery.failingSince();
        Instant end = since.plus(settings.giveUpAfter());
        Instant retry = now.plus(settings.pause(Duration.between(since, now)));
        boolean over = !now.isBefore(end);
        // Not in the transaction that follows: it locks the subscription first and its deliveries then.
        if (note(delivery, result, since, over ? null : retry.isBefore(end) ? retry : end)) {
            transaction.executeWithoutResult(status -> {
                subscriptions.fails(delivery.subscription(), now);
                disableIfHopeless(delivery, result, since, now, over);
            });
        }
        return over;
    }

    /** @return whether the delivery is still this node's */
    private boolean note(Claimed delivery, Result result, Instant failingSince, @Nullable Instant next) {
        return jdbc.sql(
                                """
                                UPDATE webhook_delivery
                                   SET state = :state, next_attempt_at = CAST(:next AS timestamptz), lease_until = NULL,
                                       failing_since = :since, last_status = CAST(:status AS integer), last_error = :error,
                                       last_millis = :millis
                                 WHERE id = :id AND state = 'pending' AND attempts = :attempt""")
                        .param("state", next == null ? "failed" : "pending")
                        .param("next", next == null ? null : utc(next))
                        .param("since", utc(failingSince))
                        .param("status", result.status())
                        .param("error", result.error())
                        .param("millis", result.duration().toMillis())
                        .param("id", delivery.id())
                        .param("attempt", delivery.attempt())
                        .update()
                == 1;
    }

    private void disableIfHopeless(Claimed delivery, Result result, Instant since, Instant now, boolean over) {
        Integer status = result.status();
        if (status != null && status == GONE) {
            subscriptions.disable(delivery.subscription(), "The subscriber answered 410 (gone).", now);
        } else if (over) {
            subscriptions.disable(
                    delivery.subscription(),
                    "Nothing could be delivered since " + since.truncatedTo(ChronoUnit.SECONDS) + ". The last attempt: "
                            + result.error(),
                    since);
        }
    }

    /** How many wait to be delivered. */
    int waiting() {
        return jdbc.sql("SELECT count(*) FROM webhook_delivery WHERE state = 'pending'")
                .query(Integer.class)
                .single();
    }

    /** Removes what is too old to be of use. */
    void forget() {
        int forgotten;
        do {
            forgotten = jdbc.sql(
                            """
                            DELETE FROM webhook_delivery
                             WHERE id IN (SELECT id FROM webhook_delivery WHERE created_at < :before LIMIT :most)""")
                    .param("before", utc(clock.instant().minus(settings.retention())))
                    .param("most", FORGET_AT_ONCE)
                    .update();
        } while (forgotten == FORGET_AT_ONCE);
    }

    private static Claimed claimed(ResultSet row) throws SQLException {
        UUID id = row.getObject("id", UUID.class);
        List<String> secrets = Stream.of(row.getString("secret"), row.getString("old_secret"))
                .filter(secret -> secret != null)
                .toList();
        return new Claimed(
                id,
                row.getObject("subscription_id", UUID.class),
                row.getInt("attempts"),
                instant(row, "failing_since"),
                new Message(row.getString("url"), id.toString(), secrets, row.getString("payload")));
    }

    private static Delivery delivery(ResultSet row) throws SQLException {
        return new Delivery(
                row.getObject("id", UUID.class),
                row.getObject("event_id", Long.class),
                row.getString("event_type"),
                row.getString("payload"),
                row.getString("state"),
                row.getInt("attempts"),
                instant(row, "next_attempt_at"),
                instant(row, "last_attempt_at"),
                row.getObject("last_status", Integer.class),
                row.getString("last_error"),
                row.getObject("last_millis", Integer.class),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
