package io.cordboard.conversation;

import static io.cordboard.testing.Together.inTurns;
import static io.cordboard.testing.Together.together;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordboard.call.Calls;
import io.cordboard.call.OpenCall;
import io.cordboard.call.StopCall;
import io.cordboard.shared.AgentId;
import io.cordboard.shared.CallId;
import io.cordboard.shared.CustomerId;
import io.cordboard.shared.LegId;
import io.cordboard.telephony.CarrierCommand;
import io.cordboard.telephony.CarrierEvent.Answered;
import io.cordboard.telephony.CarrierEvent.LegEnd;
import io.cordboard.telephony.CarrierEvent.LegEnded;
import io.cordboard.telephony.CarrierEvent.LegPickedUp;
import io.cordboard.telephony.EventKey;
import io.cordboard.telephony.Inbox;
import io.cordboard.telephony.Inbox.Receipt;
import io.cordboard.telephony.LegRef;
import io.cordboard.telephony.MediaStep;
import io.cordboard.telephony.spi.Carrier;
import io.cordboard.testing.Analyst;
import io.cordboard.testing.ScenarioTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.camunda.bpm.engine.RuntimeService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * S3-09 · two phones of an agent are picked up 0 to 50 ms apart, in the process {@code conversation} with the real inbox
 * on PostgreSQL. The carrier of these calls takes every command and tells nothing by itself: what it tells is the race.
 */
class PhoneRaceTests extends ScenarioTest {

    private static final String QUIET = "quiet";
    private static final int RACES = 1_000;
    private static final int KEY_RACES = 150;
    private static final int AT_ONCE = 3;
    /** Milliseconds; small distances come more often. */
    private static final int FURTHEST_APART = 50;

    private static final String MOBILE = "+15550103001";

    @Autowired
    private Inbox inbox;

    @Autowired
    private Calls calls;

    @Autowired
    private StopCall stopCall;

    @Autowired
    private RuntimeService runtime;

    @Autowired
    private TransactionTemplate transaction;

    @Autowired
    private DefaultListableBeanFactory beans;

    private final QuietCarrier carrier = new QuietCarrier();
    private final AtomicInteger laterWins = new AtomicInteger();
    private boolean otherModel;

    @BeforeEach
    void charlesHasTwoPhonesAtAQuietCarrier() {
        beans.registerSingleton("quietCarrier", carrier);
        jdbc.sql(
                        """
                        INSERT INTO agent_address (id, agent_id, customer_id, kind, value)
                        SELECT gen_random_uuid(), id, customer_id, 'tel', :mobile FROM agent WHERE username = 'charles'""")
                .param("mobile", MOBILE)
                .update();
    }

    @AfterEach
    void everythingIsAsItWas() {
        // Only a race that failed leaves any.
        jdbc.sql("SELECT id FROM call WHERE provider = :quiet AND state <> 'ended'")
                .param("quiet", QUIET)
                .query(UUID.class)
                .list()
                .forEach(left -> stop(new CallId(left)));
        beans.destroySingleton("quietCarrier");
        jdbc.sql("DELETE FROM agent_address WHERE value = :mobile")
                .param("mobile", MOBILE)
                .update();
        if (otherModel) {
            new Analyst(base()).asksForNoKey();
        }
    }

    @Test
    void ofTwoPhonesPickedUpExactlyOneIsBridgedAndTheOtherHungUp() throws Exception {
        inTurns(RACES, AT_ONCE, round -> {
            Rung call = rung(round);

            List<Receipt> replies = apart(round, () -> pickedUp(call.first()), () -> pickedUp(call.second()));

            LegId loser = oneIsBridged(call, replies);
            assertThat(reply(replies, call, loser)).containsExactly(new MediaStep.HangUp());
            carrier.did(loser, CarrierCommand.HangUpLeg.class);
            onlyTheseWereDirected(call, loser);
            stop(call.id());
        });
        told("picked up", RACES);
    }

