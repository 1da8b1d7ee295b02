package io.cordboard.call.process;

import io.cordboard.call.CallerLine;
import io.cordboard.call.Calls;
import io.cordboard.call.Legs;
import io.cordboard.telephony.CallLocks.LockedCall;
import io.cordboard.telephony.CarrierCommand;
import io.cordboard.telephony.CarrierEvent.CommandFailed;
import io.cordboard.telephony.CarrierEvent.LegEnd;
import io.cordboard.telephony.CarrierEventHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * A phone that could not be dialled is a leg that is over. Who listens and of whom nobody knows any more by whom they are
 * heard is hung up, and a caller who cannot be put on hold, or off it, stays as they are. Other commands that failed are
 * only reported.
 */
@Component
class FailedCommands implements CarrierEventHandler<CommandFailed> {

    private static final Logger log = LoggerFactory.getLogger(FailedCommands.class);

    private final Calls calls;
    private final Legs legs;
    private final LegEndings endings;
    private final CallerLine line;
    private final Holds holds;

    FailedCommands(Calls calls, Legs legs, LegEndings endings, CallerLine line, Holds holds) {
        this.calls = calls;
        this.legs = legs;
        this.endings = endings;
        this.line = line;
        this.holds = holds;
    }

    @Override
    public Class<CommandFailed> kind() {
        return CommandFailed.class;
    }

    @Override
    public Result handle(CommandFailed event, @Nullable LockedCall locked) {
        if (locked == null) {
            return Result.DONE;
        }
        log.warn(
                "Call {}: {} failed: {}",
                locked.call(),
                event.command().getClass().getSimpleName(),
                event.reason());
        if (event.command() instanceof CarrierCommand.Dial) {
            legs.ended(locked.leg(), LegEnd.FAILED)
                    .ifPresent(leg -> endings.over(calls.open(locked.call()), leg, LegEnd.FAILED));
        } else if (event.command() instanceof CarrierCommand.ChangeListening && !locked.legOver()) {
            line.hangUp(calls.open(locked.call()), locked.leg());
        } else if (event.command() instanceof CarrierCommand.Hold hold) {
            holds.refused(calls.open(locked.call()), hold);
        }
        return Result.DONE;
    }
}
