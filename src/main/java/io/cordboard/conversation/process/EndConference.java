package io.cordboard.conversation.process;

import static io.cordboard.conversation.process.ConversationProcess.HANDLE_CALL;

import io.cordboard.call.CallState;
import io.cordboard.call.CallerLine;
import io.cordboard.call.Calls;
import io.cordboard.call.Conferences;
import io.cordboard.call.Legs;
import io.cordboard.call.Legs.Leg;
import io.cordboard.call.OpenCall;
import io.cordboard.call.StopCall;
import io.cordboard.customer.Account;
import io.cordboard.events.EventLog;
import io.cordboard.flow.CallTasks;
import io.cordboard.flow.CallTasks.TooLateException;
import io.cordboard.shared.CallId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A conference is ended by somebody with the right to it. The talk in it ends in the agent's place, and the flow goes on to
 * wrap-up. Where nobody should be talking any longer, whoever is still on a line is hung up once more.
 */
@Service
public class EndConference {

    private static final String REASON = "endedBySupervisor";

    private final Conferences conferences;
    private final Calls calls;
    private final Legs legs;
    private final CallerLine line;
    private final CallTasks tasks;
    private final StopCall stopCall;
    private final EventLog events;
    private final TransactionTemplate transaction;

    EndConference(
            Conferences conferences,
            Calls calls,
            Legs legs,
            CallerLine line,
            CallTasks tasks,
            StopCall stopCall,
            EventLog events,
            TransactionTemplate transaction) {
        this.conferences = conferences;
        this.calls = calls;
        this.legs = legs;
        this.line = line;
        this.tasks = tasks;
        this.stopCall = stopCall;
        this.events = events;
        this.transaction = transaction;
    }

    /**
     * @param conference the carrier's id
     * @param by who does it, of the call's customer
     */
    public Outcome end(String conference, Account by) {
        Optional<CallId> call = conferences.callOf(conference, by.customer());
        if (call.isEmpty()) {
            return new NoSuchConference();
        }
        try {
            return CallTasks.untilDecided(() ->
                    Objects.requireNonNull(transaction.execute(status -> end(calls.open(call.get()), conference, by))));
        } catch (TooLateException faster) {
            return new Over();
        }
    }

    private Outcome end(OpenCall call, String conference, Account by) {
        List<Leg> lines = legs.open(call.id());
        if (lines.isEmpty()) {
            return new Over();
        }
        events.add(
                "call.conference_ended",
                call.id(),
                call.agent().orElse(null),
                Map.of("conference", conference, "by", by.username()));
        if (call.state() == CallState.TALKING) {
            call.endsBecause(REASON);
            if (!tasks.completeForWhoever(call.id(), HANDLE_CALL, Map.of())) {
                stopCall.stop(call, REASON);
            }
        } else {
            lines.forEach(leg -> line.hangUp(call, leg.id()));
        }
        return new Ended(call.id(), call.state(), call.endReason().orElse(null));
    }

    /** What came of it. */
    public sealed interface Outcome permits Ended, Over, NoSuchConference {}

    /**
     * @param state what the call is doing now
     * @param reason why it ends
     */
    public record Ended(CallId call, CallState state, @Nullable String reason) implements Outcome {}

    /** It is just over: by the time it could be ended nobody was in it. */
    public record Over() implements Outcome {}

    /** The customer has no such open conference. */
    public record NoSuchConference() implements Outcome {}
}
