package io.cordboard.routing.process;

import static io.cordboard.routing.process.QueueReservationProcess.ACCEPT_CALL;
import static io.cordboard.routing.process.QueueReservationProcess.DECISION;
import static io.cordboard.routing.process.QueueReservationProcess.REJECT_REASON;

import io.cordboard.call.Calls;
import io.cordboard.customer.Account;
import io.cordboard.flow.CallTasks;
import io.cordboard.flow.CallTasks.TooLateException;
import io.cordboard.routing.Offers;
import io.cordboard.routing.Offers.Shown;
import io.cordboard.routing.ReservationState;
import io.cordboard.shared.CallId;
import io.cordboard.shared.ReservationId;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * An agent answers an offer from outside Tasklist. Goes through the same door, the completion of the user task: what the
 * answer changes happens in the flow's next step. The call's row is locked before the offer is looked at, so that of two
 * answers, and of an answer and the timer, exactly one is the first.
 */
@Service
public class AnswerOffer {

    private final Offers offers;
    private final Calls calls;
    private final CallTasks tasks;
    private final TransactionTemplate transaction;

    AnswerOffer(Offers offers, Calls calls, CallTasks tasks, TransactionTemplate transaction) {
        this.offers = offers;
        this.calls = calls;
        this.tasks = tasks;
        this.transaction = transaction;
    }

    /** @param me the agent who was asked */
    public Outcome accept(ReservationId id, Account me) {
        return answer(id, me, "accept", null);
    }

    /** @param reason why not, for colleagues to read; null for none */
    public Outcome reject(ReservationId id, Account me, @Nullable String reason) {
        return answer(id, me, "reject", reason);
    }

    private Outcome answer(ReservationId id, Account me, String decision, @Nullable String reason) {
        try {
            return CallTasks.untilDecided(
                    () -> Objects.requireNonNull(transaction.execute(status -> offers.callOf(id, me.id())
                            .<Outcome>map(call -> underLock(id, call, me, decision, reason))
                            .orElseGet(NotYours::new))));
        } catch (TooLateException faster) {
            return gone(id);
        }
    }

    private Outcome underLock(ReservationId id, CallId call, Account me, String decision, @Nullable String reason) {
        calls.open(call);
        Shown offer = offers.find(id).orElseThrow();
        if (offer.state() != ReservationState.PENDING) {
            return new Gone(offer.state(), offer.takenBy());
        }
        Map<String, Object> answers = reason == null
                ? Map.ofEntries(DECISION.with(decision))
                : Map.ofEntries(DECISION.with(decision), REJECT_REASON.with(reason));
        if (!tasks.complete(call, ACCEPT_CALL, me.username(), answers)) {
            return gone(id);
        }
        if (decision.equals("reject")) {
            return new Answered(offer.answered(ReservationState.REJECTED, reason));
        }
        boolean mine = calls.open(call).agent().equals(Optional.of(me.id()));
        return mine ? new Answered(offer.answered(ReservationState.ACCEPTED, null)) : gone(id);
    }

    private Outcome gone(ReservationId id) {
        Shown offer = offers.find(id).orElseThrow();
        return new Gone(offer.state(), offer.takenBy());
    }

    /** What came of an answer. */
    public sealed interface Outcome permits Answered, Gone, NotYours {}

    /** It was the first. */
    public record Answered(Shown reservation) implements Outcome {}

    /**
     * Something else was faster.
     *
     * @param state what became of the offer
     * @param takenBy who works on the call now; null when nobody does
     */
    public record Gone(ReservationState state, @Nullable String takenBy) implements Outcome {}

    /** The agent was never asked, or there is no such reservation. */
    public record NotYours() implements Outcome {}
}
