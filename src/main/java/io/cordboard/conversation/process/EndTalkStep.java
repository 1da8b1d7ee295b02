package io.cordboard.conversation.process;

import static io.cordboard.conversation.process.ConversationProcess.DISPOSITIONS;
import static io.cordboard.conversation.process.ConversationProcess.ENDED_BY;
import static io.cordboard.conversation.process.ConversationProcess.NOTES;
import static io.cordboard.conversation.process.ConversationProcess.WRAP_UP_LIMIT;
import static io.cordboard.conversation.process.ConversationProcess.WRAP_UP_MODE;
import static io.cordboard.conversation.process.ConversationProcess.WRAP_UP_REQUESTED;
import static io.cordboard.conversation.process.ConversationProcess.WRAP_UP_TIMEOUT;

import io.cordboard.call.CallState;
import io.cordboard.call.CallerLine;
import io.cordboard.call.Calls;
import io.cordboard.call.Legs;
import io.cordboard.call.Legs.Leg;
import io.cordboard.call.Listeners;
import io.cordboard.call.Notes;
import io.cordboard.call.OpenCall;
import io.cordboard.flow.CallOf;
import io.cordboard.routing.Reservations;
import io.cordboard.routing.WrapUp;
import io.cordboard.routing.WrapUpMode;
import io.cordboard.routing.WrapUps;
import io.cordboard.telephony.CarrierEvent.LegEnd;
import java.util.List;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Step {@code endTalk}: nobody hears anybody any longer; how the agent wraps up is known from here on. */
@Component("endTalk")
class EndTalkStep implements JavaDelegate {

    private final Calls calls;
    private final Legs legs;
    private final Listeners listeners;
    private final Notes notes;
    private final CallerLine line;
    private final Reservations reservations;
    private final WrapUps wrapUps;

    EndTalkStep(
            Calls calls,
            Legs legs,
            Listeners listeners,
            Notes notes,
            CallerLine line,
            Reservations reservations,
            WrapUps wrapUps) {
        this.calls = calls;
        this.legs = legs;
        this.listeners = listeners;
        this.notes = notes;
        this.line = line;
        this.reservations = reservations;
        this.wrapUps = wrapUps;
    }

    @Override
    public void execute(DelegateExecution execution) {
        OpenCall call = calls.open(CallOf.execution(execution));
        call.endsBecause(
                ENDED_BY.optionalIn(execution).map(who -> who + "HungUp").orElse("endedByAgent"));
        if (!call.over()) {
            // The conference ends with the caller's leg, and with it the agent's.
            line.hangUp(call, call.callerLeg());
        }
        List<Leg> over = legs.endOthers(call.id(), null, LegEnd.COMPLETED);
        // A phone that rings, or enters this moment, would miss the conference's end; an agent who stays has none.
        over.stream().filter(leg -> leg.listens() || call.agentStays()).forEach(leg -> line.hangUp(call, leg.id()));
        listeners.gone(call.id(), over);
        NOTES.optionalIn(execution)
                .ifPresent(text -> notes.add(call.id(), call.agent().orElse(null), text));
        execution.removeVariable(NOTES.name());
        if (WRAP_UP_REQUESTED.optionalIn(execution).orElse(false)) {
            wrapUps.request(call.id());
        }
        tell(execution, reservations.wrapUp(call.id()));
        call.becomes(CallState.WRAPPING);
    }

    /** The form and the gateway ask for it. A call of a queue with the usual rules has nothing of it to remember. */
    private static void tell(DelegateExecution execution, WrapUp rules) {
        boolean asUsual = rules.mode() == WrapUpMode.FORCED_TIMEOUT;
        (asUsual ? WRAP_UP_MODE.transientOnly() : WRAP_UP_MODE)
                .set(execution, rules.mode().column());
        WRAP_UP_REQUESTED.set(execution, rules.requested());
        WRAP_UP_TIMEOUT.set(execution, rules.timeout().toString());
        WRAP_UP_LIMIT.set(execution, rules.limit().toString());
        if (!rules.dispositions().isEmpty()) {
            DISPOSITIONS.set(execution, String.join(",", rules.dispositions()));
        }
    }
}
