package io.cordboard.telephony;

import static io.cordboard.telephony.TelephonyFixture.database;
import static io.cordboard.telephony.TelephonyFixture.key;
import static io.cordboard.telephony.TelephonyFixture.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cordboard.telephony.CallLocks.LockedCall;
import io.cordboard.telephony.CarrierCommand.Perform;
import io.cordboard.telephony.CarrierEvent.Answered;
import io.cordboard.telephony.CarrierEvent.LegEnd;
import io.cordboard.telephony.CarrierEvent.LegEnded;
import io.cordboard.telephony.CarrierEventHandler.Result;
import io.cordboard.telephony.Inbox.Receipt;
import io.cordboard.telephony.MediaStep.Conference;
import io.cordboard.telephony.MediaStep.Enqueue;
import io.cordboard.telephony.MediaStep.HangUp;
import io.cordboard.telephony.MediaStep.Say;
import io.cordboard.telephony.TelephonyFixture.Database;
import io.cordboard.telephony.TelephonyFixture.Node;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

class LegMediaTests {

    private static final Say HELLO = new Say("Hello", null);

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

    private Receipt answered(LockedCall call) {
        return node.inbox.receive(new Answered(key("answered:" + call.leg()), ref(call), "token", "1", null));
    }

    private void says(CarrierEventHandler.Result result, MediaStep... steps) {
        node.on(Answered.class, (event, call) -> {
                    for (MediaStep step : steps) {
                        node.directions.add(call.call(), call.leg(), step);
                    }
                    return result;
                })
                .start();
    }

    private List<MediaStep> performed() {
        await().until(() -> !node.carrier.orders.isEmpty());
        return ((Perform) node.carrier.orders.remove().command()).steps();
    }

    @Test
    void stepsForTheLegThatAsksAreTheReply() {
        LockedCall call = database.call();
        Enqueue queue = new Enqueue(call.call(), "support");
        says(Result.DONE, HELLO, queue);
        assertThat(answered(call).steps()).containsExactly(HELLO, queue);
        assertThat(database.outboxRows()).isZero();
    }

    @Test
    void aReplyThatWouldCutTheCallerOffGoesOnWithMusic() {
        LockedCall call = database.call();
        says(Result.DONE, HELLO);
        assertThat(answered(call).steps()).containsExactly(HELLO, new Enqueue(call.call(), "hold"));
    }

    @Test
    void aReplyOfACallThatIsOverEndsTheLeg() {
        LockedCall call = database.call();
        node.on(Answered.class, (event, locked) -> {
                    node.jdbc
                            .sql("UPDATE call SET state = 'ended', ended_at = started_at")
                            .update();
                    return Result.DONE;
                })
                .start();
        assertThat(answered(call).steps()).containsExactly(new HangUp());
    }

    @Test
    void theModuleOfCallsMayDecideHowALineGoesOn() {
        LockedCall call = database.call();
        node.lineEnds.add((callId, leg) -> List.of(new Enqueue(callId, "support")));
        says(Result.DONE, HELLO);
        assertThat(answered(call).steps()).containsExactly(HELLO, new Enqueue(call.call(), "support"));
    }

    @Test
    void aStepTheFlowDidNotStayInIsLeftOut() {
        LockedCall call = database.call();
        Conference conference = new Conference(call.call(), "caller", true, true);
        says(Result.DONE, HELLO, new Enqueue(call.call(), "support"), conference);
        assertThat(answered(call).steps()).containsExactly(HELLO, conference);
    }

    @Test
    void stepsForAnotherLegBecomeACommand() {
        LockedCall call = database.call();
        LockedCall other = database.call();
        node.on(Answered.class, (event, locked) -> {
                    node.directions.add(other.call(), other.leg(), HELLO);
                    node.directions.add(locked.call(), locked.leg(), new HangUp());
                    node.directions.add(other.call(), other.leg(), new HangUp());
                    return Result.DONE;
                })
                .start();
        assertThat(answered(call).steps()).containsExactly(new HangUp());
        assertThat(performed()).containsExactly(HELLO, new HangUp());
    }

    @Test
    void stepsOfAnEventThatWaitsForNoReplyBecomeACommand() {
        LockedCall call = database.call();
        node.on(LegEnded.class, (event, locked) -> {
                    node.directions.add(locked.call(), locked.leg(), new HangUp());
                    return Result.DONE;
                })
                .start();
        Receipt receipt = node.inbox.receive(new LegEnded(key("ended"), ref(call), LegEnd.COMPLETED, Duration.ZERO));
        assertThat(receipt.steps()).isEmpty();
        assertThat(performed()).containsExactly(new HangUp());
    }

    @Test
    void stepsOutsideOfAWebhookBecomeOneCommandALeg() {
        LockedCall call = database.call();
        node.start();
        node.transaction.executeWithoutResult(status -> {
            node.directions.add(call.call(), call.leg(), HELLO);
            node.directions.add(call.call(), call.leg(), new HangUp());
        });
        assertThat(performed()).containsExactly(HELLO, new HangUp());
        assertThat(node.carrier.orders).isEmpty();
    }

    @Test
    void aLegThatIsOverHearsNothing() {
        LockedCall call = database.call();
        node.jdbc
                .sql("UPDATE call_leg SET state = 'ended', ended_at = started_at")
                .update();
        node.start();
        node.transaction.executeWithoutResult(status -> node.directions.add(call.call(), call.leg(), HELLO));
        assertThat(database.outboxRows()).isZero();
    }

    /** Whoever works right before the commit, as the engine may, still counts, whatever the order of registration. */
    @Test
    void stepsGivenRightBeforeTheCommitAreCarriedOutAsWell() {
        LockedCall call = database.call();
        node.start();
        node.transaction.executeWithoutResult(status -> {
            node.directions.add(call.call(), call.leg(), HELLO);
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void beforeCommit(boolean readOnly) {
                    node.directions.add(call.call(), call.leg(), new HangUp());
                }

                @Override
                public int getOrder() {
                    return 0;
                }
            });
        });
        assertThat(performed()).containsExactly(HELLO, new HangUp());
    }
}
