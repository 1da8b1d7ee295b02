package io.cordboard.routing.process;

import static io.cordboard.routing.process.QueueReservationProcess.EXIT;
import static io.cordboard.routing.process.QueueReservationProcess.OFFER_TAKEN;
import static io.cordboard.routing.process.QueueReservationProcess.QUEUES_TRIED;

import io.cordboard.call.Calls;
import io.cordboard.call.OpenCall;
import io.cordboard.flow.CallOf;
import io.cordboard.routing.Reservations;
import io.cordboard.routing.Reservations.Taken;
import java.util.Optional;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Step {@code acceptOffer}: runs right after the agent's user task and says whether the call is really theirs. */
@Component("acceptOffer")
class AcceptOfferStep implements JavaDelegate {

    private final Calls calls;
    private final Reservations reservations;

    AcceptOfferStep(Calls calls, Reservations reservations) {
        this.calls = calls;
        this.reservations = reservations;
    }

    @Override
    public void execute(DelegateExecution execution) {
        OpenCall call = calls.open(CallOf.execution(execution));
        Optional<Taken> taken = call.over()
                ? Optional.empty()
                : reservations.accept(call.id(), QueueReservationProcess.asked(execution));
        OFFER_TAKEN.set(execution, taken.isPresent());
        EXIT.set(execution, "accepted");
        QUEUES_TRIED.set(execution, 0);
        taken.ifPresent(offer -> call.takenBy(offer.agent()));
    }
}
