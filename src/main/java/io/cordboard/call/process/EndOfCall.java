package io.cordboard.call.process;

import io.cordboard.call.CallEnded;
import io.cordboard.call.CallState;
import io.cordboard.call.CallerLine;
import io.cordboard.call.Calls;
import io.cordboard.call.Legs;
import io.cordboard.call.Legs.Leg;
import io.cordboard.call.Listeners;
import io.cordboard.call.OpenCall;
import io.cordboard.call.StopCall;
import io.cordboard.events.EventLog;
import io.cordboard.shared.CallId;
import io.cordboard.telephony.CarrierEvent.LegEnd;
import io.cordboard.telephony.MediaStep;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.ExecutionListener;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/**
 * Ends the call when its process ends, on whatever path: an end event, a hang-up, or an operator who stopped it. No model
 * can forget it: every line is hung up, and whoever holds something for the call lets go of it.
 */
@Component
class EndOfCall implements ExecutionListener, StopCall {

    private final Calls calls;
    private final Legs legs;
    private final Listeners listeners;
    private final CallerLine line;
    private final EventLog log;
    private final RuntimeService runtime;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    EndOfCall(
            Calls calls,
            Legs legs,
            Listeners listeners,
            CallerLine line,
            EventLog log,
            RuntimeService runtime,
            ApplicationEventPublisher events,
            Clock clock) {
        this.calls = calls;
        this.legs = legs;
        this.listeners = listeners;
        this.line = line;
        this.log = log;
        this.runtime = runtime;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public void notify(DelegateExecution execution) {
        if (execution.getSuperExecution() == null) {
            call(execution).ifPresent(call -> end(call, reason(execution)));
        }
    }

    @Override
    public void abandon(OpenCall call, String reason) {
        call.endsBecause(reason);
        boolean drawn = call.processInstance()
                .map(instance -> !runtime.createMessageCorrelation(InboundCallProcess.CALLER_HUNG_UP)
                        .processInstanceId(instance)
                        .correlateAllWithResult()
                        .isEmpty())
                .orElse(false);
        if (!drawn) {
            stop(call, reason);
        }
    }

    @Override
    public void stop(OpenCall call, String reason) {
        call.endsBecause(reason);
        call.processInstance()
                .filter(this::runs)
                .ifPresentOrElse(instance -> runtime.deleteProcessInstance(instance, reason), () -> end(call, reason));
    }

    private boolean runs(String instance) {
        return runtime.createProcessInstanceQuery().processInstanceId(instance).count() > 0;
    }

    private Optional<OpenCall> call(DelegateExecution execution) {
        String key = execution.getProcessBusinessKey();
        try {
            return key == null ? Optional.empty() : calls.find(CallId.of(key));
        } catch (IllegalArgumentException notACall) {
            return Optional.empty();
        }
    }

    private static String reason(DelegateExecution execution) {
        String end = execution.getCurrentActivityId();
        return end == null ? "stopped" : end.replaceFirst("^endEvent_", "");
    }

    private void end(OpenCall call, String reason) {
        List<Leg> over = legs.endOthers(call.id(), null, LegEnd.COMPLETED);
        over.forEach(leg -> line.hangUp(call, leg.id()));
        listeners.gone(call.id(), over);
        if (call.awaitsCallBack()) {
            line.hangUp(call, call.callerLeg());
            call.callerGone(clock.instant());
        } else {
            line.next(call, new MediaStep.HangUp());
        }
        call.endsBecause(reason);
        call.becomes(CallState.ENDED);
        log.add("call.ended", call.id(), null, Map.of("reason", call.endReason().orElse(reason)));
        events.publishEvent(new CallEnded(call));
    }
}
