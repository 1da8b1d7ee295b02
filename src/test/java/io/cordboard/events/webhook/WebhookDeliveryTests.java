package io.cordboard.events.webhook;

import static io.cordboard.events.webhook.WebhookFixture.QUICK;
import static io.cordboard.events.webhook.WebhookFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cordboard.events.webhook.Deliveries.Claimed;
import io.cordboard.events.webhook.Subscriber.Received;
import io.cordboard.events.webhook.WebhookFixture.Database;
import io.cordboard.events.webhook.WebhookFixture.Node;
import io.cordboard.platform.Problem;
import io.cordboard.shared.AgentId;
import io.cordboard.shared.CallId;
import io.cordboard.shared.CustomerId;
import java.io.OutputStream;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Events on their way to subscribers, over real HTTP and through a real PostgreSQL. */
class WebhookDeliveryTests {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Database database;
    private CustomerId acme;
    private Subscriber subscriber;
    private Node node;

    @BeforeEach
    void aNode() {
        database = new Database();
        acme = database.customer("Acme");
        subscriber = new Subscriber();
        node = new Node(database, QUICK).start();
    }

    @AfterEach
    void end() {
        node.close();
        subscriber.close();
        database.close();
    }

    @Test
    void whoIsAwayForAReasonIsToldOfWithIt() {
        AgentId charles = database.agent(acme, "Charles");
        node.subscribe(acme, subscriber);

        database.transaction.executeWithoutResult(status -> database.log.add(
                "agent.status_updated",
                null,
                charles,
                Map.of("status", "away", "previous_status", "available", "reason", "Lunch")));

        assertThat(subscriber.gets(1).get(0).json().at("/data/reason").asText()).isEqualTo("Lunch");
    }

