package io.cordboard.routing.process;

import static io.cordboard.routing.process.QueueReservationProcess.QUEUE_KNOWN;
import static io.cordboard.routing.process.QueueReservationProcess.QUEUE_NAME;

import io.cordboard.call.CallState;
import io.cordboard.call.CallerLine;
import io.cordboard.call.Calls;
import io.cordboard.call.OpenCall;
import io.cordboard.flow.CallOf;
import io.cordboard.flow.Step;
import io.cordboard.flow.StepSettings;
import io.cordboard.routing.QueueEntries;
import io.cordboard.telephony.MediaStep;
import java.util.List;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** Step {@code enterQueue}: puts the caller into a queue, with music. */
@Component("enterQueue")
class EnterQueueStep implements Step {

    private final Calls calls;
    private final QueueEntries entries;
    private final CallerLine line;
    private final StepSettings settings;

    EnterQueueStep(Calls calls, QueueEntries entries, CallerLine line, StepSettings settings) {
        this.calls = calls;
        this.entries = entries;
        this.line = line;
        this.settings = settings;
    }

    @Override
    public Description description() {
        return new Description(
                "Enter queue",
                Kind.TASK,
                "Puts the caller into the queue named by the variable queueName. The caller hears music.",
                List.of(Field.number("priority", "Priority", "0", "A higher number is served first.")),
                List.of(new Result(QUEUE_KNOWN.name(), "false when there is no queue of that name")));
    }

    @Override
    public void execute(DelegateExecution execution) {
        OpenCall call = calls.open(CallOf.execution(execution));
        String queue = QUEUE_NAME.in(execution);
        boolean known = call.customer()
                .map(customer -> entries.enter(call.id(), customer, queue, settings.number(execution, "priority", 0)))
                .orElse(false);
        QUEUE_KNOWN.set(execution, known);
        // Somebody whose agent did not pick up is still in the carrier's queue and goes on hearing its music.
        if (known && call.state() != CallState.CONNECTING) {
            line.next(call, new MediaStep.Enqueue(call.id(), queue));
        }
        if (known) {
            call.becomes(CallState.WAITING);
        }
    }
}
