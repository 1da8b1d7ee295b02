package io.cordboard.conversation.process;

import static io.cordboard.conversation.process.ConversationProcess.AGENT_LEG_ID;
import static io.cordboard.conversation.process.ConversationProcess.CALLER_THERE;

import io.cordboard.call.CallerLine;
import io.cordboard.call.Calls;
import io.cordboard.call.Legs;
import io.cordboard.call.Legs.Leg;
import io.cordboard.call.OpenCall;
import io.cordboard.events.EventLog;
import io.cordboard.flow.CallOf;
import io.cordboard.flow.Step;
import io.cordboard.flow.StepSettings;
import io.cordboard.shared.LegId;
import io.cordboard.telephony.CarrierEvent.LegEnd;
import io.cordboard.telephony.MediaStep;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/**
 * Step {@code connectAgent}: caller and agent meet in the call's conference; the agent's other phones stop ringing, and
 * one that is being asked learns why it is hung up.
 */
@Component("connectAgent")
class ConnectAgentStep implements Step {

    private static final String AGENT_STAYS = "agentStays";
    private static final String WHISPER = "whisper";

    private final Calls calls;
    private final Legs legs;
    private final CallerLine line;
    private final ConfirmByKey confirmation;
    private final StepSettings settings;
    private final EventLog log;
    private final Clock clock;

    ConnectAgentStep(
            Calls calls,
            Legs legs,
            CallerLine line,
            ConfirmByKey confirmation,
            StepSettings settings,
            EventLog log,
            Clock clock) {
        this.calls = calls;
        this.legs = legs;
        this.line = line;
        this.confirmation = confirmation;
        this.settings = settings;
        this.log = log;
        this.clock = clock;
    }

    @Override
    public Description description() {
        return new Description(
                "Connect agent",
                Kind.TASK,
                "Brings caller and agent together; the agent's other phones stop ringing.",
                List.of(
                        Field.longText(
                                WHISPER,
                                "Whisper",
                                "",
                                false,
                                "Said to the agent alone before the two meet, for example: A call from ${queueName}."),
                        Field.text("language", "Language of the whisper", "", false, "For example en-US or de-DE."),
                        Field.yesNo(
                                AGENT_STAYS,
                                "Agent stays",
                                false,
                                "When the caller hangs up, the agent stays in the conference and busy until they end the call.")),
                List.of(new Result(
                        CALLER_THERE.name(), "false when the agent waits for a caller who is to be called back")));
    }

    @Override
    public void execute(DelegateExecution execution) {
        OpenCall call = calls.open(CallOf.execution(execution));
        LegId agentLeg = AGENT_LEG_ID.in(execution);
        for (Leg other : legs.endOthers(call.id(), agentLeg, LegEnd.CANCELED)) {
            if (other.answered()) {
                confirmation.lost(call, other.id());
            } else {
                line.hangUp(call, other.id());
            }
        }
        String language = settings.text(execution, "language").orElse(null);
        Optional.ofNullable(call.ringPlan().whisper())
                .or(() -> settings.text(execution, WHISPER))
                .ifPresent(words -> line.next(call, agentLeg, new MediaStep.Say(words, language)));
        CALLER_THERE.set(execution, !call.awaitsCallBack());
        if (call.awaitsCallBack()) {
            line.next(call, agentLeg, new MediaStep.Say("Calling the caller back.", language));
        }
        line.next(call, agentLeg, new MediaStep.Conference(call.id(), "agent", true, true));
        boolean agentStays = settings.yesNo(execution, AGENT_STAYS, false);
        if (agentStays) {
            call.letAgentStay();
        }
        if (!call.awaitsCallBack()) {
            line.next(call, new MediaStep.Conference(call.id(), "caller", true, !agentStays));
            call.connected(clock.instant());
            log.add("call.connected", call.id(), call.agent().orElse(null), Map.of());
        }
    }
}
