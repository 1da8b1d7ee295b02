package io.cordboard.voicemail.process;

import io.cordboard.events.EventLog;
import io.cordboard.platform.Sweeper;
import io.cordboard.telephony.CarrierCommand;
import io.cordboard.telephony.Commands;
import io.cordboard.voicemail.Voicemails;
import io.cordboard.voicemail.Voicemails.Erased;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Messages are kept for as long as their queue has it: then the recording goes at the carrier, and the text here. One that
 * still waits to be worked on is kept until it is done; the engine keeps no variables of what is done.
 */
@Component
class EraseMessages extends Sweeper {

    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final int MOST_AT_ONCE = 200;

    private final Voicemails voicemails;
    private final Commands commands;
    private final EventLog log;
    private final TransactionTemplate transaction;

    EraseMessages(Voicemails voicemails, Commands commands, EventLog log, TransactionTemplate transaction) {
        super("erase-messages", EVERY);
        this.voicemails = voicemails;
        this.commands = commands;
        this.log = log;
        this.transaction = transaction;
    }

    @Override
    protected void sweep() {
        int erased = 0;
        while (erased < MOST_AT_ONCE && Boolean.TRUE.equals(transaction.execute(status -> eraseNext()))) {
            erased++;
        }
    }

    private boolean eraseNext() {
        Optional<Erased> next = voicemails.eraseNext();
        next.ifPresent(message -> {
            if (message.recordingId() != null) {
                commands.add(
                        message.provider(),
                        new CarrierCommand.DeleteRecording(message.call(), message.callerLeg(), message.recordingId()));
            }
            log.add(
                    "voicemail.erased",
                    message.call(),
                    null,
                    Map.of("voicemail", message.id().toString()));
        });
        return next.isPresent();
    }
}
