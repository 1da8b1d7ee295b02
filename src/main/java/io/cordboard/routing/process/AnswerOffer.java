package io.cordboard.routing.process;

import static io.cordboard.routing.process.QueueReservationProcess.ACCEPT_CALL;
import static io.cordboard.routing.process.QueueReservationProcess.DECISION;
import static io.cordboard.routing.process.QueueReservationProcess.NOT_AGAIN;
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
import java.util.HashMap;
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
        return answer(id, me, Map.ofEntries(DECISION.with("accept")));
    }

    /**
     * @param reason why not, for colleagues to read; null for none
     * @param again whether the call may be offered to the same agent again
     */
    public Outcome reject(ReservationId id, Account me, @Nullable String reason, boolean again) {
        Map<String, Object> answers = new HashMap<>(Map.ofEntries(DECISION.with("reject")));
        if (reason != null) {
            answers.putAll(Map.ofEntries(REJECT_REASON.with(reason)));
        }
        if (!again) {
            answers.putAll(Map.ofEntries(NOT_AGAIN.with(true)));
        }
        return answer(id, me, answers);
    }

    private Outcome answer(ReservationId id, Account me, Map<String, Object> answers) {
        try {
            return CallTasks.untilDecided(
                    () -> Objects.requireNonNull(transaction.execute(status -> offers.callOf(id, me.id())
                            .<Outcome>map(call -> underLock(id, call, me, answers))
                            .orElseGet(NotYours::new))));
        } catch (TooLateException faster) {
            return gone(id);
        }
    }

    private Outcome underLock(ReservationId id, CallId call, Account me, Map<String, Object> answers) {
        calls.open(call);
        Shown offer = offers.find(id).orElseThrow();
        if (offer.state() != ReservationState.PENDING) {
            return new Gone(offer.state(), offer.takenBy());
        }
        if (!tasks.complete(call, ACCEPT_CALL, me.username(), answers)) {
            return gone(id);
        }
        if ("reject".equals(answers.get(DECISION.name()))) {
            return new Answered(offer.answered(ReservationState.REJECTED, (String) answers.get(REJECT_REASON.name())));
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
