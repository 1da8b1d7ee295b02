package io.cordboard.conversation.process;

import static io.cordboard.conversation.process.ConversationProcess.DISPOSITION;
import static io.cordboard.conversation.process.ConversationProcess.DISPOSITIONS;
import static io.cordboard.conversation.process.ConversationProcess.NOTES;

import io.cordboard.call.Calls;
import io.cordboard.call.Notes;
import io.cordboard.call.OpenCall;
import io.cordboard.flow.CallOf;
import io.cordboard.routing.Reservations;
import java.util.List;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Step {@code closeWrapUp}: keeps what the agent wrote and frees them where they are held, also when their time was up. */
@Component("closeWrapUp")
class CloseWrapUpStep implements JavaDelegate {

    private final Calls calls;
    private final Notes notes;
    private final Reservations reservations;

    CloseWrapUpStep(Calls calls, Notes notes, Reservations reservations) {
        this.calls = calls;
        this.notes = notes;
        this.reservations = reservations;
    }

    @Override
    public void execute(DelegateExecution execution) {
        OpenCall call = calls.open(CallOf.execution(execution));
        DISPOSITION.optionalIn(execution).ifPresent(disposition -> {
            refuseUnknown(disposition, execution);
            call.disposedAs(disposition);
        });
        NOTES.optionalIn(execution)
                .ifPresent(text -> notes.add(call.id(), call.agent().orElse(null), text));
        reservations.complete(call.id());
    }

    /** The form offers no other; whoever completes the task past it is told, and the task stays. */
    private static void refuseUnknown(String disposition, DelegateExecution execution) {
        DISPOSITIONS.optionalIn(execution).map(list -> List.of(list.split(","))).ifPresent(allowed -> {
            if (!allowed.contains(disposition)) {
                throw new UnknownDispositionException(disposition, allowed);
            }
        });
    }
}
