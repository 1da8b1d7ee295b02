package io.cordboard.routing.process;

import static io.cordboard.routing.process.QueueReservationProcess.QUEUES_TRIED;
import static io.cordboard.routing.process.QueueReservationProcess.QUEUE_NAME;

import io.cordboard.flow.Step;
import io.cordboard.flow.StepSettings;
import io.cordboard.flow.StepSettings.InvalidStepSetting;
import java.util.List;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** Step {@code chooseQueue}: notes which queue the caller shall wait in. */
@Component("chooseQueue")
class ChooseQueueStep implements Step {

    private final StepSettings settings;

    ChooseQueueStep(StepSettings settings) {
        this.settings = settings;
    }

    @Override
    public Description description() {
        return new Description(
                "Choose queue",
                Kind.TASK,
                "Notes which queue the caller shall wait in.",
                List.of(Field.text("queue", "Queue", "", true, "The queue's name.")),
                List.of(
                        new Result(QUEUE_NAME.name(), "the queue's name"),
                        new Result(QUEUES_TRIED.name(), "0: no queue was tried yet")));
    }

    @Override
    public void execute(DelegateExecution execution) {
        QUEUES_TRIED.set(execution, 0);
        QUEUE_NAME.set(
                execution,
                settings.text(execution, "queue")
                        .orElseThrow(() -> new InvalidStepSetting("The step '" + execution.getCurrentActivityId()
                                + "' names no queue: fill in its field 'Queue'.")));
    }
}
