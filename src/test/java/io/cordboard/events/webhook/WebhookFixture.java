package io.cordboard.events.webhook;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import io.cordboard.events.EventLog;
import io.cordboard.events.EventLogs;
import io.cordboard.events.webhook.Subscriptions.WithSecret;
import io.cordboard.platform.TestDatabase;
import io.cordboard.shared.AgentId;
import io.cordboard.shared.CustomerId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.flywaydb.core.Flyway;
import org.springframework.boot.autoconfigure.jdbc.JdbcConnectionDetails;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The webhooks of one or more nodes on a real PostgreSQL, without a Spring context. */
final class WebhookFixture {

    /** Quick, but patient where a test does not say otherwise. */
    static final WebhookSettings QUICK =
            settings(Duration.ofMinutes(10), Duration.ofMillis(1_500), Duration.ofMillis(800));

    private WebhookFixture() {}

    static WebhookSettings settings(Duration giveUpAfter, Duration lease, Duration timeout) {
        return new WebhookSettings(
                true,
                Set.of(443, 8443),
                Duration.ofMillis(50),
                timeout,
                lease,
                Duration.ofMillis(50),
                Duration.ofMillis(200),
                giveUpAfter,
                Duration.ofHours(24),
                Duration.ofMillis(1),
                Duration.ofDays(30),
                200,
                4);
    }

    static final class Database implements AutoCloseable {

        final HikariDataSource pool = TestDatabase.empty();
        final JdbcClient jdbc = JdbcClient.create(pool);
        final TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager((DataSource) pool));
        final EventLog log = EventLogs.in(pool);

        Database() {
            Flyway.configure().dataSource(pool).load().migrate();
        }

        CustomerId customer(String name) {
            CustomerId id = CustomerId.next();
            jdbc.sql("INSERT INTO customer (id, name, created_at) VALUES (:id, :name, now())")
                    .param("id", id.value())
                    .param("name", name)
                    .update();
            return id;
        }

        AgentId agent(CustomerId customer, String name) {
            AgentId id = AgentId.next();
            jdbc.sql(
                            """
                            INSERT INTO agent (id, customer_id, username, name, role, status_since, idle_since, created_at)
                            VALUES (:id, :customer, lower(:name), :name, 'agent', now(), now(), now())""")
                    .param("id", id.value())
                    .param("customer", customer.value())
                    .param("name", name)
                    .update();
            return id;
        }

        UUID call(CustomerId customer) {
            UUID id = UUID.randomUUID();
            jdbc.sql(
                            """
                            INSERT INTO call (id, customer_id, provider, direction, from_number, to_number, state, started_at)
                            VALUES (:id, :customer, 'acme', 'inbound', '+15550199001', '+15550100001', 'greeting', :at)""")
                    .param("id", id)
                    .param("customer", customer.value())
                    .param("at", OffsetDateTime.now())
                    .update();
            return id;
        }

        void happens(CustomerId customer, String type) {
            happens(customer, type, Map.of());
        }

        void happens(CustomerId customer, String type, Map<String, ?> data) {
            transaction.executeWithoutResult(status -> log.add(type, customer, data));
        }

        long count(String sql) {
            return jdbc.sql(sql).query(Long.class).single();
        }

        @Override
        public void close() {
            pool.close();
        }
    }

    /** One node: all beans, wired by hand. */
    static final class Node implements AutoCloseable {

        final SimpleMeterRegistry meters = new SimpleMeterRegistry();
        final FanOut fanOut;
        final Subscriptions subscriptions;
        final Deliveries deliveries;
        final Sender sender;
        final Courier courier;

        Node(Database database, WebhookSettings settings) {
            Clock clock = Clock.systemUTC();
            Payloads payloads = new Payloads(new ObjectMapper());
            Destinations destinations = new Destinations(settings, InetAddress::getAllByName);
            fanOut = new FanOut(database.jdbc, database.transaction, payloads, settings, clock);
            subscriptions = new Subscriptions(
                    database.jdbc, database.transaction, fanOut, destinations, database.log, settings, clock);
            deliveries = new Deliveries(database.jdbc, database.transaction, subscriptions, payloads, settings, clock);
            sender = new Sender(
                    destinations, proxy -> new Socket(), DefaultClientTlsStrategy.createDefault(), settings, clock);
            courier = new Courier(
                    fanOut, subscriptions, deliveries, sender, details(database.pool), settings, clock, meters);
        }

        Node start() {
            courier.start();
            return this;
        }

        WithSecret subscribe(CustomerId customer, Subscriber subscriber, String... types) {
            return subscriptions.create(customer, subscriber.url(), List.of(types));
        }

        Subscription now(WithSecret subscription) {
            return subscriptions
                    .find(
                            subscription.subscription().customer(),
                            subscription.subscription().id())
                    .orElseThrow();
        }

        List<Delivery> deliveries(WithSecret subscription) {
            return deliveries.list(subscription.subscription(), null, 200);
        }

        Delivery delivery(WithSecret subscription) {
            return deliveries(subscription).get(0);
        }

        long attempts(String outcome) {
            var timer = meters.find("cordboard.webhooks.deliveries")
                    .tag("outcome", outcome)
                    .timer();
            return timer == null ? 0 : timer.count();
        }

        @Override
        public void close() {
            courier.stop();
            sender.close();
        }
    }

    private static JdbcConnectionDetails details(HikariDataSource pool) {
        return new JdbcConnectionDetails() {
            @Override
            public String getUsername() {
                return pool.getUsername();
            }

            @Override
            public String getPassword() {
                return pool.getPassword();
            }

            @Override
            public String getJdbcUrl() {
                return pool.getJdbcUrl();
            }
        };
    }
}
