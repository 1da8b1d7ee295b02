package io.cordboard.routing.process;

import static io.cordboard.routing.process.QueueReservationProcess.ASKED;
import static io.cordboard.routing.process.QueueReservationProcess.CALL_BACK;
import static io.cordboard.routing.process.QueueReservationProcess.SEARCH;
import static io.cordboard.routing.process.QueueReservationProcess.WAIT_TIMEOUT;

import io.cordboard.call.Calls;
import io.cordboard.flow.CallOf;
import io.cordboard.flow.Step;
import io.cordboard.routing.Offer;
import io.cordboard.routing.QueueEntries;
import io.cordboard.routing.Reservations;
import io.cordboard.shared.CallId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** Step {@code findAgent}: holds the call for an agent who is free now, or says whether the caller may wait on. */
@Component("findAgent")
class FindAgentStep implements Step {

    private final Calls calls;
    private final Reservations reservations;
    private final QueueEntries entries;

    FindAgentStep(Calls calls, Reservations reservations, QueueEntries entries) {
        this.calls = calls;
        this.reservations = reservations;
        this.entries = entries;
    }

    @Override
    public Description description() {
        return new Description(
                "Find agent",
                Kind.TASK,
                "Looks for a free agent with the skills of the queue and holds the call for them.",
                List.of(),
                List.of(
                        new Result(
                                SEARCH.name(),
                                "found, wait, over when the caller has waited long enough, or call_back when they are not on the line"),
                        new Result(WAIT_TIMEOUT.name(), "how long the caller may still wait"),
                        new Result(CALL_BACK.name(), "true when the caller is not on the line but is called back"),
                        new Result("agentUsername", "who is asked"),
                        new Result("autoAccept", "whether the queue needs no answer"),
                        new Result("reservationTimeout", "how long the agent may think"),
                        new Result("waitedSeconds", "how long the caller has been waiting")));
    }

    @Override
    public void execute(DelegateExecution execution) {
        CallId call = CallOf.execution(execution);
        boolean away = calls.open(call).awaitsCallBack();
        Optional<Offer> offer = away ? reservations.open(call) : Optional.empty();
        if (offer.isEmpty()) {
            offer = reservations.offerToBestAgent(call);
        }
        if (away || CALL_BACK.optionalIn(execution).isPresent()) {
            CALL_BACK.set(execution, away);
        }
        if (offer.isPresent()) {
            found(offer.get()).forEach(execution::setVariable);
            if (QueueReservationProcess.isOneOfSeveral(execution)) {
                ASKED.setHere(execution, offer.get().agent());
            }
            return;
        }
        if (away) {
            SEARCH.set(execution, "call_back");
            return;
        }
        Duration left = entries.timeLeft(call);
        SEARCH.set(execution, left.isNegative() || left.isZero() ? "over" : "wait");
        WAIT_TIMEOUT.set(execution, left.toString());
    }

    /** What the flow knows of an offer, whoever made it. */
    static Map<String, Object> found(Offer offer) {
        return Map.ofEntries(
                SEARCH.with("found"),
                QueueReservationProcess.AUTO_ACCEPT.with(offer.accepted()),
                QueueReservationProcess.AGENT_ASKED.with(offer.username()),
                QueueReservationProcess.RESERVATION_TIMEOUT.with(offer.timeout().toString()),
                QueueReservationProcess.WAITED_SECONDS.with((int) offer.waited().toSeconds()));
    }
}
