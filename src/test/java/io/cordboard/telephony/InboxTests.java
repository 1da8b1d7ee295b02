package io.cordboard.telephony;

import static io.cordboard.telephony.TelephonyFixture.PROVIDER;
import static io.cordboard.telephony.TelephonyFixture.database;
import static io.cordboard.telephony.TelephonyFixture.insertCall;
import static io.cordboard.telephony.TelephonyFixture.insertLeg;
import static io.cordboard.telephony.TelephonyFixture.key;
import static io.cordboard.telephony.TelephonyFixture.ref;
import static io.cordboard.telephony.TelephonyFixture.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.cordboard.shared.CallId;
import io.cordboard.shared.LegId;
import io.cordboard.telephony.CallLocks.LockedCall;
import io.cordboard.telephony.CarrierEvent.Answered;
import io.cordboard.telephony.CarrierEvent.IncomingCall;
import io.cordboard.telephony.CarrierEvent.LegEnd;
import io.cordboard.telephony.CarrierEvent.LegEnded;
import io.cordboard.telephony.CarrierEvent.LegPickedUp;
import io.cordboard.telephony.CarrierEventHandler.Result;
import io.cordboard.telephony.Inbox.Receipt;
import io.cordboard.telephony.Inbox.State;
import io.cordboard.telephony.TelephonyFixture.Database;
import io.cordboard.telephony.TelephonyFixture.Node;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InboxTests {

    private Database database;
    private Node node;

    @BeforeEach
    void aNode() {
        database = database();
        node = new Node(database);
    }

    @AfterEach
    void end() {
        node.close();
        database.close();
    }

    private static Answered answered(LockedCall call, String key) {
        return new Answered(key(key), ref(call), "token", "1", null);
    }

    private static LegEnded ended(LockedCall call, String key) {
        return new LegEnded(key(key), ref(call), LegEnd.COMPLETED, Duration.ofSeconds(3));
    }

    /** S1 race: a webhook three times at the same instant, a thousand times over. */
    @Test
    void threeCopiesAtTheSameInstantHaveOneEffectAndTheSameReply() {
        AtomicInteger said = new AtomicInteger();
        node.on(Answered.class, (event, call) -> {
                    node.effect("answered", call.call());
                    node.directions.add(
                            call.call(), call.leg(), new MediaStep.Say("Text " + said.incrementAndGet(), null));
                    node.directions.add(call.call(), call.leg(), new MediaStep.Enqueue(call.call(), "support"));
                    return Result.DONE;
                })
                .start();
        ExecutorService threads = TelephonyFixture.threads(3);
        List<LockedCall> calls =
                IntStream.range(0, 50).mapToObj(i -> database.call()).toList();
        for (int round = 0; round < 1000; round++) {
            Answered event = answered(calls.get(round % 50), "answer:" + round);
            List<Receipt> receipts = together(threads, 3, () -> node.inbox.receive(event));
            assertThat(Set.copyOf(receipts)).singleElement().satisfies(receipt -> {
                assertThat(receipt.state()).isEqualTo(State.DONE);
                assertThat(receipt.steps()).hasSize(2);
            });
        }
        threads.shutdown();
        assertThat(database.effects("answered")).isEqualTo(1000);
        assertThat(node.jdbc
                        .sql("SELECT count(*) FROM inbox")
                        .query(Integer.class)
                        .single())
                .isEqualTo(1000);
    }

    /** S1 race: the same for the event that starts a call, where there is no row to lock yet. */
    @Test
    void threeCopiesOfAnIncomingCallMakeOneCall() {
        node.on(IncomingCall.class, (event, none) -> {
                    CallId call = CallId.next();
                    insertCall(node.jdbc, call);
                    LegId leg = insertLeg(node.jdbc, call, "caller", event.leg().providerLegId());
                    node.directions.add(call, leg, new MediaStep.Enqueue(call, "support"));
                    return Result.DONE;
                })
                .start();
        ExecutorService threads = TelephonyFixture.threads(3);
        for (int round = 0; round < 1000; round++) {
            IncomingCall event = new IncomingCall(
                    key("call:" + round), new LegRef(PROVIDER, "CA" + round, null), "+15550199001", "+15550100001");
            List<Receipt> receipts = together(threads, 3, () -> node.inbox.receive(event));
            assertThat(Set.copyOf(receipts)).hasSize(1);
            assertThat(receipts.get(0).steps()).hasSize(1);
        }
        threads.shutdown();
        assertThat(node.jdbc
                        .sql("SELECT count(*) FROM call")
                        .query(Integer.class)
                        .single())
                .isEqualTo(1000);
    }

    @Test
    void anEarlyEventHasItsEffectWhenTheFlowIsThere() {
        AtomicBoolean flowIsThere = new AtomicBoolean();
        node.on(LegEnded.class, (event, call) -> {
                    node.effect("ended", call.call());
                    return flowIsThere.get() ? Result.DONE : Result.EARLY;
                })
                .start();
        LegEnded event = ended(database.call(), "early");

        assertThat(node.inbox.receive(event)).isEqualTo(new Receipt(List.of(), State.KEPT));
        assertThat(node.inbox.receive(event)).isEqualTo(new Receipt(List.of(), State.KEPT));
        assertThat(database.inboxState(event.key())).isEqualTo("waiting");
        flowIsThere.set(true);

        await().until(() -> database.inboxState(event.key()), "done"::equals);
        assertThat(database.effects("ended")).isEqualTo(1);
        assertThat(node.inbox.receive(event).state()).isEqualTo(State.DONE);
        assertThat(database.effects("ended")).isEqualTo(1);
    }

    @Test
    void anEventBeforeItsCallIsCommittedIsNotLost() {
        node.on(LegPickedUp.class, (event, call) -> {
                    node.effect("pickedUp", call.call());
                    node.directions.add(
                            call.call(), call.leg(), new MediaStep.Conference(call.call(), "agent", true, false));
                    return Result.DONE;
                })
                .start();
        String leg = "CA" + UUID.randomUUID();
        LegPickedUp event = new LegPickedUp(key("picked-up"), new LegRef(PROVIDER, leg, null));

        assertThat(node.inbox.receive(event).state()).isEqualTo(State.KEPT);
        database.call(leg);

        await().until(() -> database.effects("pickedUp") == 1);
        await().untilAsserted(() -> assertThat(node.carrier.kinds()).containsExactly("Perform"));
        assertThat(((CarrierCommand.Perform) node.carrier.orders.peek().command()).steps())
                .hasOnlyElementsOfType(MediaStep.Conference.class);
    }

    @Test
    void anEventNobodyEverWaitsForEndsAmongTheDeadLettersAndCanBeTriedAgain() {
        node.close();
        node = new Node(
                database,
                TelephonyFixture.settings(Duration.ofMillis(300)),
                new TelephonyFixture.FakeCarrier(),
                TelephonyFixture.temporaryFolder());
        AtomicBoolean flowIsThere = new AtomicBoolean();
        node.on(LegEnded.class, (event, call) -> flowIsThere.get() ? Result.DONE : Result.EARLY)
                .start();
        LegEnded event = ended(database.call(), "unmatched/1?");
        node.inbox.receive(event);

        await().until(() -> database.inboxState(event.key()), "unmatched"::equals);
        var letter = node.deadLetters.latest(10).get(0);
        assertThat(letter.what()).isEqualTo("LegEnded");
        assertThat(letter.reason()).isEqualTo("the flow does not wait for it");
        assertThat(letter.id()).matches("[A-Za-z0-9_-]+");

        flowIsThere.set(true);
        assertThat(node.deadLetters.retry(letter.id())).isTrue();
        await().until(() -> database.inboxState(event.key()), "done"::equals);
        assertThat(node.deadLetters.retry(letter.id())).isFalse();
    }

    @Test
    void aRaceInTheHandlerIsTriedAgainAtOnce() {
        AtomicInteger tries = new AtomicInteger();
        node.on(Answered.class, (event, call) -> {
                    node.effect("answered", call.call());
                    if (tries.incrementAndGet() < 3) {
                        throw new IllegalStateException("somebody else was faster");
                    }
                    return Result.DONE;
                })
                .start();
        Receipt receipt = node.inbox.receive(answered(database.call(), "race"));
        assertThat(receipt.state()).isEqualTo(State.DONE);
        assertThat(database.effects("answered")).isEqualTo(1);
    }

    @Test
    void anEventWhoseHandlerKeepsFailingIsKeptAndTriedLater() {
        AtomicBoolean broken = new AtomicBoolean(true);
        node.on(LegEnded.class, (event, call) -> {
                    node.effect("ended", call.call());
                    if (broken.get()) {
                        throw new IllegalStateException("broken");
                    }
                    return Result.DONE;
                })
                .start();
        LegEnded event = ended(database.call(), "failing");
        assertThat(node.inbox.receive(event).state()).isEqualTo(State.KEPT);
        assertThat(node.jdbc.sql("SELECT error FROM inbox").query(String.class).single())
                .contains("broken");
        broken.set(false);
        await().until(() -> database.inboxState(event.key()), "done"::equals);
        assertThat(database.effects("ended")).isEqualTo(1);
    }

    @Test
    void waitingEventsOfALegHaveTheirEffectInTheOrderTheyCame() {
        AtomicBoolean flowIsThere = new AtomicBoolean();
        node.on(LegPickedUp.class, (event, call) -> {
            node.effect(event.key().value(), call.call());
            return flowIsThere.get() ? Result.DONE : Result.EARLY;
        });
        node.on(LegEnded.class, (event, call) -> {
                    node.effect(event.key().value(), call.call());
                    return flowIsThere.get() ? Result.DONE : Result.EARLY;
                })
                .start();
        LockedCall call = database.call();
        node.inbox.receive(new LegPickedUp(key("1"), ref(call)));
        for (int i = 2; i < 6; i++) {
            node.inbox.receive(ended(call, "" + i));
        }
        flowIsThere.set(true);
        // This one comes last: the ones that wait have their effect before it.
        node.inbox.receive(ended(call, "6"));
        await().until(() -> database.effects().size() == 6);
        assertThat(database.effects()).containsExactly("1", "2", "3", "4", "5", "6");
    }

    @Test
    void aWaitingEventDoesNotStopALaterOneThatTheFlowWaitsFor() {
        node.on(Answered.class, (event, call) -> Result.EARLY);
        node.on(LegEnded.class, (event, call) -> {
                    node.effect("ended", call.call());
                    return Result.DONE;
                })
                .start();
        LockedCall call = database.call();
        node.inbox.receive(answered(call, "stale"));
        assertThat(node.inbox.receive(ended(call, "hang-up")).state()).isEqualTo(State.DONE);
        assertThat(database.effects("ended")).isEqualTo(1);
    }

    @Test
    void twoNodesRetryAnEventOnce() {
        AtomicBoolean flowIsThere = new AtomicBoolean();
        try (Node other = new Node(database)) {
            for (Node each : List.of(node, other)) {
                each.on(LegEnded.class, (event, call) -> {
                            each.effect("ended", call.call());
                            return flowIsThere.get() ? Result.DONE : Result.EARLY;
                        })
                        .start();
            }
            for (int i = 0; i < 40; i++) {
                (i % 2 == 0 ? node : other).inbox.receive(ended(database.call(), "e" + i));
            }
            flowIsThere.set(true);
            await().until(() -> node.jdbc
                            .sql("SELECT count(*) FROM inbox WHERE state = 'waiting'")
                            .query(Integer.class)
                            .single()
                    == 0);
            assertThat(database.effects("ended")).isEqualTo(40);
        }
    }

    @Test
    void anEventInsideATransactionIsRefused() {
        node.start();
        assertThatIllegalStateException()
                .isThrownBy(() -> node.transaction.executeWithoutResult(
                        status -> node.inbox.receive(ended(database.call(), "inside"))));
    }
}
