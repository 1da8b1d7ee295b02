package io.cordboard.telephony;

import static io.cordboard.telephony.TelephonyFixture.database;
import static io.cordboard.telephony.TelephonyFixture.key;
import static io.cordboard.telephony.TelephonyFixture.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.cordboard.telephony.CallLocks.LockedCall;
import io.cordboard.telephony.CarrierEvent.LegEnd;
import io.cordboard.telephony.CarrierEvent.LegEnded;
import io.cordboard.telephony.CarrierEvent.LegRinging;
import io.cordboard.telephony.CarrierEventHandler.Result;
import io.cordboard.telephony.Inbox.State;
import io.cordboard.telephony.TelephonyFixture.Database;
import io.cordboard.telephony.TelephonyFixture.FakeCarrier;
import io.cordboard.telephony.TelephonyFixture.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionSystemException;

/** Facts that share commits, and events that outlive an outage of the database. */
class FactTests {

    private Database database;
    private Path folder;
    private Node node;

    @BeforeEach
    void aNode() {
        database = database();
        folder = TelephonyFixture.temporaryFolder();
        node = noting(new Node(database, TelephonyFixture.settings(), new FakeCarrier(), folder));
    }

    @AfterEach
    void end() {
        node.close();
        database.close();
    }

    private static Node noting(Node node) {
        node.noters.add(noter(node, LegRinging.class, false));
        node.noters.add(noter(node, LegEnded.class, true));
        return node.on(LegEnded.class, (event, call) -> {
                    node.effect("moved " + event.key().value(), call.call());
                    return Result.DONE;
                })
                .start();
    }

    /** Facts wait for company as long as a test may take. */
    private static TelephonySettings unhurried() {
        return TelephonyFixture.settings(Duration.ofMinutes(1), Duration.ofSeconds(30));
    }

    /** Some transaction of the node. */
    private void commits(String effect) {
        node.transaction.executeWithoutResult(status -> node.effect(effect, null));
    }

    private static <E extends CarrierEvent> CarrierFactHandler<E> noter(Node node, Class<E> kind, boolean overOnly) {
        return new CarrierFactHandler<>() {
            @Override
            public Class<E> kind() {
                return kind;
            }

            @Override
            public boolean takes(E event, LockedCall call) {
                return !overOnly || call.legOver();
            }

            @Override
            public void record(List<Fact<E>> facts) {
                if (facts.stream().anyMatch(fact -> fact.event().key().value().equals("poison"))) {
                    throw new IllegalStateException("poisoned");
                }
                facts.forEach(fact -> node.effect(
                        "noted " + fact.event().key().value(), fact.call().call()));
            }
        };
    }

    private static LegRinging ringing(LockedCall call, String key) {
        return new LegRinging(key(key), ref(call));
    }

    private static LegEnded ended(LockedCall call, String key) {
        return new LegEnded(key(key), ref(call), LegEnd.COMPLETED, Duration.ZERO);
    }

    /** Transactions begun in this database. */
    private long transactions() {
        return database.jdbc
                .sql(
                        """
                        SELECT coalesce(sum(calls), 0) FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
                         WHERE d.datname = current_database() AND query = 'BEGIN'""")
                .query(Long.class)
                .single();
    }

