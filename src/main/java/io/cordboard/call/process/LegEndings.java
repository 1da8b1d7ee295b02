package io.cordboard.call.process;

import io.cordboard.call.CallState;
import io.cordboard.call.Calls;
import io.cordboard.call.LegEndListener;
import io.cordboard.call.Legs;
import io.cordboard.call.Legs.Leg;
import io.cordboard.call.Listeners;
import io.cordboard.call.OpenCall;
import io.cordboard.call.StopCall;
import io.cordboard.shared.AgentId;
import io.cordboard.telephony.CallLocks.LockedCall;
import io.cordboard.telephony.CarrierEvent.LegEnd;
import io.cordboard.telephony.CarrierEvent.LegEnded;
import io.cordboard.telephony.CarrierEventHandler;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** A leg is over: the module that deals with the call at that moment is told, else the caller's hang-up ends the call. */
@Component
class LegEndings implements CarrierEventHandler<LegEnded> {

    private static final String CALLER_HUNG_UP_REASON = "callerHungUp";

    private final Calls calls;
    private final Legs legs;
    private final Listeners listening;
    private final StopCall stopCall;
    private final List<LegEndListener> listeners;
    private final Clock clock;

    LegEndings(
            Calls calls,
            Legs legs,
            Listeners listening,
            StopCall stopCall,
            List<LegEndListener> listeners,
            Clock clock) {
        this.calls = calls;
        this.legs = legs;
        this.listening = listening;
        this.stopCall = stopCall;
        this.listeners = listeners;
        this.clock = clock;
    }

    @Override
    public Class<LegEnded> kind() {
        return LegEnded.class;
    }

    @Override
    public Result handle(LegEnded event, @Nullable LockedCall locked) {
        if (locked == null) {
            return Result.EARLY;
        }
        Optional<Leg> ended = legs.ended(locked.leg(), event.how());
        if (ended.isPresent()) {
            over(calls.open(locked.call()), ended.get(), event.how());
        }
        return Result.DONE;
    }

    /** Also for a leg that never came to be because its dialling failed. */
    void over(OpenCall call, Leg leg, LegEnd how) {
        Optional<LegEndListener> listener = listeners.stream()
                .filter(candidate -> candidate.during().contains(call.state()))
                .findFirst();
        AgentId agent = leg.agent();
        if (agent != null && leg.listens()) {
            listening.lineOver(call.id(), agent, how);
            return;
        }
        if (agent != null) {
            listener.ifPresent(it -> it.agentLegOver(call, leg.id(), agent, how));
            return;
        }
        if (leg.external()) {
            listener.ifPresent(it -> it.externalLegOver(call, leg.id(), how));
            return;
        }
        if (!leg.id().equals(call.callerLeg())) {
            return; // a line of before the caller was called back
        }
        if (!call.awaitsCallBack()) {
            call.callerGone(clock.instant());
        }
        if (call.state() != CallState.ENDED
                && !listener.map(it -> it.callerGone(call, how)).orElse(false)) {
            stopCall.abandon(call, CALLER_HUNG_UP_REASON);
        }
    }
}
