package io.cordboard.routing.process;

import io.cordboard.call.Calls;
import io.cordboard.call.OpenCall;
import io.cordboard.flow.CallOf;
import io.cordboard.flow.Step;
import io.cordboard.flow.StepSettings;
import io.cordboard.routing.QueueEntries;
import java.util.List;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** Step {@code leaveQueue}: takes the caller out of the queue without an agent. */
@Component("leaveQueue")
class LeaveQueueStep implements Step {

    private final Calls calls;
    private final QueueEntries entries;
    private final StepSettings settings;

    LeaveQueueStep(Calls calls, QueueEntries entries, StepSettings settings) {
        this.calls = calls;
        this.entries = entries;
        this.settings = settings;
    }

    @Override
    public Description description() {
        return new Description(
                "Leave queue",
                Kind.TASK,
                "Takes the caller out of the queue without an agent.",
                List.of(Field.text("exit", "Reason", "timeout", true, "Shown in lists and statistics.")),
                List.of());
    }

    @Override
    public void execute(DelegateExecution execution) {
        OpenCall call = calls.open(CallOf.execution(execution));
        entries.leave(call.id(), settings.text(execution, "exit").orElse("left"));
    }
}
