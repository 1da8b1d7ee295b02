package io.cordboard.routing.process;

import static io.cordboard.routing.process.QueueReservationProcess.ASKING;
import static io.cordboard.routing.process.QueueReservationProcess.QUEUE_NAME;
import static io.cordboard.routing.process.QueueReservationProcess.WAIT_TIMEOUT;

import io.cordboard.call.CallState;
import io.cordboard.call.CallerLine;
import io.cordboard.call.Calls;
import io.cordboard.call.OpenCall;
import io.cordboard.flow.CallOf;
import io.cordboard.flow.Step;
import io.cordboard.routing.CallBackPromises;
import io.cordboard.routing.QueueEntries;
import io.cordboard.routing.QueueEntries.Entered;
import io.cordboard.telephony.MediaStep;
import java.util.List;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** Step {@code backInLine}: the caller waits on the line, with music, in the place of before. */
@Component("backInLine")
class BackInLineStep implements Step {

    private final Calls calls;
    private final CallerLine line;
    private final CallBackPromises promises;
    private final QueueEntries entries;

    BackInLineStep(Calls calls, CallerLine line, CallBackPromises promises, QueueEntries entries) {
        this.calls = calls;
        this.line = line;
        this.promises = promises;
        this.entries = entries;
    }

    @Override
    public Description description() {
        return new Description(
                "Back in line",
                Kind.TASK,
                "The caller waits on the line, with music, in the place they had; after a call back the maximum wait begins"
                        + " anew. One who is to be called back, and for whom an agent is held, is left alone.",
                List.of(),
                List.of(
                        new Result(ASKING.name(), "how many agents are asked at the same time"),
                        new Result(WAIT_TIMEOUT.name(), "how long the caller may wait")));
    }

    @Override
    public void execute(DelegateExecution execution) {
        OpenCall call = calls.open(CallOf.execution(execution));
        boolean held = call.state() == CallState.AWAITING_CALL_BACK;
        if (!held) {
            call.callerIsBack();
            call.becomes(CallState.WAITING);
            promises.onTheLine(call.id());
            line.next(call, new MediaStep.Enqueue(call.id(), QUEUE_NAME.in(execution)));
        }
        Entered stay = entries.stay(call.id()).orElse(Entered.NOWHERE);
        ASKING.set(execution, held ? 1 : stay.asking());
        WAIT_TIMEOUT.set(execution, stay.timeLeft().toString());
    }
}
