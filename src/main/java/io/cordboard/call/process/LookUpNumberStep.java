package io.cordboard.call.process;

import static io.cordboard.call.process.InboundCallProcess.NUMBER_ASSIGNED;

import io.cordboard.call.Calls;
import io.cordboard.flow.CallOf;
import io.cordboard.flow.Step;
import java.util.List;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** Step {@code lookUpNumber}: says whether the number called belongs to a customer. */
@Component("lookUpNumber")
class LookUpNumberStep implements Step {

    private final Calls calls;

    LookUpNumberStep(Calls calls) {
        this.calls = calls;
    }

    @Override
    public Description description() {
        return new Description(
                "Look up number",
                Kind.TASK,
                "Finds out whether the number called belongs to a customer of this installation.",
                List.of(),
                List.of(new Result(NUMBER_ASSIGNED.name(), "true when somebody owns the number")));
    }

    @Override
    public void execute(DelegateExecution execution) {
        NUMBER_ASSIGNED.set(
                execution, calls.open(CallOf.execution(execution)).customer().isPresent());
    }
}
