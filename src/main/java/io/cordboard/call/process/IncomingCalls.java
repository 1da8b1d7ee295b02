package io.cordboard.call.process;

import static io.cordboard.call.process.InboundCallProcess.CALLED_NUMBER;
import static io.cordboard.call.process.InboundCallProcess.CALLER_NUMBER;

import io.cordboard.call.Calls;
import io.cordboard.call.OpenCall;
import io.cordboard.events.EventLog;
import io.cordboard.flow.Trial;
import io.cordboard.number.Numbers;
import io.cordboard.number.Numbers.AssignedNumber;
import io.cordboard.shared.PhoneNumbers;
import io.cordboard.telephony.CallLocks.LockedCall;
import io.cordboard.telephony.CarrierEvent.IncomingCall;
import io.cordboard.telephony.CarrierEventHandler;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.camunda.bpm.engine.RuntimeService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** An incoming call becomes one process instance, with the call's id as its business key. */
@Component
class IncomingCalls implements CarrierEventHandler<IncomingCall> {

    private static final Logger log = LoggerFactory.getLogger(IncomingCalls.class);

    private final Calls calls;
    private final Numbers numbers;
    private final RuntimeService runtime;
    private final EventLog events;
    private final Clock clock;

    IncomingCalls(Calls calls, Numbers numbers, RuntimeService runtime, EventLog events, Clock clock) {
        this.calls = calls;
        this.numbers = numbers;
        this.runtime = runtime;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public Class<IncomingCall> kind() {
        return IncomingCall.class;
    }

    @Override
    public Result handle(IncomingCall event, @Nullable LockedCall known) {
        calls.begin(event.leg(), event.from(), event.to(), clock.instant()).ifPresent(this::start);
        return Result.DONE;
    }

    private void start(OpenCall call) {
        Optional<AssignedNumber> number = numbers.find(call.to());
        number.map(AssignedNumber::customer).ifPresent(call::belongsTo);
        String process = number.map(AssignedNumber::process).orElse(InboundCallProcess.ID);
        log.info(
                "Call {} from {} to {} starts {}",
                call.id(),
                PhoneNumbers.masked(call.from()),
                PhoneNumbers.masked(call.to()),
                process);
        events.add("call.started", call.id(), null, Map.of("direction", "inbound"));
        boolean trial = number.map(AssignedNumber::trial).orElse(false);
        String instance = trial ? Trial.starting(() -> begin(process, call)) : begin(process, call);
        call.runsAs(instance);
    }

    private String begin(String process, OpenCall call) {
        return runtime.createProcessInstanceByKey(process)
                .processDefinitionWithoutTenantId()
                .businessKey(call.id().toString())
                .setVariables(Map.ofEntries(CALLER_NUMBER.with(call.from()), CALLED_NUMBER.with(call.to())))
                .execute()
                .getProcessInstanceId();
    }
}
