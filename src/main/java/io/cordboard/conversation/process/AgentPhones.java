package io.cordboard.conversation.process;

import static io.cordboard.conversation.process.ConversationProcess.ENDED_BY;
import static io.cordboard.conversation.process.ConversationProcess.LINE_ENDED;

import io.cordboard.call.CallState;
import io.cordboard.call.CallerLine;
import io.cordboard.call.Calls;
import io.cordboard.call.LegEndListener;
import io.cordboard.call.Legs;
import io.cordboard.call.Legs.Leg;
import io.cordboard.call.OpenCall;
import io.cordboard.call.PickUpListener;
import io.cordboard.shared.AgentId;
import io.cordboard.shared.LegId;
import io.cordboard.telephony.CallLocks.LockedCall;
import io.cordboard.telephony.CarrierEvent.LegEnd;
import io.cordboard.telephony.CarrierEvent.LegPickedUp;
import io.cordboard.telephony.CarrierEventHandler;
import io.cordboard.telephony.MediaStep;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.camunda.bpm.engine.RuntimeService;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * What the agent's phones do, told to the conversation: the first one picked up wins, unless it has to confirm first, and
 * when a line ends the talk ends, unless the flow lets the agent stay. A phone of somebody who listens, or that another
 * module dialled, is none of the conversation's business.
 */
@Component
class AgentPhones implements CarrierEventHandler<LegPickedUp>, LegEndListener {

    private final Calls calls;
    private final Legs legs;
    private final CallerLine line;
    private final Ringing ringing;
    private final ConfirmByKey confirmation;
    private final ListenIn listenIn;
    private final List<PickUpListener> others;
    private final RuntimeService runtime;

    AgentPhones(
            Calls calls,
            Legs legs,
            CallerLine line,
            Ringing ringing,
            ConfirmByKey confirmation,
            ListenIn listenIn,
            List<PickUpListener> others,
            RuntimeService runtime) {
        this.calls = calls;
        this.legs = legs;
        this.line = line;
        this.ringing = ringing;
        this.confirmation = confirmation;
        this.listenIn = listenIn;
        this.others = others;
        this.runtime = runtime;
    }

    @Override
    public Class<LegPickedUp> kind() {
        return LegPickedUp.class;
    }

    @Override
    public Result handle(LegPickedUp event, @Nullable LockedCall locked) {
        if (locked == null) {
            return Result.EARLY;
        }
        OpenCall call = calls.open(locked.call());
        Optional<Leg> phone = legs.pickedUp(
                locked.leg(), Objects.requireNonNull(event.leg().providerLegId(), "the carrier names its leg"));
        Optional<PickUpListener> other = others.stream()
                .filter(candidate -> candidate.during().contains(call.state()))
                .findFirst();
        if (phone.isEmpty()) {
            line.next(call, locked.leg(), new MediaStep.HangUp());
        } else if (phone.get().listens()) {
            listenIn.pickedUp(call, phone.get());
        } else if (other.isPresent()) {
            other.get().pickedUp(call, phone.get());
        } else if (phone.get().questionsLeft() > 0) {
            confirmation.pickedUp(call, locked.leg());
        } else {
            ringing.won(call, locked.leg());
        }
        return Result.DONE;
    }

    @Override
    public Set<CallState> during() {
        return Set.of(CallState.CONNECTING, CallState.TALKING, CallState.WRAPPING);
    }

    @Override
    public boolean callerGone(OpenCall call, LegEnd how) {
        if (call.awaitsCallBack()) {
            return true; // they are not on the line, and need not be
        }
        if (call.state() == CallState.TALKING && !call.agentStays()) {
            endTalk(call, "caller");
        }
        return call.state() != CallState.CONNECTING;
    }

    @Override
    public void agentLegOver(OpenCall call, LegId leg, AgentId agent, LegEnd how) {
        if (call.state() == CallState.TALKING) {
            endTalk(call, "agent");
        } else if (call.state() == CallState.CONNECTING) {
            ringing.gone(call, how);
        }
    }

    private void endTalk(OpenCall call, String who) {
        runtime.createMessageCorrelation(LINE_ENDED)
                .processInstanceBusinessKey(call.id().toString())
                .setVariables(Map.ofEntries(ENDED_BY.with(who)))
                .correlate();
    }
}