    @Test
    void theFactsOfManyCallsShareFewCommits() {
        List<LockedCall> calls =
                IntStream.range(0, 400).mapToObj(i -> database.call()).toList();
        ExecutorService threads = TelephonyFixture.threads(100);
        database.jdbc.sql("CREATE EXTENSION pg_stat_statements").update();
        long before = transactions();
        List<CompletableFuture<Inbox.Receipt>> receipts = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            LegRinging event = ringing(calls.get(i), "ring:" + i);
            receipts.add(CompletableFuture.supplyAsync(() -> node.inbox.receive(event), threads));
        }
        assertThat(receipts.stream().map(CompletableFuture::join)).allMatch(receipt -> receipt.state() == State.DONE);
        assertThat(database.effects()).hasSize(400);
        threads.shutdown();
        assertThat(transactions() - before).as("transactions for 400 facts").isLessThan(40);
    }

    @Test
    void factsRideAlongWithWhateverCommits() {
        node.close();
        node = noting(new Node(database, unhurried(), new FakeCarrier(), folder));
        List<LockedCall> calls =
                IntStream.range(0, 20).mapToObj(i -> database.call()).toList();
        ExecutorService threads = TelephonyFixture.threads(20);
        List<CompletableFuture<Inbox.Receipt>> facts = calls.stream()
                .map(call -> ringing(call, "ring:" + call.call()))
                .map(event -> CompletableFuture.supplyAsync(() -> node.inbox.receive(event), threads))
                .toList();
        await().until(() -> node.facts.waiting() == 20);

        commits("move");

        assertThat(facts.stream()
                        .map(fact -> fact.orTimeout(5, TimeUnit.SECONDS).join()))
                .allMatch(receipt -> receipt.state() == State.DONE);
        assertThat(database.effects()).hasSize(21).contains("move");
        threads.shutdown();
    }

    @Test
    void aTransactionDoesNotSufferFromTheFactsItTakesAlong() {
        node.close();
        node = noting(new Node(database, unhurried(), new FakeCarrier(), folder));
        LockedCall call = database.call();
        CompletableFuture.runAsync(() -> node.inbox.receive(ringing(call, "poison")));
        await().until(() -> node.facts.waiting() == 1);

        commits("move");

        assertThat(database.effects()).containsExactly("move");
        assertThat(node.facts.waiting()).isEqualTo(1);
    }

    @Test
    void factsStayWhenTheTransactionThatTookThemAlongFails() throws Exception {
        node.close();
        node = noting(new Node(database, unhurried(), new FakeCarrier(), folder));
        LockedCall call = database.call();
        CompletableFuture<Inbox.Receipt> fact =
                CompletableFuture.supplyAsync(() -> node.inbox.receive(ringing(call, "ring")));
        await().until(() -> node.facts.waiting() == 1);
        database.jdbc
                .sql(
                        """
                        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                        $$ BEGIN IF NEW.type = 'refused' THEN RAISE 'refused at commit'; END IF; RETURN NEW; END $$;
                        CREATE CONSTRAINT TRIGGER refusal AFTER INSERT ON event_log DEFERRABLE INITIALLY DEFERRED
                            FOR EACH ROW EXECUTE FUNCTION refuse()""")
                .update();

        assertThatExceptionOfType(TransactionSystemException.class).isThrownBy(() -> commits("refused"));

        assertThat(database.effects()).isEmpty();
        assertThat(node.facts.waiting()).isEqualTo(1);
        commits("accepted");
        assertThat(fact.get(5, TimeUnit.SECONDS).state()).isEqualTo(State.DONE);
        assertThat(database.effects()).containsExactlyInAnyOrder("accepted", "noted ring");
    }

    /** A call that somebody is moving does not hold up the facts of others. */
    @Test
    void factsDoNotWaitForACallThatIsMoving() throws Exception {
        LockedCall moving = database.call();
        LockedCall other = database.call();
        try (Connection mover = database.pool.getConnection();
                Statement statement = mover.createStatement()) {
            mover.setAutoCommit(false);
            statement.execute("SELECT 1 FROM call WHERE id = '" + moving.call() + "' FOR UPDATE");
            CompletableFuture<Inbox.Receipt> held =
                    CompletableFuture.supplyAsync(() -> node.inbox.receive(ringing(moving, "held")));
            assertThat(node.inbox.receive(ringing(other, "other")).state()).isEqualTo(State.DONE);
            assertThat(held).isNotDone();
            mover.rollback();
            assertThat(held.get(5, TimeUnit.SECONDS).state()).isEqualTo(State.DONE);
        }
        assertThat(database.effects()).containsExactly("noted other", "noted held");
    }

    @Test
    void aFactToldTwiceIsNotedOnce() {
        LockedCall call = database.call();
        ExecutorService threads = TelephonyFixture.threads(3);
        for (int round = 0; round < 30; round++) {
            LegRinging event = ringing(call, "ring:" + round);
            assertThat(TelephonyFixture.together(threads, 3, () -> node.inbox.receive(event)))
                    .allMatch(receipt -> receipt.state() == State.DONE);
        }
        threads.shutdown();
        assertThat(database.effects()).hasSize(30).doesNotHaveDuplicates();
    }

    @Test
    void theEndOfALegMovesTheFlowOnlyTheFirstTime() {
        LockedCall call = database.call();
        node.inbox.receive(ended(call, "first"));
        node.jdbc
                .sql("UPDATE call_leg SET state = 'ended', ended_at = started_at")
                .update();
        node.inbox.receive(ended(call, "second"));
        assertThat(database.effects()).containsExactly("moved first", "noted second");
    }

    @Test
    void aFactThatFailsDoesNotHarmTheOthersOfItsGroup() {
        LockedCall call = database.call();
        ExecutorService threads = TelephonyFixture.threads(10);
        List<CompletableFuture<Inbox.Receipt>> receipts = IntStream.range(0, 10)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> node.inbox.receive(ringing(call, i == 4 ? "poison" : "ring:" + i)), threads))
                .toList();
        assertThat(receipts.stream().map(receipt -> receipt.join().state()))
                .containsOnlyOnce(State.KEPT)
                .hasSize(10);
        threads.shutdown();
        assertThat(database.effects()).hasSize(9);
        assertThat(database.inboxState(key("poison"))).isEqualTo("waiting");
    }

    @Test
    void aFactBeforeItsCallIsKeptAndNotedLater() {
        LegRinging event = new LegRinging(key("early"), new LegRef(TelephonyFixture.PROVIDER, "CAearly", null));
        assertThat(node.inbox.receive(event).state()).isEqualTo(State.KEPT);
        database.call("CAearly");
        await().until(() -> database.effects().contains("noted early"));
    }

    /** The database goes away in the middle and comes back: nothing is lost, nothing happens twice, the order is kept. */
    @Test
    void eventsSurviveAnOutageOfTheDatabaseInOrder() {
        LockedCall call = database.call();
        node.inbox.receiveOrSpool(ended(call, "1"));
        database.goAway();
        assertThatExceptionOfType(DataAccessException.class)
                .isThrownBy(() -> node.inbox.receive(ended(call, "refused")));
        assertThatExceptionOfType(DataAccessException.class)
                .isThrownBy(() -> node.inbox.receive(ringing(call, "refused too")));
        for (int i = 1; i <= 5; i++) {
            node.inbox.receiveOrSpool(ended(call, "" + i));
        }
        database.comeBack();
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> database.effects().size() == 5 && !node.spool.isBehind());
        assertThat(database.effects()).containsExactly("moved 1", "moved 2", "moved 3", "moved 4", "moved 5");
        assertThat(folder.resolve("spool/events.jsonl")).doesNotExist();
    }

    @Test
    void eventsInTheFileSurviveARestartAndABrokenLastLine() throws IOException {
        LockedCall call = database.call();
        database.goAway();
        node.inbox.receiveOrSpool(ended(call, "1"));
        node.close();
        Files.writeString(folder.resolve("spool/events.jsonl"), "{\"event\":\"legEn", StandardOpenOption.APPEND);
        try (Node restarted =
                noting(new Node(database.later(), TelephonyFixture.settings(), new FakeCarrier(), folder))) {
            restarted.inbox.receiveOrSpool(ended(call, "2"));
            database.comeBack();
            await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .until(() -> database.effects().size() == 2);
            assertThat(database.effects()).containsExactly("moved 1", "moved 2");
        }
    }

    @Test
    void aFullFileRefusesFurtherEvents() {
        LockedCall call = database.call();
        database.goAway();
        assertThatExceptionOfType(DataAccessException.class)
                .isThrownBy(() -> {
                    for (int i = 0; i < 200; i++) {
                        node.inbox.receiveOrSpool(ended(call, "" + i));
                    }
                })
                .withMessageContaining("full");
        database.comeBack();
        await().atMost(Duration.ofSeconds(60)).until(() -> !node.spool.isBehind());
    }
}
