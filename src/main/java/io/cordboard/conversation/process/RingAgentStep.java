package io.cordboard.conversation.process;

import io.cordboard.agent.Address;
import io.cordboard.agent.Agents;
import io.cordboard.agent.Agents.Agent;
import io.cordboard.call.CallState;
import io.cordboard.call.CallerLine;
import io.cordboard.call.Calls;
import io.cordboard.call.Legs;
import io.cordboard.call.OpenCall;
import io.cordboard.call.RingPlan;
import io.cordboard.flow.CallOf;
import io.cordboard.flow.Step;
import io.cordboard.flow.StepSettings;
import io.cordboard.shared.LegId;
import io.cordboard.telephony.CarrierCommand;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/**
 * Step {@code ringAgent}: rings all phones of the agent who took the call and waits for the first to be picked up, or to
 * confirm with a key that a person picked it up.
 */
@Component("ringAgent")
class RingAgentStep implements Step {

    private final Calls calls;
    private final Legs legs;
    private final Agents agents;
    private final CallerLine line;
    private final StepSettings settings;

    RingAgentStep(Calls calls, Legs legs, Agents agents, CallerLine line, StepSettings settings) {
        this.calls = calls;
        this.legs = legs;
        this.agents = agents;
        this.line = line;
        this.settings = settings;
    }

    @Override
    public Description description() {
        return new Description(
                "Ring agent",
                Kind.WAIT,
                "Rings all phones of the agent who took the call at once. The first one picked up wins.",
                List.of(
                        Field.duration("ringTimeout", "Ring for", "PT20S", "ISO 8601, for example PT20S."),
                        Field.yesNo(
                                "confirmByKey",
                                "Confirm by key",
                                false,
                                "Whoever picks up hears who calls and has to press 1, so that no answering machine wins.")),
                List.of(
                        new Result(ConversationProcess.PHONE.name(), "answered, or busy, no_answer, failed, canceled"),
                        new Result(ConversationProcess.AGENT_USERNAME.name(), "whose tasks the call's are")));
    }

    @Override
    public void execute(DelegateExecution execution) {
        OpenCall call = calls.open(CallOf.execution(execution));
        Agent agent = call.agent()
                .flatMap(agents::find)
                .orElseThrow(() -> new IllegalStateException("No agent has taken the call " + call.id() + "."));
        ConversationProcess.AGENT_USERNAME.set(execution, agent.username());
        RingPlan plan = call.ringPlan();
        Duration ringTimeout = Optional.ofNullable(plan.ringFor())
                .orElseGet(() -> settings.duration(execution, "ringTimeout", Duration.ofSeconds(20)));
        int questions = settings.yesNo(execution, "confirmByKey", false) ? ConfirmByKey.QUESTIONS : 0;
        call.becomes(CallState.CONNECTING);
        call.awaitAnswer(execution.getId());
        List<String> phones = plan.to() != null
                ? List.of(plan.to())
                : agent.addresses().stream().map(Address::dialString).toList();
        for (String phone : phones) {
            LegId leg = legs.dialAgent(call, agent.id(), phone, questions);
            line.command(call, new CarrierCommand.Dial(call.id(), leg, phone, call.to(), ringTimeout));
        }
    }
}
