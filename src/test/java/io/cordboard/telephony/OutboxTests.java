package io.cordboard.telephony;

import static io.cordboard.telephony.TelephonyFixture.PROVIDER;
import static io.cordboard.telephony.TelephonyFixture.database;
import static io.cordboard.telephony.TelephonyFixture.settings;
import static io.cordboard.telephony.TelephonyFixture.temporaryFolder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.cordboard.telephony.CallLocks.LockedCall;
import io.cordboard.telephony.CarrierCommand.Dial;
import io.cordboard.telephony.CarrierCommand.HangUpLeg;
import io.cordboard.telephony.CarrierCommand.Perform;
import io.cordboard.telephony.CarrierEvent.CommandAccepted;
import io.cordboard.telephony.CarrierEvent.CommandFailed;
import io.cordboard.telephony.CarrierEventHandler.Result;
import io.cordboard.telephony.DeadLetters.Kind;
import io.cordboard.telephony.TelephonyFixture.Database;
import io.cordboard.telephony.TelephonyFixture.FakeCarrier;
import io.cordboard.telephony.TelephonyFixture.Node;
import io.cordboard.telephony.spi.Carrier.Order;
import io.cordboard.telephony.spi.Carrier.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutboxTests {

    private Database database;
    private FakeCarrier carrier;
    private Node node;

    @BeforeAll
    static void patience() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    }

    @BeforeEach
    void aNode() {
        database = database();
        carrier = new FakeCarrier();
        node = telling(new Node(database, settings(), carrier, temporaryFolder()));
    }

    @AfterEach
    void end() {
        node.close();
        database.close();
    }

    /** A node whose module of calls notes how commands ended, and the carrier's id of a dialled leg. */
    private static Node telling(Node node) {
        node.noters.add(new CarrierFactHandler<CommandAccepted>() {
            @Override
            public Class<CommandAccepted> kind() {
                return CommandAccepted.class;
            }

            @Override
            public void record(List<Fact<CommandAccepted>> facts) {
                for (Fact<CommandAccepted> fact : facts) {
                    node.effect(
                            "accepted " + name(fact.event().command()),
                            fact.call().call());
                    if (fact.event().command() instanceof Dial) {
                        node.jdbc
                                .sql("UPDATE call_leg SET provider_leg_id = :id WHERE id = :leg")
                                .param("id", fact.event().leg().providerLegId())
                                .param("leg", fact.call().leg().value())
                                .update();
                    }
                }
            }
        });
        return node.on(CommandFailed.class, (event, call) -> {
                    node.effect("failed " + name(event.command()) + ": " + event.reason(), call.call());
                    return Result.DONE;
                })
                .start();
    }

    private static String name(CarrierCommand command) {
        return command.getClass().getSimpleName();
    }

    private Dial dial(LockedCall call) {
        return new Dial(
                call.call(), database.agentLeg(call.call()), "+15550199002", "+15550100001", Duration.ofSeconds(10));
    }

    private void give(Node giver, CarrierCommand... commands) {
        giver.transaction.executeWithoutResult(status -> {
            for (CarrierCommand command : commands) {
                giver.directions.add(PROVIDER, command);
            }
        });
    }

    @Test
    void aCommandIsCarriedOutAfterItsCommitAndItsRowIsGone() {
        Dial dial = dial(database.call());
        give(node, dial);
        await().until(() -> database.effects("accepted Dial") == 1);
        assertThat(database.outboxRows()).isZero();
        assertThat(carrier.orders).singleElement().satisfies(order -> {
            assertThat(order.command()).isEqualTo(dial);
            assertThat(order.attempt()).isEqualTo(1);
            assertThat(order.mayHaveBeenDone()).isFalse();
        });
        assertThat(node.locks.providerLegId(dial.leg())).contains("CA-" + dial.leg());
    }

    @Test
    void aCommandOfATransactionThatIsUndoneIsNeverCarriedOut() {
        LockedCall call = database.call();
        node.transaction.executeWithoutResult(status -> {
            node.directions.add(PROVIDER, dial(call));
            status.setRollbackOnly();
        });
        Dial second = dial(call);
        give(node, second);
        await().until(() -> database.effects("accepted Dial") == 1);
        assertThat(carrier.orders).extracting(Order::command).containsExactly(second);
    }

    @Test
    void aCommandOutsideATransactionIsRefused() {
        LockedCall call = database.call();
        assertThatIllegalStateException()
                .isThrownBy(() -> node.directions.add(PROVIDER, new HangUpLeg(call.call(), call.leg())));
    }

    @Test
    void aHangUpWaitsForTheDialOfItsLegAndKnowsItsId() {
        CountDownLatch dialled = new CountDownLatch(1);
        carrier.answer = order -> {
            if (order.command() instanceof Dial) {
                waitFor(dialled);
            }
            return new Outcome.Done("CA-" + order.command().leg());
        };
        Dial dial = dial(database.call());
        give(node, dial);
        await().until(() -> carrier.orders.size() == 1);
        give(node, new HangUpLeg(dial.call(), dial.leg()));
        dialled.countDown();
        await().until(() -> database.effects("accepted HangUpLeg") == 1);
        assertThat(carrier.orders).extracting(Order::providerLegId).containsExactly(null, "CA-" + dial.leg());
    }

    @Test
    void commandsOfALegKeepTheirOrderAndLegsDoNotWaitForEachOther() {
        List<String> done = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch slow = new CountDownLatch(1);
        LockedCall first = database.call();
        LockedCall second = database.call();
        carrier.answer = order -> {
            MediaStep.Say say =
                    (MediaStep.Say) ((Perform) order.command()).steps().get(0);
            if (say.text().equals("1")) {
                waitFor(slow);
            }
            done.add(say.text());
            return new Outcome.Done(null);
        };
        for (int i = 1; i <= 20; i++) {
            give(node, say(first, "" + i));
        }
        give(node, say(second, "other"));
        await().until(() -> done.contains("other"));
        assertThat(done).containsExactly("other");
        slow.countDown();
        await().until(() -> done.size() == 21);
        assertThat(done.subList(1, 21))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 20).mapToObj(String::valueOf).toList());
    }

    private static Perform say(LockedCall call, String text) {
        return new Perform(call.call(), call.leg(), List.of(new MediaStep.Say(text, null), new MediaStep.HangUp()));
    }

    @Test
    void aLostAnswerIsLookedUpBeforeItIsRepeated() {
        AtomicInteger tries = new AtomicInteger();
        carrier.answer = order -> tries.incrementAndGet() < 3
                ? new Outcome.Unknown("no answer")
                : new Outcome.Done("CA-" + order.command().leg());
        give(node, dial(database.call()));
        await().until(() -> database.effects("accepted Dial") == 1);
        assertThat(carrier.orders).extracting(Order::mayHaveBeenDone).containsExactly(false, true, true);
        assertThat(carrier.orders).extracting(Order::attempt).containsExactly(1, 2, 3);
        assertThat(carrier.orders)
                .extracting(Order::id)
                .containsOnly(carrier.orders.peek().id());
    }

    @Test
    void aCarrierThatNeverAnswersIsCutOffBeforeTheLeaseEnds() {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger tries = new AtomicInteger();
        carrier.answer = order -> {
            if (tries.incrementAndGet() == 1) {
                waitFor(never);
            }
            return new Outcome.Done("CA-" + order.command().leg());
        };
        give(node, dial(database.call()));
        await().until(() -> database.effects("accepted Dial") == 1);
        assertThat(carrier.orders).extracting(Order::mayHaveBeenDone).containsExactly(false, true);
        never.countDown();
    }

    @Test
    void theCarriersWishHowLongToWaitIsHonoured() {
        List<Instant> tries = Collections.synchronizedList(new ArrayList<>());
        carrier.answer = order -> {
            tries.add(Instant.now());
            return tries.size() == 1 ? new Outcome.TryLater("busy", Duration.ofMillis(700)) : new Outcome.Done("CA1");
        };
        give(node, dial(database.call()));
        await().until(() -> database.effects("accepted Dial") == 1);
        assertThat(Duration.between(tries.get(0), tries.get(1))).isGreaterThanOrEqualTo(Duration.ofMillis(700));
    }

    @Test
    void aRefusalIsToldToTheFlowAndLeavesNothingBehind() {
        carrier.answer = order -> new Outcome.Refused("not a number");
        give(node, dial(database.call()));
        await().until(() -> database.effects("failed Dial: not a number") == 1);
        assertThat(node.jdbc
                        .sql("SELECT count(*) FROM outbox")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void aRefusedHangUpOfALegThatIsOverIsDone() {
        carrier.answer = order -> new Outcome.Refused("call is not in progress");
        LockedCall call = database.call();
        node.jdbc
                .sql("UPDATE call_leg SET state = 'ended', ended_at = started_at")
                .update();
        give(node, new HangUpLeg(call.call(), call.leg()));
        await().until(() -> database.effects("accepted HangUpLeg") == 1);
        assertThat(database.outboxRows()).isZero();
    }

    @Test
    void aCommandThatNeverSucceedsIsDeadToldToTheFlowAndCanBeTriedAgain() {
        carrier.answer = order -> new Outcome.TryLater("503", null);
        LockedCall call = database.call();
        give(node, dial(call));
        await().until(() -> database.effects("failed Dial: Given up after 4 tries: 503") == 1);

        var letter = node.deadLetters.latest(10).get(0);
        assertThat(letter.kind()).isEqualTo(Kind.COMMAND);
        assertThat(letter.what()).isEqualTo("dial");
        assertThat(letter.call()).isEqualTo(call.call().value());
        carrier.answer = order -> new Outcome.Done("CA1");
        assertThat(node.deadLetters.retry(letter.id())).isTrue();
        await().until(() -> database.effects("accepted Dial") == 1);
        assertThat(node.deadLetters.latest(10)).isEmpty();
        assertThat(node.deadLetters.dismiss(letter.id())).isFalse();
    }

    @Test
    void aDialIsNotRepeatedWhenItsCallIsOver() {
        carrier.answer = order -> {
            node.jdbc
                    .sql("UPDATE call SET ended_at = started_at, state = 'ended'")
                    .update();
            return new Outcome.TryLater("busy", null);
        };
        give(node, dial(database.call()));
        await().until(() -> !carrier.orders.isEmpty() && database.outboxRows() == 0);
        assertThat(carrier.orders).hasSize(1);
        assertThat(database.effects()).isEmpty();
    }

    @Test
    void aHangUpOfALegThatWasNeverDialledIsDropped() {
        carrier.answer = order -> new Outcome.Refused("not a number");
        Dial dial = dial(database.call());
        give(node, dial, new HangUpLeg(dial.call(), dial.leg()));
        await().until(() -> database.effects().size() == 1 && database.outboxRows() == 0);
        assertThat(carrier.kinds()).containsExactly("Dial");
    }

    @Test
    void aFailingCarrierIsLeftAloneForAWhile() {
        carrier.answer = order -> new Outcome.TryLater("503", null);
        LockedCall call = database.call();
        for (int i = 0; i < 8; i++) {
            give(node, dial(call));
        }
        await().until(() -> node.meters.find("cordboard.carrier.breaker.open").gauge() != null
                && node.meters.get("cordboard.carrier.breaker.open").gauge().value() == 1);
        int before = carrier.orders.size();
        carrier.answer = order -> new Outcome.Done("CA-" + order.command().leg());
        assertThat(before).isLessThan(8 * 4);
        await().until(() -> database.outboxRows() == 0);
        assertThat(database.effects("accepted Dial")).isPositive();
    }

    /** The node dies while the carrier is at work: another one repeats the command, and says that it may have been done. */
    @Test
    void theCommandsOfADeadNodeAreTakenOverInOrder() {
        CountDownLatch never = new CountDownLatch(1);
        carrier.answer = order -> {
            waitFor(never);
            return new Outcome.Unknown("killed");
        };
        Dial dial = dial(database.call());
        give(node, dial, new HangUpLeg(dial.call(), dial.leg()));
        await().until(() -> carrier.orders.size() == 1);
        FakeCarrier otherCarrier = new FakeCarrier();
        try (Node other = telling(new Node(database, settings(), otherCarrier, temporaryFolder()))) {
            // What the killed node thinks of itself does not matter: it cannot reach the database any more.
            node.kill();
            await().until(() -> database.effects("accepted HangUpLeg") == 1);
            assertThat(otherCarrier.kinds()).containsExactly("Dial", "HangUpLeg");
            assertThat(otherCarrier.orders).extracting(Order::mayHaveBeenDone).containsOnly(true);
            assertThat(other.meters.find("cordboard.outbox.command").timers()).isNotEmpty();
        }
        assertThat(database.outboxRows()).isZero();
        never.countDown();
    }

    /** A lease that is alive is left alone, however long the command takes. */
    @Test
    void twoNodesDoNotDoTheSameCommand() {
        carrier.answer = order -> carrier.orders.size() < 4
                ? new Outcome.TryLater("busy", Duration.ofMillis(1200))
                : new Outcome.Done("CA1");
        FakeCarrier otherCarrier = new FakeCarrier();
        try (Node other = telling(new Node(database, settings(), otherCarrier, temporaryFolder()))) {
            give(node, dial(database.call()));
            await().until(() -> database.effects("accepted Dial") == 1);
            assertThat(otherCarrier.orders).isEmpty();
            assertThat(other.lanes.held()).isEmpty();
        }
    }

    /** Commands of one leg that two nodes wrote are carried out in the order they were given. */
    @Test
    void aNodeWaitsForTheOlderCommandsThatAnotherNodeHolds() {
        CountDownLatch dialling = new CountDownLatch(1);
        carrier.answer = order -> {
            waitFor(dialling);
            return new Outcome.Done("CA-" + order.command().leg());
        };
        FakeCarrier otherCarrier = new FakeCarrier();
        try (Node other = telling(new Node(database, settings(), otherCarrier, temporaryFolder()))) {
            Dial dial = dial(database.call());
            give(node, dial);
            await().until(() -> carrier.orders.size() == 1);
            give(other, new HangUpLeg(dial.call(), dial.leg()));
            await().during(Duration.ofMillis(300)).until(() -> otherCarrier.orders.isEmpty());
            dialling.countDown();
            await().until(() -> database.effects("accepted HangUpLeg") == 1);
            assertThat(otherCarrier.orders).singleElement().satisfies(order -> assertThat(order.providerLegId())
                    .isEqualTo("CA-" + dial.leg()));
        }
    }

    @Test
    void aNodeThatStopsGivesItsCommandsBack() {
        carrier.answer = order -> new Outcome.TryLater("busy", Duration.ofSeconds(20));
        give(node, dial(database.call()));
        await().until(() -> !carrier.orders.isEmpty());
        node.watch.stop();
        assertThat(node.jdbc
                        .sql("SELECT lease_until <= now() FROM outbox")
                        .query(Boolean.class)
                        .single())
                .isTrue();
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