    @Test
    void ofTwoPhonesOnWhichSomebodyPresses1ExactlyOneIsBridgedAndTheOtherToldSo() throws Exception {
        new Analyst(base()).asksForAKeyOnAgentsPhones();
        otherModel = true;
        inTurns(KEY_RACES, AT_ONCE, round -> {
            Rung call = rung(round);
            String firstQuestion = question(pickedUp(call.first()));
            String secondQuestion = question(pickedUp(call.second()));
            assertThat(column(call.id().value(), "state")).isEqualTo("connecting");

            List<Receipt> replies = apart(
                    round,
                    () -> answered(call.first(), firstQuestion, "1"),
                    () -> answered(call.second(), secondQuestion, "1"));

            LegId loser = oneIsBridged(call, replies);
            assertThat(reply(replies, call, loser)).hasSize(2).endsWith(new MediaStep.HangUp());
            assertThat(((MediaStep.Say) reply(replies, call, loser).get(0)).text())
                    .contains("taken on another phone");
            carrier.did(loser, CarrierCommand.Perform.class);
            onlyTheseWereDirected(call, loser);

            // A key for a question that nobody asks any more.
            List<Map<String, Object>> before = everythingAbout(call);
            answered(loser, "late", "1");
            assertThat(everythingAbout(call)).isEqualTo(before);
            stop(call.id());
        });
        told("confirmed by key", KEY_RACES);
    }

    private void told(String what, int races) {
        System.out.printf(
                "%d calls %s on two phones 0 to %d ms apart; the later one won %d%n",
                races, what, FURTHEST_APART, laterWins.get());
    }

    /** A call whose agent has taken it and whose phones are dialled. */
    private Rung rung(int round) {
        LegRef caller = new LegRef(QUIET, "caller-" + UUID.randomUUID(), null);
        CallId id = transaction.execute(status -> {
            OpenCall call =
                    calls.begin(caller, "+15550140001", NUMBER, Instant.now()).orElseThrow();
            call.belongsTo(new CustomerId(jdbc.sql("SELECT customer_id FROM agent WHERE username = 'charles'")
                    .query(UUID.class)
                    .single()));
            call.takenBy(new AgentId(UUID.fromString(charles.id())));
            call.runsAs(
                    runtime.startProcessInstanceByKey("conversation", call.id().toString())
                            .getId());
            return call.id();
        });
        List<LegId> legs = jdbc.sql(
                        "SELECT id FROM call_leg WHERE call_id = :call ORDER BY kind = 'agent', address = :mobile")
                .param("call", id.value())
                .param("mobile", MOBILE)
                .query((row, n) -> new LegId(row.getObject("id", UUID.class)))
                .list();
        assertThat(legs).hasSize(3);
        Rung call = round % 2 == 0
                ? new Rung(id, legs.get(0), legs.get(1), legs.get(2))
                : new Rung(id, legs.get(0), legs.get(2), legs.get(1));
        carrier.did(call.first(), CarrierCommand.Dial.class);
        carrier.did(call.second(), CarrierCommand.Dial.class);
        return call;
    }

    /** The second begins so much later. */
    private static List<Receipt> apart(int round, Supplier<Receipt> first, Supplier<Receipt> second) {
        long distance = round % (FURTHEST_APART + 1);
        Duration later = Duration.ofMillis(distance * distance / FURTHEST_APART);
        return together(first, () -> {
            long moment = System.nanoTime() + later.toNanos();
            long left;
            while ((left = moment - System.nanoTime()) > 0) {
                LockSupport.parkNanos(left);
            }
            return second.get();
        });
    }

    /** @return the leg that is not */
    private LegId oneIsBridged(Rung call, List<Receipt> replies) {
        assertThat(replies)
                .filteredOn(reply -> reply.steps().stream().anyMatch(MediaStep.Conference.class::isInstance))
                .hasSize(1);
        boolean first = reply(replies, call, call.first()).stream().anyMatch(MediaStep.Conference.class::isInstance);
        LegId winner = first ? call.first() : call.second();
        LegId loser = first ? call.second() : call.first();
        assertThat(reply(replies, call, winner))
                .containsExactly(new MediaStep.Conference(call.id(), "agent", true, true));
        assertThat(leg(winner)).isEqualTo("live null");
        assertThat(leg(loser)).isEqualTo("ended canceled");
        assertThat(column(call.id().value(), "state")).isEqualTo("talking");
        if (winner.equals(call.second())) {
            laterWins.incrementAndGet();
        }
        return loser;
    }

