package io.cordboard.conversation.process;

import static io.cordboard.conversation.process.ConversationProcess.AGENT_MISSED;
import static io.cordboard.conversation.process.ConversationProcess.PHONE;

import io.cordboard.call.CallerLine;
import io.cordboard.call.Calls;
import io.cordboard.call.Legs;
import io.cordboard.call.Legs.Leg;
import io.cordboard.call.OpenCall;
import io.cordboard.flow.CallOf;
import io.cordboard.routing.Reservations;
import io.cordboard.telephony.CarrierEvent.LegEnd;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Step {@code missAgent}: the agent accepted but no phone was picked up; the caller goes back to the queue. */
@Component("missAgent")
class MissAgentStep implements JavaDelegate {

    private final Calls calls;
    private final Legs legs;
    private final CallerLine line;
    private final Reservations reservations;

    MissAgentStep(Calls calls, Legs legs, CallerLine line, Reservations reservations) {
        this.calls = calls;
        this.legs = legs;
        this.line = line;
        this.reservations = reservations;
    }

    @Override
    public void execute(DelegateExecution execution) {
        OpenCall call = calls.open(CallOf.execution(execution));
        call.stopAwaiting();
        for (Leg ringing : legs.endOthers(call.id(), null, LegEnd.NO_ANSWER)) {
            line.hangUp(call, ringing.id());
        }
        reservations.unanswered(call.id(), PHONE.optionalIn(execution).orElse("no_answer"));
        call.givenBack();
        AGENT_MISSED.set(execution, true);
    }
}
