package io.cordboard.events.webhook;

import io.cordboard.events.EventLog;
import io.cordboard.platform.Problem;
import io.cordboard.shared.CustomerId;
import io.cordboard.shared.Ids;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/** The subscriptions of all customers. A customer knows only its own. */
@Repository
public class Subscriptions {

    /** How many a customer may have. */
    public static final int MOST = 20;

    private static final int MOST_TYPES = 50;
    private static final Pattern TYPE = Pattern.compile("[a-z]+(?:_[a-z]+)+");

    private static final String COLUMNS =
            """
             id, customer_id, url, event_types, enabled, disabled_because, failing_since,
             CASE WHEN old_secret_until > :now THEN old_secret_until END AS old_secret_until, created_at
            """;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final FanOut fanOut;
    private final Destinations destinations;
    private final EventLog log;
    private final WebhookSettings settings;
    private final Clock clock;

    Subscriptions(
            JdbcClient jdbc,
            TransactionTemplate transaction,
            FanOut fanOut,
            Destinations destinations,
            EventLog log,
            WebhookSettings settings,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.fanOut = fanOut;
        this.destinations = destinations;
        this.log = log;
        this.settings = settings;
        this.clock = clock;
    }

    /** A subscription whose secret is told, which happens once. */
    public record WithSecret(Subscription subscription, String secret) {}

    /**
     * Somebody subscribes to what happens from now on.
     *
     * @param eventTypes with underscores or dots; none means all
     * @throws Problem for an address nothing may be sent to, for what is no event type, and for one subscription too many
     */
    public WithSecret create(CustomerId customer, String url, List<String> eventTypes) {
        requireFit(url);
        List<String> types = types(eventTypes);
        return Objects.requireNonNull(transaction.execute(status -> add(customer, url, types)));
    }

    private WithSecret add(CustomerId customer, String url, List<String> types) {
        // Whoever holds the cursor is alone, so the number cannot change meanwhile.
        fanOut.listenFromNowOn();
        int existing = jdbc.sql("SELECT count(*) FROM webhook_subscription WHERE customer_id = :customer")
                .param("customer", customer.value())
                .query(Integer.class)
                .single();
        if (existing >= MOST) {
            throw Problem.conflict(
                    "You have " + existing + " webhooks, and no more are possible.",
                    "Delete one with DELETE /v1/webhooks/{id}; one can receive all types of events.");
        }
        String secret = WebhookSecret.next();
        Subscription created = jdbc.sql(
                        """
                        INSERT INTO webhook_subscription (id, customer_id, url, event_types, secret, listens_since, created_at)
                        VALUES (:id, :customer, :url, CAST(:types AS text[]), :secret, :now, :now)
                        RETURNING"""
                                + COLUMNS)
                .param("id", Ids.next())
                .param("customer", customer.value())
                .param("url", url)
                .param("types", types.toArray(String[]::new))
                .param("secret", secret)
                .param("now", now())
                .query((row, n) -> subscription(row))
                .single();
        return new WithSecret(created, secret);
    }

    /**
     * Those of a customer, the oldest first.
     *
     * @param after only those made after this one; null for all
     */
    public List<Subscription> list(CustomerId customer, @Nullable UUID after, int limit) {
        return jdbc.sql(
                        "SELECT" + COLUMNS
                                + """
                         FROM webhook_subscription
                        WHERE customer_id = :customer AND (CAST(:after AS uuid) IS NULL OR id > :after)
                        ORDER BY id LIMIT :limit""")
                .param("customer", customer.value())
                .param("after", after)
                .param("limit", limit)
                .param("now", now())
                .query((row, n) -> subscription(row))
                .list();
    }

    /** @return empty when the customer has no such subscription */
    public Optional<Subscription> find(CustomerId customer, UUID id) {
        return jdbc.sql("SELECT" + COLUMNS + " FROM webhook_subscription WHERE id = :id AND customer_id = :customer")
                .param("id", id)
                .param("customer", customer.value())
                .param("now", now())
                .query((row, n) -> subscription(row))
                .optional();
    }

    /**
     * Replaces what can be chosen. One that is enabled anew is told of what happens from now on; one that is disabled has
     * nothing delivered any more.
     *
     * @return empty when the customer has no such subscription
     * @throws Problem for an address nothing may be sent to, and for what is no event type
     */
    public Optional<Subscription> change(
            CustomerId customer, UUID id, String url, List<String> eventTypes, boolean enabled) {
        requireFit(url);
        List<String> types = types(eventTypes);
        return Objects.requireNonNull(transaction.execute(status -> replace(customer, id, url, types, enabled)));
    }

    private Optional<Subscription> replace(
            CustomerId customer, UUID id, String url, List<String> types, boolean enabled) {
        fanOut.listenFromNowOn();
        Optional<Subscription> changed = jdbc.sql(
                        """
                        UPDATE webhook_subscription
                           SET url = :url, event_types = CAST(:types AS text[]), enabled = :enabled,
                               listens_since = CASE WHEN enabled THEN listens_since ELSE :now END,
                               failing_since = CASE WHEN enabled AND url = :url THEN failing_since END,
                               disabled_because = CASE WHEN NOT :enabled THEN disabled_because END
                         WHERE id = :id AND customer_id = :customer
                        RETURNING"""
                                + COLUMNS)
                .param("url", url)
                .param("types", types.toArray(String[]::new))
                .param("enabled", enabled)
                .param("id", id)
                .param("customer", customer.value())
                .param("now", now())
                .query((row, n) -> subscription(row))
                .optional();
        if (changed.isPresent() && !enabled) {
            giveUp(id);
        }
        return changed;
    }

