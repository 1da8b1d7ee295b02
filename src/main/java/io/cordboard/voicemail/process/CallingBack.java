package io.cordboard.voicemail.process;

import static io.cordboard.voicemail.process.VoicemailProcess.CALL_BACK_RESULT;

import io.cordboard.call.CallEnded;
import io.cordboard.call.CallState;
import io.cordboard.call.CallerLine;
import io.cordboard.call.LegEndListener;
import io.cordboard.call.Legs;
import io.cordboard.call.Legs.Leg;
import io.cordboard.call.OpenCall;
import io.cordboard.call.PickUpListener;
import io.cordboard.events.EventLog;
import io.cordboard.shared.AgentId;
import io.cordboard.shared.LegId;
import io.cordboard.telephony.CarrierCommand;
import io.cordboard.telephony.CarrierEvent.LegEnd;
import io.cordboard.telephony.MediaStep;
import io.cordboard.voicemail.CallBacks;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.camunda.bpm.engine.RuntimeService;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * What happens on the lines while somebody is called back: the agent's first phone that is picked up wins and waits in the
 * call's conference, the caller is dialled and joins it, and when either is gone it is over.
 */
@Component
class CallingBack implements PickUpListener, LegEndListener {

    private static final Duration RING_CALLER = Duration.ofSeconds(30);

    private final Legs legs;
    private final CallerLine line;
    private final CallBacks callBacks;
    private final EventLog log;
    private final RuntimeService runtime;

    CallingBack(Legs legs, CallerLine line, CallBacks callBacks, EventLog log, RuntimeService runtime) {
        this.legs = legs;
        this.line = line;
        this.callBacks = callBacks;
        this.log = log;
        this.runtime = runtime;
    }

    @Override
    public Set<CallState> during() {
        return Set.of(CallState.CALLING_BACK);
    }

    @Override
    public void pickedUp(OpenCall call, Leg leg) {
        if (leg.external()) {
            callBacks.answered(call.id());
            line.next(call, leg.id(), new MediaStep.Conference(call.id(), "external", true, true));
            return;
        }
        legs.endOthers(call.id(), leg.id(), LegEnd.CANCELED).forEach(other -> line.hangUp(call, other.id()));
        line.next(call, leg.id(), new MediaStep.Say("Calling the one who left a message.", null));
        line.next(call, leg.id(), new MediaStep.Conference(call.id(), "agent", true, true));
        LegId caller = legs.dialExternal(call, call.from());
        line.command(call, new CarrierCommand.Dial(call.id(), caller, call.from(), call.to(), RING_CALLER));
    }

    /** Their own leg is over for long; the carrier only tells late. */
    @Override
    public boolean callerGone(OpenCall call, LegEnd how) {
        return true;
    }

    @Override
    public void agentLegOver(OpenCall call, LegId leg, AgentId agent, LegEnd how) {
        List<Leg> left = legs.open(call.id());
        if (left.stream().anyMatch(Leg::external)) {
            over(call, "canceled");
        } else if (left.stream().noneMatch(other -> other.kind().equals("agent"))) {
            over(call, "agent_no_answer");
        }
    }

    @Override
    public void externalLegOver(OpenCall call, LegId leg, LegEnd how) {
        over(call, how == LegEnd.COMPLETED ? "no_answer" : how.name().toLowerCase(Locale.ROOT));
    }

    private void over(OpenCall call, String unanswered) {
        Optional<String> waiting = call.stopAwaiting();
        String result = end(call, unanswered);
        waiting.ifPresent(
                execution -> runtime.signal(execution, null, null, Map.ofEntries(CALL_BACK_RESULT.with(result))));
    }

    /** Nobody is on the line any longer, and the message waits again to be worked on. */
    String end(OpenCall call, String unanswered) {
        Optional<CallBacks.Ended> ended = callBacks.end(call.id(), unanswered);
        boolean answered = ended.filter(CallBacks.Ended::answered).isPresent();
        for (Leg leg : legs.endOthers(call.id(), null, LegEnd.COMPLETED)) {
            if (leg.answered() && !answered) {
                tell(call, leg.id());
            } else {
                line.hangUp(call, leg.id());
            }
        }
        call.becomes(CallState.FOLLOW_UP);
        ended.ifPresent(it -> log.add(
                "voicemail.call_back_ended",
                call.id(),
                it.agent(),
                Map.of("voicemail", it.voicemail(), "outcome", it.outcome())));
        return ended.map(CallBacks.Ended::outcome).orElse(unanswered);
    }

    /** The agent waits in the conference and learns why it ends. */
    private void tell(OpenCall call, LegId agent) {
        line.command(
                call,
                new CarrierCommand.Perform(
                        call.id(),
                        agent,
                        List.of(
                                new MediaStep.Say("The call was not answered. Goodbye.", null),
                                new MediaStep.HangUp())));
    }

    /** Somebody stopped the call's process. Only a call that left a message can be called back. */
    @EventListener
    void on(CallEnded event) {
        if (event.call().endReason().filter("voicemail"::equals).isPresent()) {
            callBacks.end(event.call().id(), "canceled");
        }
    }
}
