package io.cordboard.routing.process;

import static io.cordboard.routing.process.CallBackProcess.CALLER_REACHED;

import io.cordboard.call.CallState;
import io.cordboard.call.CallerLine;
import io.cordboard.call.LegEndListener;
import io.cordboard.call.Legs;
import io.cordboard.call.Legs.Leg;
import io.cordboard.call.OpenCall;
import io.cordboard.call.PickUpListener;
import io.cordboard.events.EventLog;
import io.cordboard.flow.Variable;
import io.cordboard.shared.AgentId;
import io.cordboard.shared.LegId;
import io.cordboard.telephony.CarrierEvent.LegEnd;
import io.cordboard.telephony.MediaStep;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.camunda.bpm.engine.RuntimeService;
import org.springframework.stereotype.Component;

/**
 * What happens on the lines while a caller is promised a call back, or called: the end of the old line lets the flow look
 * again, and the new one is picked up or not.
 */
@Component
class CallingCaller implements PickUpListener, LegEndListener {

    private static final Variable<String> DIGITS = Variable.text("digits").transientOnly();
    private static final Variable<String> SPEECH = Variable.text("speech").transientOnly();

    private final Legs legs;
    private final CallerLine line;
    private final RuntimeService runtime;
    private final EventLog log;
    private final Clock clock;

    CallingCaller(Legs legs, CallerLine line, RuntimeService runtime, EventLog log, Clock clock) {
        this.legs = legs;
        this.line = line;
        this.runtime = runtime;
        this.log = log;
        this.clock = clock;
    }

    @Override
    public Set<CallState> during() {
        return Set.of(CallState.AWAITING_CALL_BACK, CallState.CALLING_CALLER);
    }

    @Override
    public void pickedUp(OpenCall call, Leg leg) {
        if (!leg.id().equals(call.callerLeg())) {
            line.next(call, leg.id(), new MediaStep.HangUp());
            return;
        }
        call.agent().ifPresent(agent -> {
            line.next(call, new MediaStep.Conference(call.id(), "caller", true, !call.agentStays()));
            call.callerIsBack();
            call.connected(clock.instant());
            log.add("call.connected", call.id(), agent, Map.of());
        });
        goOn(call, "answered");
    }

    /** They did not pick up, or hung up before they were connected. */
    @Override
    public boolean callerGone(OpenCall call, LegEnd how) {
        missed(call, (how == LegEnd.COMPLETED ? LegEnd.NO_ANSWER : how).name().toLowerCase(Locale.ROOT));
        return true;
    }

    @Override
    public void agentLegOver(OpenCall call, LegId leg, AgentId agent, LegEnd how) {
        if (legs.open(call.id()).stream().noneMatch(other -> other.kind().equals("agent"))) {
            line.hangUp(call, call.callerLeg());
            missed(call, "canceled");
        }
    }

    private void missed(OpenCall call, String why) {
        if (call.state() == CallState.CALLING_CALLER) {
            log.add("call_back.missed", call.id(), call.agent().orElse(null), Map.of("outcome", why));
        }
        goOn(call, why);
    }

    private void goOn(OpenCall call, String reached) {
        call.stopAwaiting()
                .ifPresent(execution -> runtime.signal(
                        execution,
                        null,
                        null,
                        Map.ofEntries(CALLER_REACHED.with(reached), DIGITS.with(""), SPEECH.with(""))));
    }
}
