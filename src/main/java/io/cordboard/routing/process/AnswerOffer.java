package io.cordboard.routing.process;

import static io.cordboard.routing.process.QueueReservationProcess.ACCEPT_CALL;
import static io.cordboard.routing.process.QueueReservationProcess.DECISION;
import static io.cordboard.routing.process.QueueReservationProcess.NOT_AGAIN;
import static io.cordboard.routing.process.QueueReservationProcess.QUEUE_NAME;
import static io.cordboard.routing.process.QueueReservationProcess.REJECT_REASON;

import io.cordboard.agent.AgentStatus;
import io.cordboard.agent.Agents;
import io.cordboard.call.Calls;
import io.cordboard.call.OpenCall;
import io.cordboard.call.RingPlan;
import io.cordboard.customer.Account;
import io.cordboard.events.EventLog;
import io.cordboard.flow.CallTasks;
import io.cordboard.flow.CallTasks.TooLateException;
import io.cordboard.routing.AnsweredBy;
import io.cordboard.routing.Instruction;
import io.cordboard.routing.Offers;
import io.cordboard.routing.Offers.Shown;
import io.cordboard.routing.QueueEntries;
import io.cordboard.routing.QueueEntries.WayTo;
import io.cordboard.routing.ReservationState;
import io.cordboard.routing.Reservations;
import io.cordboard.shared.CallId;
import io.cordboard.shared.ReservationId;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * An offer is answered from outside Tasklist: by its agent, by the queue's assignment callback, or by a supervisor through
 * the API. All go through the same door, the completion of the user task: what the answer changes happens in the flow's
 * next step. The call's row is locked before the offer is looked at, so that of two answers, and of an answer and the
 * timer, exactly one is the first.
 */
@Service
public class AnswerOffer {

    /** Two queues whose callbacks send callers to each other would never stop. */
    private static final int MOST_REDIRECTS = 10;

    private final Offers offers;
    private final Reservations reservations;
    private final QueueEntries entries;
    private final Calls calls;
    private final Agents agents;
    private final CallTasks tasks;
    private final EventLog log;
    private final TransactionTemplate transaction;

    AnswerOffer(
            Offers offers,
            Reservations reservations,
            QueueEntries entries,
            Calls calls,
            Agents agents,
            CallTasks tasks,
            EventLog log,
            TransactionTemplate transaction) {
        this.offers = offers;
        this.reservations = reservations;
        this.entries = entries;
        this.calls = calls;
        this.agents = agents;
        this.tasks = tasks;
        this.log = log;
        this.transaction = transaction;
    }

    /** @param me the agent who was asked */
    public Outcome accept(ReservationId id, Account me) {
        return answer(id, () -> offers.callOf(id, me.id()), Instruction.accept(), AnsweredBy.AGENT);
    }

    /**
     * @param reason why not, for colleagues to read; null for none
     * @param again whether the call may be offered to the same agent again
     */
    public Outcome reject(ReservationId id, Account me, @Nullable String reason, boolean again) {
        return answer(id, () -> offers.callOf(id, me.id()), Instruction.reject(reason, again), AnsweredBy.AGENT);
    }

    /**
     * Does what somebody else says, in the agent's place.
     *
     * @param by who says it, not the agent
     */
    public Outcome follow(ReservationId id, Instruction instruction, AnsweredBy by) {
        return answer(id, () -> offers.find(id).map(Shown::call), instruction, by);
    }

    private Outcome answer(ReservationId id, Supplier<Optional<CallId>> call, Instruction instruction, AnsweredBy by) {
        try {
            return CallTasks.untilDecided(() -> Objects.requireNonNull(transaction.execute(status -> call.get()
                    .map(found -> underLock(id, found, instruction, by, status))
                    .orElseGet(NotYours::new))));
        } catch (TooLateException faster) {
            return gone(id);
        }
    }