    private static List<MediaStep> reply(List<Receipt> replies, Rung call, LegId leg) {
        return replies.get(leg.equals(call.first()) ? 0 : 1).steps();
    }

    private void onlyTheseWereDirected(Rung call, LegId loser) {
        CarrierCommand.Perform bridging =
                (CarrierCommand.Perform) carrier.did(call.caller(), CarrierCommand.Perform.class);
        assertThat(bridging.steps()).containsExactly(new MediaStep.Conference(call.id(), "caller", true, true));
        assertThat(carrier.commands(call.id()))
                .as("two dials, the caller's bridge, the loser's end")
                .hasSize(4)
                .extracting(CarrierCommand::leg)
                .containsExactlyInAnyOrder(call.first(), call.second(), call.caller(), loser);
    }

    /** The caller's line is over then as well. */
    private void stop(CallId id) {
        LegId caller = transaction.execute(status -> {
            OpenCall call = calls.open(id);
            stopCall.stop(call, "raced");
            return call.callerLeg();
        });
        inbox.receive(new LegEnded(
                new EventKey(QUIET, "status:" + caller),
                new LegRef(QUIET, null, caller),
                LegEnd.COMPLETED,
                Duration.ZERO));
    }

    private Receipt pickedUp(LegId leg) {
        return inbox.receive(
                new LegPickedUp(new EventKey(QUIET, "leg:" + leg), new LegRef(QUIET, QuietCarrier.idOf(leg), leg)));
    }

    /** An answer comes without our own id of the leg, as Twilio tells it. */
    private Receipt answered(LegId leg, String token, String digits) {
        return inbox.receive(new Answered(
                new EventKey(QUIET, "ask:" + leg + ":" + token),
                new LegRef(QUIET, QuietCarrier.idOf(leg), null),
                token,
                digits,
                null));
    }

    private static String question(Receipt reply) {
        return ((MediaStep.Ask) reply.steps().get(0)).token();
    }

    private String leg(LegId leg) {
        return jdbc.sql("SELECT state || ' ' || coalesce(outcome, 'null') FROM call_leg WHERE id = :leg")
                .param("leg", leg.value())
                .query(String.class)
                .single();
    }

    private List<Map<String, Object>> everythingAbout(Rung call) {
        return jdbc.sql("SELECT * FROM call c JOIN call_leg l ON l.call_id = c.id WHERE c.id = :call ORDER BY l.id")
                .param("call", call.id().value())
                .query()
                .listOfRows();
    }

    private record Rung(CallId id, LegId caller, LegId first, LegId second) {}

    /** Takes every command at once. */
    private static final class QuietCarrier implements Carrier {

        private final Map<CallId, Queue<CarrierCommand>> commands = new ConcurrentHashMap<>();
        private final Map<String, CompletableFuture<CarrierCommand>> done = new ConcurrentHashMap<>();

        static String idOf(LegId leg) {
            return "quiet-" + leg;
        }

        @Override
        public String name() {
            return QUIET;
        }

        @Override
        public Outcome execute(Order order) {
            CarrierCommand command = order.command();
            commands.computeIfAbsent(command.call(), call -> new ConcurrentLinkedQueue<>())
                    .add(command);
            future(command.leg(), command.getClass()).complete(command);
            return new Outcome.Done(
                    command instanceof CarrierCommand.Dial ? idOf(command.leg()) : order.providerLegId());
        }

        List<CarrierCommand> commands(CallId call) {
            return List.copyOf(commands.getOrDefault(call, new ConcurrentLinkedQueue<>()));
        }

        /** Waits until it was told to do this. */
        CarrierCommand did(LegId leg, Class<? extends CarrierCommand> what) {
            return future(leg, what).orTimeout(20, TimeUnit.SECONDS).join();
        }

        private CompletableFuture<CarrierCommand> future(LegId leg, Class<?> what) {
            return done.computeIfAbsent(leg + what.getSimpleName(), key -> new CompletableFuture<>());
        }
    }
}
