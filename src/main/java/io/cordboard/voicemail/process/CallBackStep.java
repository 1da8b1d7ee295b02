package io.cordboard.voicemail.process;

import static io.cordboard.voicemail.process.VoicemailProcess.CALL_BACK_RESULT;
import static io.cordboard.voicemail.process.VoicemailProcess.COMPLETED_BY;
import static io.cordboard.voicemail.process.VoicemailProcess.FOLLOW_UP_AGENT;
import static io.cordboard.voicemail.process.VoicemailProcess.VOICEMAIL_ID;

import io.cordboard.agent.Address;
import io.cordboard.agent.Agents;
import io.cordboard.agent.Agents.Agent;
import io.cordboard.call.CallState;
import io.cordboard.call.CallerLine;
import io.cordboard.call.Calls;
import io.cordboard.call.Legs;
import io.cordboard.call.OpenCall;
import io.cordboard.events.EventLog;
import io.cordboard.flow.CallOf;
import io.cordboard.flow.Step;
import io.cordboard.flow.StepSettings;
import io.cordboard.shared.LegId;
import io.cordboard.shared.PhoneNumbers;
import io.cordboard.telephony.CarrierCommand;
import io.cordboard.voicemail.CallBacks;
import io.cordboard.voicemail.process.CallBackRefusedException.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/**
 * Step {@code callBack}: rings all phones of whoever works on the message; when one is picked up the caller is dialled,
 * see {@link CallingBack}.
 */
@Component("callBack")
class CallBackStep implements Step {

    private final Calls calls;
    private final Legs legs;
    private final Agents agents;
    private final CallerLine line;
    private final CallBacks callBacks;
    private final StepSettings settings;
    private final EventLog log;

    CallBackStep(
            Calls calls,
            Legs legs,
            Agents agents,
            CallerLine line,
            CallBacks callBacks,
            StepSettings settings,
            EventLog log) {
        this.calls = calls;
        this.legs = legs;
        this.agents = agents;
        this.line = line;
        this.callBacks = callBacks;
        this.settings = settings;
        this.log = log;
    }

    @Override
    public Description description() {
        return new Description(
                "Call back",
                Kind.WAIT,
                "Rings the agent who works on a message, then dials whoever left it. Goes on when they have talked, or when"
                        + " one of them is not to be had.",
                List.of(Field.duration("ringTimeout", "Ring the agent for", "PT20S", "ISO 8601, for example PT20S.")),
                List.of(new Result(
                        CALL_BACK_RESULT.name(),
                        "answered, busy, no_answer, failed, agent_no_answer, canceled or too_long")));
    }

    @Override
    public void execute(DelegateExecution execution) {
        OpenCall call = calls.open(CallOf.execution(execution));
        Agent agent = who(execution)
                .flatMap(agents::find)
                .filter(found ->
                        call.customer().filter(found.customer()::equals).isPresent())
                .filter(found -> !found.addresses().isEmpty())
                .orElseThrow(() -> new CallBackRefusedException(Reason.NO_PHONE));
        if (!PhoneNumbers.canBeCalled(call.from())) {
            throw new CallBackRefusedException(Reason.NO_NUMBER);
        }
        if (!callBacks.begin(call.id(), agent.id())) {
            throw new CallBackRefusedException(Reason.NOT_FREE);
        }
        Duration ringTimeout = settings.duration(execution, "ringTimeout", Duration.ofSeconds(20));
        call.becomes(CallState.CALLING_BACK);
        call.awaitAnswer(execution.getId());
        for (Address address : agent.addresses()) {
            String phone = address.dialString();
            LegId leg = legs.dialAgent(call, agent.id(), phone, 0);
            line.command(call, new CarrierCommand.Dial(call.id(), leg, phone, call.to(), ringTimeout));
        }
        log.add(
                "voicemail.call_back_started",
                call.id(),
                agent.id(),
                Map.of("voicemail", VOICEMAIL_ID.in(execution).toString()));
    }

    /** Who said so at the task, else whose task it was. */
    private static Optional<String> who(DelegateExecution execution) {
        return COMPLETED_BY
                .optionalIn(execution)
                .or(() -> Optional.ofNullable(execution
                                .getProcessEngineServices()
                                .getIdentityService()
                                .getCurrentAuthentication())
                        .map(login -> login.getUserId()))
                .or(() -> FOLLOW_UP_AGENT.optionalIn(execution));
    }
}
