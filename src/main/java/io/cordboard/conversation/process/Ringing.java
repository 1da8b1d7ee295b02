package io.cordboard.conversation.process;

import static io.cordboard.conversation.process.ConversationProcess.AGENT_LEG_ID;
import static io.cordboard.conversation.process.ConversationProcess.PHONE;

import io.cordboard.call.CallState;
import io.cordboard.call.CallerLine;
import io.cordboard.call.Legs;
import io.cordboard.call.OpenCall;
import io.cordboard.shared.LegId;
import io.cordboard.telephony.CarrierEvent.LegEnd;
import io.cordboard.telephony.MediaStep;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.camunda.bpm.engine.RuntimeService;
import org.springframework.stereotype.Component;

/** How the step {@code ringAgent} goes on: a phone wins, or the last one is gone. */
@Component
class Ringing {

    private final Legs legs;
    private final CallerLine line;
    private final RuntimeService runtime;

    Ringing(Legs legs, CallerLine line, RuntimeService runtime) {
        this.legs = legs;
        this.line = line;
        this.runtime = runtime;
    }

    /** The first one wins; a phone that comes when nobody waits for it any more is hung up. */
    void won(OpenCall call, LegId leg) {
        Optional<String> waiting = call.state() == CallState.CONNECTING ? call.stopAwaiting() : Optional.empty();
        waiting.ifPresentOrElse(
                execution -> runtime.signal(
                        execution, null, null, Map.ofEntries(PHONE.with("answered"), AGENT_LEG_ID.with(leg))),
                () -> line.next(call, leg, new MediaStep.HangUp()));
    }

    /** A phone is out of it. When it was the last one, the agent is not to be had. */
    void gone(OpenCall call, LegEnd how) {
        if (legs.open(call.id()).stream().anyMatch(other -> other.kind().equals("agent"))) {
            return;
        }
        LegEnd why = how == LegEnd.COMPLETED ? LegEnd.NO_ANSWER : how;
        call.stopAwaiting()
                .ifPresent(execution -> runtime.signal(
                        execution,
                        null,
                        null,
                        Map.ofEntries(PHONE.with(why.name().toLowerCase(Locale.ROOT)))));
    }
}
