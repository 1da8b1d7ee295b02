package io.cordboard.conversation.process;

import static io.cordboard.conversation.process.ConversationProcess.AGENT_LEG_ID;
import static io.cordboard.conversation.process.ConversationProcess.ENDED_BY;
import static io.cordboard.conversation.process.ConversationProcess.LINE_ENDED;
import static io.cordboard.conversation.process.ConversationProcess.PHONE;

import io.cordboard.call.CallState;
import io.cordboard.call.CallerLine;
import io.cordboard.call.Calls;
import io.cordboard.call.LegEndListener;
import io.cordboard.call.Legs;
import io.cordboard.call.OpenCall;
import io.cordboard.shared.AgentId;
import io.cordboard.shared.LegId;
import io.cordboard.telephony.CallLocks.LockedCall;
import io.cordboard.telephony.CarrierEvent.LegEnd;
import io.cordboard.telephony.CarrierEvent.LegPickedUp;
import io.cordboard.telephony.CarrierEventHandler;
import io.cordboard.telephony.MediaStep;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.camunda.bpm.engine.RuntimeService;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What the agent's phones do, told to the conversation: the first one picked up wins, and when a line ends the talk ends. */
@Component
class AgentPhones implements CarrierEventHandler<LegPickedUp>, LegEndListener {

    private final Calls calls;
    private final Legs legs;
    private final CallerLine line;
    private final RuntimeService runtime;

    AgentPhones(Calls calls, Legs legs, CallerLine line, RuntimeService runtime) {
        this.calls = calls;
        this.legs = legs;
        this.line = line;
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
        boolean ringing = legs.pickedUp(
                locked.leg(), Objects.requireNonNull(event.leg().providerLegId(), "the carrier names its leg"));
        Optional<String> waiting =
                ringing && call.state() == CallState.CONNECTING ? call.stopAwaiting() : Optional.empty();
        waiting.ifPresentOrElse(
                execution -> runtime.signal(
                        execution, null, null, Map.ofEntries(PHONE.with("answered"), AGENT_LEG_ID.with(locked.leg()))),
                () -> line.next(call, locked.leg(), new MediaStep.HangUp()));
        return Result.DONE;
    }

    @Override
    public Set<CallState> during() {
        return Set.of(CallState.CONNECTING, CallState.TALKING, CallState.WRAPPING);
    }

    @Override
    public boolean callerGone(OpenCall call, LegEnd how) {
        if (call.state() == CallState.TALKING) {
            endTalk(call, "caller");
        }
        return call.state() != CallState.CONNECTING;
    }

    @Override
    public void agentLegOver(OpenCall call, LegId leg, AgentId agent, LegEnd how) {
        if (call.state() == CallState.TALKING) {
            endTalk(call, "agent");
        } else if (call.state() == CallState.CONNECTING
                && legs.open(call.id()).stream().noneMatch(other -> other.agent() != null)) {
            call.stopAwaiting()
                    .ifPresent(execution -> runtime.signal(
                            execution,
                            null,
                            null,
                            Map.ofEntries(PHONE.with(how.name().toLowerCase(Locale.ROOT)))));
        }
    }

    private void endTalk(OpenCall call, String who) {
        runtime.createMessageCorrelation(LINE_ENDED)
                .processInstanceBusinessKey(call.id().toString())
                .setVariables(Map.ofEntries(ENDED_BY.with(who)))
                .correlate();
    }
}
