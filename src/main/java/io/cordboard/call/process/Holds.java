package io.cordboard.call.process;

import io.cordboard.call.Calls;
import io.cordboard.call.Hold;
import io.cordboard.call.OpenCall;
import io.cordboard.events.EventLog;
import io.cordboard.telephony.CallLocks.LockedCall;
import io.cordboard.telephony.CarrierCommand;
import io.cordboard.telephony.CarrierEvent.CommandAccepted;
import io.cordboard.telephony.CarrierEventHandler;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What the carrier made of a wish to put a caller on hold, or off it. Of commands done, these alone move a call. */
@Component
class Holds implements CarrierEventHandler<CommandAccepted> {

    private final Calls calls;
    private final EventLog log;
    private final Clock clock;

    Holds(Calls calls, EventLog log, Clock clock) {
        this.calls = calls;
        this.log = log;
        this.clock = clock;
    }

    @Override
    public Class<CommandAccepted> kind() {
        return CommandAccepted.class;
    }

    @Override
    public Result handle(CommandAccepted event, @Nullable LockedCall locked) {
        if (locked != null && event.command() instanceof CarrierCommand.Hold command) {
            OpenCall call = calls.open(locked.call());
            becomes(
                    call,
                    call.hold().done(command.number(), clock.instant()),
                    command.on() ? "call.held" : "call.resumed");
        }
        return Result.DONE;
    }

    /** Nobody shall believe that a caller is on hold who is not. */
    void refused(OpenCall call, CarrierCommand.Hold command) {
        becomes(
                call,
                call.hold().refused(command.number(), clock.instant()),
                command.on() ? "call.hold_failed" : "call.resume_failed");
    }

    private void becomes(OpenCall call, Hold next, String event) {
        if (!call.hold().equals(next)) {
            call.onHold(next);
            log.add(event, call.id(), call.agent().orElse(null), Map.of());
        }
    }
}
