package io.cordboard.call;

import io.cordboard.shared.LegId;
import io.cordboard.telephony.CarrierCommand;
import io.cordboard.telephony.Commands;
import io.cordboard.telephony.LegMedia;
import io.cordboard.telephony.MediaStep;
import org.springframework.stereotype.Service;

/** The lines of a call: what they hear next, and their end. */
@Service
public class CallerLine {

    private final LegMedia media;
    private final Commands commands;

    CallerLine(LegMedia media, Commands commands) {
        this.media = media;
        this.commands = commands;
    }

    /** The caller hears or does this next. Nothing happens when the caller is gone. */
    public void next(OpenCall call, MediaStep step) {
        if (!call.over()) {
            media.add(call.id(), call.callerLeg(), step);
        }
    }

    /** Another leg of the call hears or does this next. */
    public void next(OpenCall call, LegId leg, MediaStep step) {
        media.add(call.id(), leg, step);
    }

    public void command(OpenCall call, CarrierCommand command) {
        commands.add(call.provider(), command);
    }

    public void hangUp(OpenCall call, LegId leg) {
        command(call, new CarrierCommand.HangUpLeg(call.id(), leg));
    }
}