    /**
     * Removes it with all its deliveries.
     *
     * @return whether the customer had it
     */
    public boolean delete(CustomerId customer, UUID id) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            fanOut.holdStill();
            return jdbc.sql("DELETE FROM webhook_subscription WHERE id = :id AND customer_id = :customer")
                            .param("id", id)
                            .param("customer", customer.value())
                            .update()
                    == 1;
        }));
    }

    /**
     * Makes a new secret. The one before signs beside it for a while; one before that no more.
     *
     * @return empty when the customer has no such subscription
     */
    public Optional<WithSecret> rotateSecret(CustomerId customer, UUID id) {
        String secret = WebhookSecret.next();
        return jdbc.sql(
                        """
                        UPDATE webhook_subscription SET old_secret = secret, old_secret_until = :until, secret = :secret
                         WHERE id = :id AND customer_id = :customer
                        RETURNING"""
                                + COLUMNS)
                .param("until", utc(clock.instant().plus(settings.oldSecretValid())))
                .param("secret", secret)
                .param("id", id)
                .param("customer", customer.value())
                .param("now", now())
                .query((row, n) -> new WithSecret(subscription(row), secret))
                .optional();
    }

    /** Whether anybody wants to be told anything. */
    boolean anyone() {
        return jdbc.sql("SELECT EXISTS (SELECT FROM webhook_subscription WHERE enabled)")
                .query(Boolean.class)
                .single();
    }

    /** Something was delivered. */
    void works(UUID id) {
        jdbc.sql("UPDATE webhook_subscription SET failing_since = NULL WHERE id = :id AND failing_since IS NOT NULL")
                .param("id", id)
                .update();
    }

    /** Something could not be delivered. */
    void fails(UUID id, Instant since) {
        jdbc.sql("UPDATE webhook_subscription SET failing_since = :since WHERE id = :id AND failing_since IS NULL")
                .param("since", utc(since))
                .param("id", id)
                .update();
    }

    /**
     * Nothing is sent there any more, and the event log says so; in a transaction.
     *
     * @param failingSince not if anything was delivered after this
     * @return whether it is disabled by this
     */
    boolean disable(UUID id, String because, Instant failingSince) {
        Optional<UUID> customer = jdbc.sql(
                        """
                        UPDATE webhook_subscription SET enabled = false, disabled_because = :because
                         WHERE id = :id AND enabled AND failing_since <= :since
                        RETURNING customer_id""")
                .param("because", because)
                .param("id", id)
                .param("since", utc(failingSince))
                .query(UUID.class)
                .optional();
        customer.ifPresent(owner -> {
            giveUp(id);
            log.add("webhook.disabled", new CustomerId(owner), Map.of("webhook", id.toString(), "reason", because));
        });
        return customer.isPresent();
    }

    private void giveUp(UUID id) {
        jdbc.sql(
                        """
                        UPDATE webhook_delivery
                           SET state = 'failed', next_attempt_at = NULL, lease_until = NULL,
                               last_error = coalesce(last_error, 'The webhook was disabled before the first attempt.')
                         WHERE subscription_id = :id AND state = 'pending'""")
                .param("id", id)
                .update();
    }

    private void requireFit(String url) {
        try {
            destinations.parse(url);
        } catch (Destinations.Refused refused) {
            throw Problem.of(HttpStatus.UNPROCESSABLE_ENTITY, String.valueOf(refused.getMessage()), refused.remedy());
        }
    }

    private static List<String> types(List<String> asked) {
        List<String> types =
                asked.stream().map(type -> type.replace('.', '_')).distinct().toList();
        if (types.size() > MOST_TYPES) {
            throw Problem.of(
                    HttpStatus.UNPROCESSABLE_ENTITY,
                    "These are more than " + MOST_TYPES + " event types.",
                    "Leave event_types out to be told of all.");
        }
        if (!types.stream()
                .allMatch(type -> type.length() <= 100 && TYPE.matcher(type).matches())) {
            throw Problem.of(
                    HttpStatus.UNPROCESSABLE_ENTITY,
                    "One of event_types is not the name of an event type.",
                    "Send names such as agent_status_updated; docs/webhooks.md lists them.");
        }
        return types;
    }

    private OffsetDateTime now() {
        return utc(clock.instant());
    }

    /** As exact as PostgreSQL keeps it. */
    static OffsetDateTime utc(Instant at) {
        return at.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }

    private static Subscription subscription(ResultSet row) throws SQLException {
        return new Subscription(
                row.getObject("id", UUID.class),
                new CustomerId(row.getObject("customer_id", UUID.class)),
                row.getString("url"),
                List.of((String[]) row.getArray("event_types").getArray()),
                row.getBoolean("enabled"),
                row.getString("disabled_because"),
                instant(row, "failing_since"),
                instant(row, "old_secret_until"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
