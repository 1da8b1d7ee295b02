package io.cordboard.routing.process;

import io.cordboard.flow.CallOf;
import io.cordboard.flow.Step;
import io.cordboard.routing.QueueEntries;
import java.util.List;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** Step {@code awaitAgent}: the caller waits until the matcher finds an agent. */
@Component("awaitAgent")
class AwaitAgentStep implements Step {

    private final QueueEntries entries;
    private final Matcher matcher;

    AwaitAgentStep(QueueEntries entries, Matcher matcher) {
        this.entries = entries;
        this.matcher = matcher;
    }

    @Override
    public Description description() {
        return new Description(
                "Wait for an agent",
                Kind.WAIT,
                "The caller waits until an agent with the skills of the queue is free.",
                List.of(),
                List.of(new Result("agentUsername", "who is asked")));
    }

    @Override
    public void execute(DelegateExecution execution) {
        entries.await(CallOf.execution(execution), execution.getId());
        matcher.matchAfterCommit();
    }
}
