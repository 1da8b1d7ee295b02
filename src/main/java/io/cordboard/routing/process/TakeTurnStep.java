package io.cordboard.routing.process;

import static io.cordboard.routing.process.QueueReservationProcess.TURN_IN;

import io.cordboard.flow.CallOf;
import io.cordboard.flow.Step;
import io.cordboard.routing.QueueEntries;
import java.util.List;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** Step {@code takeTurn}: says when one of several agents is asked. */
@Component("takeTurn")
class TakeTurnStep implements Step {

    private final QueueEntries entries;

    TakeTurnStep(QueueEntries entries) {
        this.entries = entries;
    }

    @Override
    public Description description() {
        return new Description(
                "Take turn",
                Kind.TASK,
                "Says when one of several agents is asked: at once, or, in a queue that asks progressively, one more after each"
                        + " interval.",
                List.of(),
                List.of(new Result(TURN_IN.name(), "how long until then, PT0S for now")));
    }

    @Override
    public void execute(DelegateExecution execution) {
        int before = (Integer) execution.getVariable("loopCounter");
        TURN_IN.setHere(
                execution,
                entries.askInterval(CallOf.execution(execution))
                        .multipliedBy(before)
                        .toString());
    }
}