    private Outcome underLock(
            ReservationId id, CallId call, Instruction instruction, AnsweredBy by, TransactionStatus status) {
        OpenCall open = calls.open(call);
        Shown offer = offers.find(id).orElseThrow();
        if (offer.state() != ReservationState.PENDING) {
            return new Gone(offer);
        }
        if (instruction.redirects()) {
            Optional<Refused> refused = refusal(open, String.valueOf(instruction.queue()));
            if (refused.isPresent()) {
                return refused.get();
            }
        }
        open.ringsBy(instruction.ringPlan());
        if (!tasks.complete(call, ACCEPT_CALL, offer.username(), variables(instruction))) {
            status.setRollbackOnly();
            return new Gone(offer);
        }
        Outcome outcome = outcome(offer, open, instruction, by);
        if (outcome instanceof Answered) {
            note(offer, instruction, by);
        } else if (outcome instanceof Refused) {
            status.setRollbackOnly();
        } else {
            open.ringsBy(RingPlan.USUAL);
        }
        return outcome;
    }

    private static Map<String, Object> variables(Instruction instruction) {
        if (instruction.redirects()) {
            return Map.ofEntries(DECISION.with("redirect"), QUEUE_NAME.with(String.valueOf(instruction.queue())));
        }
        if (!instruction.rejects()) {
            return Map.ofEntries(DECISION.with("accept"));
        }
        Map<String, Object> answers = new HashMap<>(Map.ofEntries(DECISION.with("reject")));
        String reason = instruction.reason();
        if (reason != null) {
            answers.putAll(Map.ofEntries(REJECT_REASON.with(reason)));
        }
        if (Boolean.FALSE.equals(instruction.again())) {
            answers.putAll(Map.ofEntries(NOT_AGAIN.with(true)));
        }
        return answers;
    }

    /** What the flow made of it. */
    private Outcome outcome(Shown offer, OpenCall open, Instruction instruction, AnsweredBy by) {
        if (instruction.rejects()) {
            return new Answered(offer.answered(ReservationState.REJECTED, by, instruction.reason()));
        }
        if (instruction.redirects()) {
            ReservationState now = offers.find(offer.id()).orElseThrow().state();
            return now == ReservationState.CANCELED
                    ? new Answered(offer.answered(now, by, null))
                    : new Refused(
                            "The model of this call has no way to another queue.",
                            "Publish processes/queue-reservation.bpmn and the models that call it again; calls that came"
                                    + " before stay as they are.");
        }
        return open.agent().equals(Optional.of(offer.agentId()))
                ? new Answered(offer.answered(ReservationState.ACCEPTED, by, null))
                : gone(offer.id());
    }

    private Optional<Refused> refusal(OpenCall call, String queue) {
        if (call.awaitsCallBack()) {
            return Optional.of(new Refused(
                    "The caller is not on the line but is to be called back, out of this queue.",
                    "Let an agent take the call."));
        }
        WayTo way = entries.wayTo(call.id(), queue);
        if (!way.known()) {
            return Optional.of(new Refused(
                    "There is no queue " + queue + ".", "GET /v1/queues lists the queues of your customer."));
        }
        if (way.there()) {
            return Optional.of(
                    new Refused("The caller waits in the queue " + queue + " already.", "Name another queue."));
        }
        return way.redirects() < MOST_REDIRECTS
                ? Optional.empty()
                : Optional.of(new Refused(
                        "The caller was redirected " + MOST_REDIRECTS + " times, which is enough.",
                        "Let an agent take the call."));
    }

    private void note(Shown offer, Instruction instruction, AnsweredBy by) {
        if (by == AnsweredBy.AGENT) {
            return;
        }
        String word = String.valueOf(instruction.instruction());
        reservations.note(offer.id(), by, instruction.postWorkStatus());
        log.add(
                "reservation.instructed",
                offer.call(),
                offer.agentId(),
                Map.of("reservation", offer.id().toString(), "instruction", word, "by", by.column()));
        String status = instruction.status();
        if (status != null) {
            agents.choose(offer.agentId(), AgentStatus.valueOf(status.toUpperCase(Locale.ROOT)), null);
        }
    }

    private Outcome gone(ReservationId id) {
        return new Gone(offers.find(id).orElseThrow());
    }

    /** What came of an answer. */
    public sealed interface Outcome permits Answered, Gone, Refused, NotYours {}

    /** It was the first. */
    public record Answered(Shown reservation) implements Outcome {}

    /** Something else was faster. */
    public record Gone(Shown reservation) implements Outcome {}

    /** It cannot be done, and nothing has changed. */
    public record Refused(String problem, String remedy) implements Outcome {}

    /** The agent was never asked, or there is no such reservation. */
    public record NotYours() implements Outcome {}
}