    @Test
    @DisplayName("S3-15 · a change of status is told with exactly the promised fields, signed")
    void aChangeOfStatusIsTold() {
        AgentId charles = database.agent(acme, "Charles");
        var subscription = node.subscribe(acme, subscriber);

        database.transaction.executeWithoutResult(status -> database.log.add(
                "agent.status_updated",
                null,
                charles,
                Map.of("status", "available", "previous_status", "offline", "cause", "internal")));

        Received message = subscriber.gets(1).get(0);
        assertThat(message.json().fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("id", "event_type", "created_at", "data");
        assertThat(message.json().get("event_type").asText()).isEqualTo("agent_status_updated");
        var data = message.json().get("data");
        assertThat(data.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("id", "name", "status", "previous_status", "tm_update");
        assertThat(data.get("id").asText()).isEqualTo(charles.toString());
        assertThat(data.get("name").asText()).isEqualTo("Charles");
        assertThat(data.get("status").asText()).isEqualTo("available");
        assertThat(data.get("previous_status").asText()).isEqualTo("offline");
        assertThat(Instant.parse(data.get("tm_update").asText()))
                .isAfter(subscription.subscription().createdAt());

        assertThat(message.contentType()).startsWith("application/json");
        assertThat(message.path()).isEqualTo("/events?from=cordboard");
        assertThat(message.id()).isEqualTo(message.json().get("id").asText());
        assertThat(Long.parseLong(message.timestamp())).isCloseTo(Instant.now().getEpochSecond(), within(60L));
        assertThat(message.signatures()).doesNotContain(" ");
        assertThat(message.isSignedWith(subscription.secret())).isTrue();
        assertThat(message.isSignedWith(WebhookSecret.next())).isFalse();
    }

    private static org.assertj.core.data.Offset<Long> within(long seconds) {
        return org.assertj.core.api.Assertions.within(seconds);
    }

    @Test
    void otherEventsCarryWhatTheLogKnows() {
        node.subscribe(acme, subscriber);
        UUID call = database.call(acme);

        database.transaction.executeWithoutResult(
                status -> database.log.add("call.ended", new CallId(call), null, Map.of("reason", "caller_hung_up")));

        var message = subscriber.gets("call_ended").json();
        assertThat(message.at("/data/call_id").asText()).isEqualTo(call.toString());
        assertThat(message.at("/data/reason").asText()).isEqualTo("caller_hung_up");
    }

    @Test
    void onlyTheOwnCustomersEventsOfTheWantedTypesAreTold() {
        CustomerId other = database.customer("Other");
        node.subscribe(acme, subscriber, "call.ended", "call_started");
        try (Subscriber stranger = new Subscriber()) {
            node.subscribe(other, stranger);

            database.happens(acme, "call.started");
            database.happens(acme, "call.noted");
            database.happens(other, "call.ended");
            database.happens(acme, "call.ended");

            subscriber.gets("call_ended");
            stranger.gets(1);
            assertThat(subscriber.types()).containsExactlyInAnyOrder("call_started", "call_ended");
            assertThat(stranger.types()).containsExactly("call_ended");
            assertThat(database.count("SELECT count(*) FROM webhook_delivery d JOIN webhook_subscription s"
                            + " ON s.id = d.subscription_id WHERE d.customer_id <> s.customer_id"))
                    .isZero();
        }
    }

    @Test
    void nobodyIsToldOfWhatHappenedBeforeTheySubscribed() {
        for (int i = 0; i < 20; i++) {
            database.happens(acme, "call.started");
        }
        assertThat(database.count("SELECT last_event FROM webhook_cursor"))
                .as("while nobody subscribes the log is not read")
                .isZero();
        assertThat(database.count("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'cordboard webhooks'"
                        + " AND datname = current_database()"))
                .isZero();

        node.subscribe(acme, subscriber);
        database.happens(acme, "call.ended");

        subscriber.gets(1);
        assertThat(subscriber.types()).containsExactly("call_ended");
        assertThat(database.count("SELECT count(*) FROM webhook_delivery")).isEqualTo(1);
    }

    @Test
    void whatFailsIsTriedAgainWithTheSameId() {
        AtomicInteger answers = new AtomicInteger();
        subscriber.answers((message, exchange) -> {
            boolean fails = answers.getAndIncrement() < 2;
            byte[] text = (fails ? "out of\norder" : "thanks").getBytes();
            exchange.sendResponseHeaders(fails ? 500 : 200, text.length);
            exchange.getResponseBody().write(text);
        });
        var subscription = node.subscribe(acme, subscriber);
        database.happens(acme, "call.ended");

        List<Received> messages = subscriber.gets(3);

        awaitState(subscription, "delivered");
        Delivery delivery = node.delivery(subscription);
        assertThat(delivery.attempts()).isEqualTo(3);
        assertThat(delivery.status()).isEqualTo(200);
        assertThat(delivery.error()).isNull();
        assertThat(delivery.nextAttemptAt()).isNull();
        assertThat(messages).extracting(Received::id).containsOnly(delivery.id().toString());
        assertThat(messages).extracting(Received::body).containsOnly(delivery.payload());
        await().atMost(PATIENCE).until(() -> node.attempts("delivered") == 1);
        assertThat(node.attempts("retried")).isEqualTo(2);
        assertThat(node.now(subscription).failingSince()).isNull();
    }

    @Test
    void theErrorSaysWhatTheSubscriberAnswered() {
        subscriber.answers((message, exchange) -> {
            byte[] text = "<h1>out of\n\0 order</h1>".getBytes();
            exchange.sendResponseHeaders(503, text.length);
            exchange.getResponseBody().write(text);
        });
        var subscription = node.subscribe(acme, subscriber);
        database.happens(acme, "call.ended");

        await().atMost(PATIENCE)
                .until(() -> node.deliveries(subscription).stream().anyMatch(it -> it.error() != null));
        Delivery delivery = node.delivery(subscription);
        assertThat(delivery.error()).isEqualTo("The answer was 503: <h1>out of order</h1>");
        assertThat(delivery.status()).isEqualTo(503);
        assertThat(delivery.millis()).isNotNull();
        assertThat(delivery.state()).isEqualTo("pending");
        assertThat(node.now(subscription).failingSince()).isNotNull();
    }

    @Test
    void aSubscriptionThatFailsForLongIsDisabledAndTheLogSaysSo() {
        node.close();
        node = new Node(database, settings(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofMillis(500)))
                .start();
        subscriber.answers(500);
        try (Subscriber healthy = new Subscriber()) {
            var failing = node.subscribe(acme, subscriber);
            node.subscribe(acme, healthy);
            database.happens(acme, "call.started");
            database.happens(acme, "call.ended");

            Received told = healthy.gets("webhook_disabled");
            assertThat(told.json().at("/data/webhook").asText())
                    .isEqualTo(failing.subscription().id().toString());
            Subscription disabled = node.now(failing);
            assertThat(disabled.enabled()).isFalse();
            assertThat(disabled.disabledBecause()).contains("Nothing could be delivered since", "500");
            assertThat(node.deliveries(failing)).hasSize(2).allSatisfy(delivery -> {
                assertThat(delivery.state()).isEqualTo("failed");
                assertThat(delivery.attempts()).isGreaterThan(1);
                assertThat(delivery.error()).contains("500");
            });
            assertThat(database.jdbc
                            .sql("SELECT customer_id FROM event_log WHERE type = 'webhook.disabled'")
                            .query(UUID.class)
                            .list())
                    .containsExactly(acme.value());

            assertThatThrownBy(() -> node.deliveries.test(disabled))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("disabled");
            int before = subscriber.received().size();
            database.happens(acme, "call.noted");
            healthy.gets("call_noted");
            assertThat(node.deliveries(failing)).hasSize(2);
            assertThat(subscriber.received()).hasSize(before);

            subscriber.answers(200);
            node.subscriptions.change(acme, disabled.id(), disabled.url(), List.of(), true);
            assertThat(node.now(failing).disabledBecause()).isNull();
            database.happens(acme, "call.connected");
            subscriber.gets("call_connected");
            assertThat(subscriber.types()).doesNotContain("call_noted");
        }
    }

    @Test
    void oneEventThatIsNeverTakenDoesNotDisableWhatWorksOtherwise() {
        node.close();
        node = new Node(database, settings(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofMillis(500)))
                .start();
        subscriber.answers((message, exchange) ->
                exchange.sendResponseHeaders(message.type().equals("call_noted") ? 400 : 204, -1));
        var subscription = node.subscribe(acme, subscriber);
        database.happens(acme, "call.noted");
        subscriber.gets("call_noted");
        database.happens(acme, "call.ended");

        await().atMost(PATIENCE).until(() -> node.deliveries(subscription).stream()
                .anyMatch(delivery -> delivery.state().equals("failed")));
        assertThat(node.now(subscription).enabled()).isTrue();
    }

    @Test
    void aSubscriberThatSaysItIsGoneIsBelieved() {
        subscriber.answers(410);
        var subscription = node.subscribe(acme, subscriber);
        database.happens(acme, "call.ended");

        await().atMost(PATIENCE).until(() -> !node.now(subscription).enabled());
        assertThat(node.now(subscription).disabledBecause()).contains("410");
        assertThat(node.delivery(subscription).state()).isEqualTo("failed");
        assertThat(subscriber.received()).hasSize(1);
    }

    @Test
    void afterARotationBothSecretsSignUntilTheOldOneIsOver() {
        var before = node.subscribe(acme, subscriber);
        var after = node.subscriptions
                .rotateSecret(acme, before.subscription().id())
                .orElseThrow();
        assertThat(after.secret()).isNotEqualTo(before.secret()).startsWith("whsec_");
        assertThat(after.subscription().oldSecretUntil())
                .isBetween(Instant.now().plusSeconds(86_000), Instant.now().plusSeconds(86_400));

        database.happens(acme, "call.started");
        Received message = subscriber.gets("call_started");
        assertThat(message.signatures().split(" ")).hasSize(2);
        assertThat(message.isSignedWith(before.secret())).isTrue();
        assertThat(message.isSignedWith(after.secret())).isTrue();

        database.jdbc
                .sql("UPDATE webhook_subscription SET old_secret_until = now() - interval '1 second'")
                .update();
        database.happens(acme, "call.ended");
        message = subscriber.gets("call_ended");
        assertThat(message.signatures().split(" ")).hasSize(1);
        assertThat(message.isSignedWith(before.secret())).isFalse();
        assertThat(message.isSignedWith(after.secret())).isTrue();
        assertThat(node.now(before).oldSecretUntil()).isNull();
    }

    @Test
    void whatWasDeliveredCanBeSentAgain() {
        var subscription = node.subscribe(acme, subscriber);
        database.happens(acme, "call.ended");
        awaitState(subscription, "delivered");
        UUID id = node.delivery(subscription).id();

        node.deliveries.redeliver(subscription.subscription(), id).orElseThrow();

        assertThat(subscriber.gets(2)).extracting(Received::id).containsOnly(id.toString());
        awaitState(subscription, "delivered");
        assertThat(node.deliveries(subscription)).hasSize(1);
        assertThat(node.deliveries.redeliver(subscription.subscription(), UUID.randomUUID()))
                .isEmpty();
    }

    @Test
    void aTestGoesToOneSubscriptionOnly() {
        try (Subscriber other = new Subscriber()) {
            var subscription = node.subscribe(acme, subscriber, "call_ended");
            node.subscribe(acme, other);
            node.deliveries.test(subscription.subscription());
            database.happens(acme, "call.ended");

            assertThat(subscriber.gets("webhook_test").isSignedWith(subscription.secret()))
                    .isTrue();
            other.gets("call_ended");
            assertThat(other.types()).containsExactly("call_ended");
        }
    }

    @Test
    void twoNodesDeliverEachEventOnce() {
        int events = 200;
        subscriber.answers((message, exchange) -> {
            pause(10);
            exchange.sendResponseHeaders(204, -1);
        });
        var subscription = node.subscribe(acme, subscriber);
        try (Node second = new Node(database, QUICK).start()) {
            for (int i = 0; i < events; i++) {
                database.happens(acme, "call.started", Map.of("number", i));
            }
            await().atMost(PATIENCE)
                    .until(() -> database.count("SELECT count(*) FROM webhook_delivery WHERE state = 'delivered'")
                            == events);
            await().atMost(PATIENCE).until(() -> node.attempts("delivered") + second.attempts("delivered") == events);
            assertThat(node.attempts("delivered")).as("by the first node").isPositive();
            assertThat(second.attempts("delivered")).as("by the second node").isPositive();
        }
        assertThat(subscriber.received())
                .hasSize(events)
                .extracting(Received::id)
                .doesNotHaveDuplicates();
        assertThat(subscriber.received().stream()
                        .map(message -> message.json().at("/data/number").asInt()))
                .hasSize(events)
                .doesNotHaveDuplicates();
        assertThat(node.deliveries(subscription)).allMatch(delivery -> delivery.attempts() == 1);
    }

    @Test
    void aLongLogIsHandedOnPieceByPiece() {
        node.close();
        Node alone = new Node(database, QUICK);
        var subscription = alone.subscribe(acme, subscriber);
        database.jdbc
                .sql(
                        """
                        INSERT INTO event_log (at, customer_id, type)
                        SELECT now() + interval '1 minute', :acme, 'call.started' FROM generate_series(1, 1200)""")
                .param("acme", acme.value())
                .update();

        assertThat(List.of(alone.fanOut.piece(), alone.fanOut.piece(), alone.fanOut.piece(), alone.fanOut.piece()))
                .containsExactly(true, true, false, false);

        assertThat(database.count("SELECT count(DISTINCT event_id) FROM webhook_delivery"))
                .isEqualTo(1_200);
        assertThat(alone.deliveries(subscription)).hasSize(200);
        alone.close();
    }

    @Test
    void whatAKilledNodeWasSendingIsTakenOver() {
        node.close();
        Node killed = new Node(database, QUICK);
        var subscription = killed.subscribe(acme, subscriber);
        database.happens(acme, "call.ended");
        killed.fanOut.piece();
        List<Claimed> claimed = killed.deliveries.claim(Map.of(), 10);
        assertThat(claimed).hasSize(1);
        assertThat(killed.deliveries.claim(Map.of(), 10))
                .as("while the lease runs")
                .isEmpty();

        node = new Node(database, QUICK).start();
        awaitState(subscription, "delivered");
        assertThat(node.delivery(subscription).attempts()).isEqualTo(2);

        killed.deliveries.failed(claimed.get(0), new Sender.Result(500, "The answer was 500.", Duration.ofMillis(1)));
        assertThat(node.delivery(subscription).state())
                .as("a node that wakes up does no harm")
                .isEqualTo("delivered");
        killed.close();
    }

    @Test
    void anEventThatBecomesVisibleLateIsNotLost() throws Exception {
        var subscription = node.subscribe(acme, subscriber);
        try (Connection slow = database.pool.getConnection();
                Connection broken = database.pool.getConnection()) {
            slow.setAutoCommit(false);
            broken.setAutoCommit(false);
            insert(slow, "call.started");
            insert(broken, "call.connected");
            database.happens(acme, "call.ended");
            subscriber.gets("call_ended");

            // Longer than the patience with a gap, and looked at again and again.
            await("the gaps are looked for")
                    .atMost(PATIENCE)
                    .until(() -> database.count("SELECT count(*) FROM webhook_gap WHERE settled_by IS NOT NULL") == 2);
            for (int i = 0; i < 5; i++) {
                String type = "call.noted_" + "abcde".charAt(i);
                database.happens(acme, type);
                subscriber.gets(Payloads.type(type));
            }
            assertThat(database.count("SELECT count(*) FROM webhook_gap")).isEqualTo(2);
            broken.rollback();
            slow.commit();
        }

        Received late = subscriber.gets("call_started");
        assertThat(node.deliveries(subscription).stream()
                        .filter(delivery -> delivery.id().toString().equals(late.id()))
                        .findFirst()
                        .orElseThrow()
                        .event())
                .isLessThan(database.count("SELECT min(id) FROM event_log WHERE type = 'call.ended'"));
        await("a transaction that failed is not waited for")
                .atMost(PATIENCE)
                .until(() -> database.count("SELECT count(*) FROM webhook_gap") == 0);
        assertThat(subscriber.types()).hasSize(7).doesNotHaveDuplicates().doesNotContain("call_connected");
    }

    private void insert(Connection connection, String type) throws Exception {
        try (var statement = connection.prepareStatement(
                "INSERT INTO event_log (at, customer_id, type) VALUES (now() + interval '1 minute', ?, ?)")) {
            statement.setObject(1, acme.value());
            statement.setString(2, type);
            statement.executeUpdate();
        }
    }

    @Test
    void aSubscriberThatHangsHoldsUpNobodyElse() throws Exception {
        node.close();
        node = new Node(database, settings(Duration.ofMinutes(1), Duration.ofSeconds(40), Duration.ofSeconds(30)))
                .start();
        CountDownLatch hanging = new CountDownLatch(1);
        subscriber.answers((message, exchange) -> {
            try {
                hanging.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.sendResponseHeaders(204, -1);
        });
        try (Subscriber healthy = new Subscriber()) {
            node.subscribe(acme, subscriber);
            node.subscribe(acme, healthy);
            for (int i = 0; i < 50; i++) {
                database.happens(acme, "call.started");
            }
            healthy.gets(50);
            assertThat(subscriber.gets(4)).hasSize(4);
        } finally {
            hanging.countDown();
        }
        subscriber.gets(50);
    }

    @Test
    void aSubscriberThatDoesNotAnswerIsNotWaitedFor() {
        CountDownLatch never = new CountDownLatch(1);
        subscriber.answers((message, exchange) -> {
            try {
                never.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Sender.Result result = send(subscriber);
        never.countDown();
        assertThat(result.status()).isNull();
        assertThat(result.error()).isEqualTo("There was no answer within 800 ms.");
        assertThat(result.duration()).isBetween(Duration.ofMillis(700), Duration.ofSeconds(5));
    }

    @Test
    void ofAnAnswerWithoutEndLittleIsRead() {
        subscriber.answers((message, exchange) -> {
            exchange.sendResponseHeaders(200, 0);
            OutputStream body = exchange.getResponseBody();
            byte[] piece = new byte[1_024];
            for (int i = 0; i < 1_000_000; i++) {
                body.write(piece);
            }
        });
        Sender.Result result = send(subscriber);
        assertThat(result.isDelivered()).isTrue();
        assertThat(result.duration()).isLessThan(Duration.ofMillis(800));
    }

    @Test
    void anAnswerThatDripsIsCutOff() {
        subscriber.answers((message, exchange) -> {
            exchange.sendResponseHeaders(200, 0);
            OutputStream body = exchange.getResponseBody();
            for (int i = 0; i < 200; i++) {
                body.write('.');
                body.flush();
                pause(50);
            }
        });
        Sender.Result result = send(subscriber);
        assertThat(result.error()).contains("no answer within");
        assertThat(result.duration()).isBetween(Duration.ofMillis(700), Duration.ofSeconds(5));
    }

    @Test
    void redirectsAreNotFollowed() {
        try (Subscriber elsewhere = new Subscriber()) {
            subscriber.answers((message, exchange) -> {
                exchange.getResponseHeaders().set("Location", elsewhere.url());
                exchange.sendResponseHeaders(307, -1);
            });
            Sender.Result result = send(subscriber);
            assertThat(result.status()).isEqualTo(307);
            assertThat(result.error()).contains("redirects are not followed");
            assertThat(elsewhere.received()).isEmpty();
        }
    }

    @Test
    void oldDeliveriesAreForgotten() {
        var subscription = node.subscribe(acme, subscriber);
        database.happens(acme, "call.started");
        database.happens(acme, "call.ended");
        await().atMost(PATIENCE)
                .until(() -> database.count("SELECT count(*) FROM webhook_delivery WHERE state = 'delivered'") == 2);
        database.jdbc
                .sql(
                        "UPDATE webhook_delivery SET created_at = now() - interval '30 days' WHERE event_type = 'call_started'")
                .update();

        node.deliveries.forget();

        assertThat(node.deliveries(subscription)).extracting(Delivery::type).containsExactly("call_ended");
    }

    @Test
    void aDeletedSubscriptionIsToldNothing() {
        var subscription = node.subscribe(acme, subscriber);
        try (Subscriber other = new Subscriber()) {
            node.subscribe(acme, other);
            assertThat(node.subscriptions.delete(
                            database.customer("Stranger"),
                            subscription.subscription().id()))
                    .isFalse();
            assertThat(node.subscriptions.delete(
                            acme, subscription.subscription().id()))
                    .isTrue();
            database.happens(acme, "call.ended");
            other.gets(1);
            assertThat(subscriber.received()).isEmpty();
            assertThat(database.count("SELECT count(*) FROM webhook_delivery")).isEqualTo(1);
        }
    }

    private Sender.Result send(Subscriber to) {
        return node.sender.send(new Sender.Message(to.url(), "1", List.of(WebhookSecret.next()), "{}"));
    }

    private void awaitState(Subscriptions.WithSecret subscription, String state) {
        await(state)
                .atMost(PATIENCE)
                .until(() -> !node.deliveries(subscription).isEmpty()
                        && node.delivery(subscription).state().equals(state));
    }

    /** How slow a subscriber is; nothing is waited for by it. */
    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
