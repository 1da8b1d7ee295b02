package io.cordboard.call.process;

import io.cordboard.call.AgentAnswers;
import io.cordboard.call.Calls;
import io.cordboard.call.OpenCall;
import io.cordboard.flow.Variable;
import io.cordboard.telephony.CallLocks.LockedCall;
import io.cordboard.telephony.CarrierEvent.Answered;
import io.cordboard.telephony.CarrierEventHandler;
import java.util.Locale;
import java.util.Map;
import org.camunda.bpm.engine.RuntimeService;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The caller's answer continues the step that asked; a late answer to an older question changes nothing. What an agent
 * answers goes to whoever rang the phone.
 */
@Component
class CallerAnswers implements CarrierEventHandler<Answered> {

    private static final Variable<String> DIGITS = Variable.text("digits").transientOnly();
    private static final Variable<String> SPEECH = Variable.text("speech").transientOnly();

    private final Calls calls;
    private final AgentAnswers agents;
    private final RuntimeService runtime;

    CallerAnswers(Calls calls, AgentAnswers agents, RuntimeService runtime) {
        this.calls = calls;
        this.agents = agents;
        this.runtime = runtime;
    }

    @Override
    public Class<Answered> kind() {
        return Answered.class;
    }

    @Override
    public Result handle(Answered event, @Nullable LockedCall locked) {
        if (locked == null) {
            return Result.EARLY;
        }
        OpenCall call = calls.open(locked.call());
        if (!locked.leg().equals(call.callerLeg())) {
            agents.answered(call, locked.leg(), event.token(), event.digits());
            return Result.DONE;
        }
        String speech = event.speech() == null ? "" : event.speech().toLowerCase(Locale.ROOT);
        call.answer(event.token())
                .ifPresent(execution -> runtime.signal(
                        execution, null, null, Map.ofEntries(DIGITS.with(event.digits()), SPEECH.with(speech))));
        return Result.DONE;
    }
}
