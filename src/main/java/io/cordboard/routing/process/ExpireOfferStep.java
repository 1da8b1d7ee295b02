package io.cordboard.routing.process;

import io.cordboard.call.Calls;
import io.cordboard.flow.CallOf;
import io.cordboard.routing.Reservations;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Step {@code expireOffer}: the agent did not answer in time; the next one will be asked. */
@Component("expireOffer")
class ExpireOfferStep implements JavaDelegate {

    private final Calls calls;
    private final Reservations reservations;

    ExpireOfferStep(Calls calls, Reservations reservations) {
        this.calls = calls;
        this.reservations = reservations;
    }

    @Override
    public void execute(DelegateExecution execution) {
        reservations.expire(calls.open(CallOf.execution(execution)).id(), QueueReservationProcess.asked(execution));
    }
}
