package io.cordboard.routing.process;

import static io.cordboard.routing.process.QueueReservationProcess.SEARCH;

import io.cordboard.call.Calls;
import io.cordboard.flow.CallOf;
import io.cordboard.flow.Step;
import io.cordboard.routing.QueueEntries;
import io.cordboard.shared.CallId;
import java.util.List;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** Step {@code awaitTurn}: a caller who is to be called back waits for an agent without being on the line. */
@Component("awaitTurn")
class AwaitTurnStep implements Step {

    private final Calls calls;
    private final QueueEntries entries;
    private final Matcher matcher;

    AwaitTurnStep(Calls calls, QueueEntries entries, Matcher matcher) {
        this.calls = calls;
        this.entries = entries;
        this.matcher = matcher;
    }

    @Override
    public Description description() {
        return new Description(
                "Wait for the turn",
                Kind.WAIT,
                "The caller's place in the queue is kept until an agent is free for them.",
                List.of(),
                List.of(new Result(
                        SEARCH.name(),
                        "found when an agent is asked; turn when the caller is to be called first; or called_again")));
    }

    @Override
    public void execute(DelegateExecution execution) {
        CallId call = CallOf.execution(execution);
        calls.open(call).stopAwaiting();
        entries.await(call, execution.getId());
        matcher.matchAfterCommit();
    }
}
