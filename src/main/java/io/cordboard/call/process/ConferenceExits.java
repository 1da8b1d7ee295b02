package io.cordboard.call.process;

import io.cordboard.call.CallerLine;
import io.cordboard.call.Calls;
import io.cordboard.telephony.CallLocks.LockedCall;
import io.cordboard.telephony.CarrierEvent.ConferenceLeft;
import io.cordboard.telephony.CarrierEventHandler;
import io.cordboard.telephony.MediaStep;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Whoever is left when a conference ends is hung up: nobody stays in silence. */
@Component
class ConferenceExits implements CarrierEventHandler<ConferenceLeft> {

    private final Calls calls;
    private final CallerLine line;

    ConferenceExits(Calls calls, CallerLine line) {
        this.calls = calls;
        this.line = line;
    }

    @Override
    public Class<ConferenceLeft> kind() {
        return ConferenceLeft.class;
    }

    @Override
    public Result handle(ConferenceLeft event, @Nullable LockedCall locked) {
        if (locked == null) {
            return Result.EARLY;
        }
        line.next(calls.open(locked.call()), locked.leg(), new MediaStep.HangUp());
        return Result.DONE;
    }
}
