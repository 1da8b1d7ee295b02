package io.cordboard.telephony;

import io.cordboard.telephony.InboxTable.WaitingLeg;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** What was given up: events nobody waited for, and commands no carrier carried out. For operators. */
@Service
public class DeadLetters {

    private static final String EVENT = "event-";
    private static final String COMMAND = "command-";

    private final InboxTable inbox;
    private final OutboxTable outbox;
    private final CommandLanes lanes;
    private final InboxAlarm alarm;
    private final TransactionTemplate transaction;
    private final Clock clock;

    DeadLetters(
            InboxTable inbox,
            OutboxTable outbox,
            CommandLanes lanes,
            InboxAlarm alarm,
            TransactionTemplate transaction,
            Clock clock) {
        this.inbox = inbox;
        this.outbox = outbox;
        this.lanes = lanes;
        this.alarm = alarm;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * @param id names it in the methods here
     * @param what the kind of event or command
     * @param call the call of a command; null for an event, which found none
     * @param since when the event came or the command was given
     * @param reason why it was given up
     */
    public record DeadLetter(
            String id,
            Kind kind,
            String what,
            String provider,
            @Nullable UUID call,
            Instant since,
            int attempts,
            @Nullable String reason) {

        static DeadLetter event(EventKey key, String what, Instant since, int attempts, @Nullable String reason) {
            String name = key.provider() + "\n" + key.value();
            String id = EVENT
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(name.getBytes(StandardCharsets.UTF_8));
            return new DeadLetter(id, Kind.EVENT, what, key.provider(), null, since, attempts, reason);
        }

        static DeadLetter command(
                UUID id,
                String what,
                String provider,
                UUID call,
                Instant since,
                int attempts,
                @Nullable String reason) {
            return new DeadLetter(COMMAND + id, Kind.COMMAND, what, provider, call, since, attempts, reason);
        }
    }

    /** Of which sort a dead letter is. */
    public enum Kind {
        EVENT,
        COMMAND
    }

    /** The latest ones of both kinds, latest first. */
    public List<DeadLetter> latest(int limit) {
        List<DeadLetter> all = new ArrayList<>(inbox.unmatched(limit));
        all.addAll(outbox.dead(limit));
        all.sort(Comparator.comparing(DeadLetter::since).reversed());
        return all.subList(0, Math.min(limit, all.size()));
    }

    /**
     * Tries it again as if it were new.
     *
     * @return false when there is no such dead letter (any more)
     */
    public boolean retry(String id) {
        Optional<UUID> command = commandOf(id);
        if (command.isPresent()) {
            List<HeldCommand> revived = transaction.execute(status -> outbox.revive(command.get()));
            if (revived == null || revived.isEmpty()) {
                return false;
            }
            revived.forEach(lanes::add);
            return true;
        }
        Optional<WaitingLeg> revived = eventOf(id).flatMap(inbox::revive);
        revived.ifPresent(leg -> alarm.ringAt(clock.instant()));
        return revived.isPresent();
    }

    /**
     * Puts it aside; it is not listed any more.
     *
     * @return false when there is no such dead letter (any more)
     */
    public boolean dismiss(String id) {
        Optional<UUID> command = commandOf(id);
        return command.isPresent()
                ? outbox.dismiss(command.get())
                : eventOf(id).map(inbox::dismiss).orElse(false);
    }

    private static Optional<UUID> commandOf(String id) {
        if (!id.startsWith(COMMAND)) {
            return Optional.empty();
        }
        try {
            return Optional.of(UUID.fromString(id.substring(COMMAND.length())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<EventKey> eventOf(String id) {
        if (!id.startsWith(EVENT)) {
            return Optional.empty();
        }
        try {
            byte[] name = Base64.getUrlDecoder().decode(id.substring(EVENT.length()));
            String[] parts = new String(name, StandardCharsets.UTF_8).split("\n", 2);
            return parts.length == 2 ? Optional.of(new EventKey(parts[0], parts[1])) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
