package io.cordboard.routing.process;

import static io.cordboard.routing.process.CallBackProcess.CALLER_REACHED;

import io.cordboard.call.CallerLine;
import io.cordboard.call.Calls;
import io.cordboard.call.Legs;
import io.cordboard.call.OpenCall;
import io.cordboard.events.EventLog;
import io.cordboard.flow.CallOf;
import io.cordboard.flow.Step;
import io.cordboard.flow.StepSettings;
import io.cordboard.shared.LegId;
import io.cordboard.telephony.CarrierCommand;
import io.cordboard.telephony.CarrierEvent.LegEnd;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** Step {@code callCaller}: dials the caller, see {@link CallingCaller}. */
@Component("callCaller")
class CallCallerStep implements Step {

    private final Calls calls;
    private final Legs legs;
    private final CallerLine line;
    private final StepSettings settings;
    private final EventLog log;

    CallCallerStep(Calls calls, Legs legs, CallerLine line, StepSettings settings, EventLog log) {
        this.calls = calls;
        this.legs = legs;
        this.line = line;
        this.settings = settings;
        this.log = log;
    }

    @Override
    public Description description() {
        return new Description(
                "Call the caller",
                Kind.WAIT,
                "Calls back a caller who was promised it, from the number they had called. When an agent has taken the call"
                        + " already, the two are connected at once.",
                List.of(Field.duration("ringTimeout", "Ring for", "PT30S", "ISO 8601, for example PT30S.")),
                List.of(new Result(CALLER_REACHED.name(), "answered, busy, no_answer, failed or canceled")));
    }

    @Override
    public void execute(DelegateExecution execution) {
        OpenCall call = calls.open(CallOf.execution(execution));
        LegId before = call.callerLeg();
        // It was over long ago, unless the carrier forgot to tell.
        legs.ended(before, LegEnd.COMPLETED).ifPresent(forgotten -> line.hangUp(call, before));
        LegId leg = legs.dialCaller(call, call.from());
        call.callsBackOn(leg);
        call.awaitAnswer(execution.getId());
        line.command(
                call,
                new CarrierCommand.Dial(
                        call.id(),
                        leg,
                        call.from(),
                        call.to(),
                        settings.duration(execution, "ringTimeout", Duration.ofSeconds(30))));
        log.add("call_back.started", call.id(), call.agent().orElse(null), Map.of());
    }
}
