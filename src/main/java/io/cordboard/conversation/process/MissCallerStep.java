package io.cordboard.conversation.process;

import static io.cordboard.conversation.process.ConversationProcess.CALLER_MISSED;

import io.cordboard.call.CallerLine;
import io.cordboard.call.Calls;
import io.cordboard.call.Legs;
import io.cordboard.call.Legs.Leg;
import io.cordboard.call.OpenCall;
import io.cordboard.flow.CallOf;
import io.cordboard.routing.Reservations;
import io.cordboard.telephony.CarrierCommand;
import io.cordboard.telephony.CarrierEvent.LegEnd;
import io.cordboard.telephony.MediaStep;
import java.util.List;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Step {@code missCaller}: the caller could not be called back; the agent hears so and is free again. */
@Component("missCaller")
class MissCallerStep implements JavaDelegate {

    private final Calls calls;
    private final Legs legs;
    private final CallerLine line;
    private final Reservations reservations;

    MissCallerStep(Calls calls, Legs legs, CallerLine line, Reservations reservations) {
        this.calls = calls;
        this.legs = legs;
        this.line = line;
        this.reservations = reservations;
    }

    @Override
    public void execute(DelegateExecution execution) {
        OpenCall call = calls.open(CallOf.execution(execution));
        call.stopAwaiting();
        line.hangUp(call, call.callerLeg());
        for (Leg agent : legs.endOthers(call.id(), null, LegEnd.COMPLETED)) {
            line.command(
                    call,
                    new CarrierCommand.Perform(
                            call.id(),
                            agent.id(),
                            List.of(
                                    new MediaStep.Say("The caller could not be reached. Goodbye.", null),
                                    new MediaStep.HangUp())));
        }
        reservations.release(call.id());
        call.givenBack();
        CALLER_MISSED.set(execution, true);
    }
}
