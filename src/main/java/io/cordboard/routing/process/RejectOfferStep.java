package io.cordboard.routing.process;

import static io.cordboard.routing.process.QueueReservationProcess.NOT_AGAIN;
import static io.cordboard.routing.process.QueueReservationProcess.REJECT_REASON;

import io.cordboard.call.Calls;
import io.cordboard.flow.CallOf;
import io.cordboard.routing.Reservations;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Step {@code rejectOffer}: the agent does not take the call; the next one will be asked. */
@Component("rejectOffer")
class RejectOfferStep implements JavaDelegate {

    private final Calls calls;
    private final Reservations reservations;

    RejectOfferStep(Calls calls, Reservations reservations) {
        this.calls = calls;
        this.reservations = reservations;
    }

    @Override
    public void execute(DelegateExecution execution) {
        reservations.reject(
                calls.open(CallOf.execution(execution)).id(),
                QueueReservationProcess.asked(execution),
                REJECT_REASON.optionalIn(execution).orElse(""),
                !NOT_AGAIN.optionalIn(execution).orElse(false));
        // What one agent said is not said by the next.
        execution.removeVariable(REJECT_REASON.name());
        execution.removeVariable(NOT_AGAIN.name());
    }
}
