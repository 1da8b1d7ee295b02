package io.cordboard.routing.process;

import static io.cordboard.routing.process.QueueReservationProcess.EXIT;
import static io.cordboard.routing.process.QueueReservationProcess.OFFER_TAKEN;
import static io.cordboard.routing.process.QueueReservationProcess.QUEUES_TRIED;

import io.cordboard.call.Calls;
import io.cordboard.call.OpenCall;
import io.cordboard.flow.CallOf;
import io.cordboard.flow.Step;
import io.cordboard.flow.StepSettings;
import io.cordboard.routing.QueueEntries;
import io.cordboard.routing.Reservations;
import java.util.List;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** Step {@code leaveQueue}: takes the caller out of the queue without an agent. */
@Component("leaveQueue")
class LeaveQueueStep implements Step {

    private final Calls calls;
    private final QueueEntries entries;
    private final Reservations reservations;
    private final StepSettings settings;

    LeaveQueueStep(Calls calls, QueueEntries entries, Reservations reservations, StepSettings settings) {
        this.calls = calls;
        this.entries = entries;
        this.reservations = reservations;
        this.settings = settings;
    }

    @Override
    public Description description() {
        return new Description(
                "Leave queue",
                Kind.TASK,
                "Takes the caller out of the queue without an agent. Whoever is being asked is free again.",
                List.of(Field.text("exit", "Reason", "timeout", true, "Shown in lists and statistics.")),
                List.of(
                        new Result(EXIT.name(), "the reason"),
                        new Result(QUEUES_TRIED.name(), "how many queues did not bring an agent, this one included")));
    }

    @Override
    public void execute(DelegateExecution execution) {
        OpenCall call = calls.open(CallOf.execution(execution));
        String exit =
                CallBackProcess.exit(call, settings.text(execution, "exit").orElse("left"));
        call.stopAwaiting();
        reservations.withdraw(call.id());
        entries.leave(call.id(), exit);
        EXIT.set(execution, exit);
        OFFER_TAKEN.set(execution, false);
        QUEUES_TRIED.set(execution, entries.tried(call.id()));
    }
}
