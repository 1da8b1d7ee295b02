package io.cordboard.telephony;

import io.cordboard.shared.CallId;
import io.cordboard.shared.Ids;
import io.cordboard.shared.LegId;
import io.cordboard.telephony.CallLocks.LockedCall;
import io.cordboard.telephony.OutboxTable.NewCommand;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * What the current transaction wants of carriers. It is collected while the transaction runs and written once: by the
 * inbox when the transaction is about an event, otherwise right before the commit, when the engine has done its work and
 * written its own changes. After the commit the commands go to this node's workers.
 */
@Component
class Directions implements Commands, LegMedia {

    private static final Logger LOG = LoggerFactory.getLogger(Directions.class);

    private final OutboxTable outbox;
    private final CommandLanes lanes;
    private final CallLocks locks;
    private final LegIds legIds;
    private final ObjectProvider<LineEnd> lineEnds;

    Directions(
            OutboxTable outbox, CommandLanes lanes, CallLocks locks, LegIds legIds, ObjectProvider<LineEnd> lineEnds) {
        this.outbox = outbox;
        this.lanes = lanes;
        this.locks = locks;
        this.legIds = legIds;
        this.lineEnds = lineEnds;
    }

    @Override
    public void add(String provider, CarrierCommand command) {
        collected().wishes.add(new Command(provider, command));
    }

    @Override
    public void add(CallId call, LegId leg, MediaStep step) {
        collected().media(call, leg).steps.add(step);
    }

    /** Sees to it that the leg gets something to do in this transaction, if only what its line's end is. */
    void attendTo(LockedCall call) {
        collected().media(call.call(), call.leg());
    }

    /**
     * Takes out what the transaction of an event collected.
     *
     * @param call the event's call; null while the event is only starting one
     */
    Outcome outcome(CarrierEvent event, @Nullable LockedCall call) {
        Collected collected = (Collected) TransactionSynchronizationManager.getResource(this);
        CallId callId = call == null ? null : call.call();
        List<MediaStep> reply = null;
        if (event.asksWhatToDo()) {
            Media media = collected == null ? null : collected.takeMedia(call == null ? null : call.leg());
            if (media == null) {
                LockedCall asked = call != null ? call : locks.lock(event.leg()).orElse(null);
                media = asked == null ? null : new Media(asked.call(), asked.leg());
            }
            if (media == null) {
                // Nobody made a call of it, so there is nobody to talk to.
                reply = List.of(new MediaStep.Reject(false));
            } else {
                callId = media.call;
                reply = complete(media);
            }
        }
        return new Outcome(callId, reply, collected == null ? List.of() : commands(collected));
    }

    /**
     * @param call null when the event belongs to none
     * @param reply null when the event asks for none
     */
    record Outcome(@Nullable CallId call, @Nullable List<MediaStep> reply, List<NewCommand> commands) {}

    /** Commands that the transaction has written; they are carried out when it commits. */
    void written(List<HeldCommand> commands) {
        if (!commands.isEmpty()) {
            collected().written.addAll(commands);
        }
    }

    private List<NewCommand> commands(Collected collected) {
        List<NewCommand> commands = new ArrayList<>();
        for (Wish wish : List.copyOf(collected.wishes)) {
            if (wish instanceof Command command) {
                commands.add(new NewCommand(Ids.next(), command.provider, command.command));
            } else if (wish instanceof Media media) {
                perform(media, commands);
            }
        }
        collected.wishes.clear();
        return commands;
    }

    private void perform(Media media, List<NewCommand> commands) {
        LockedCall leg = locks.lock(media.call, media.leg)
                .orElseThrow(() -> new IllegalStateException("Call %s has no leg %s".formatted(media.call, media.leg)));
        if (leg.legOver()) {
            LOG.debug("Leg {} of call {} is over and hears nothing any more", media.leg, media.call);
            return;
        }
        legIds.learn(leg);
        commands.add(new NewCommand(
                Ids.next(), leg.provider(), new CarrierCommand.Perform(media.call, media.leg, complete(media))));
    }

    /** The steps of a leg, without those the flow left behind and with an end that does not cut the caller off. */
    private List<MediaStep> complete(Media media) {
        List<MediaStep> steps = new ArrayList<>();
        for (int i = 0; i < media.steps.size(); i++) {
            MediaStep step = media.steps.get(i);
            // A step that holds the line but was followed by others is over: the flow did not stay in it.
            if (!step.holdsTheLine() || i == media.steps.size() - 1) {
                steps.add(step);
            }
        }
        if (steps.isEmpty() || !steps.get(steps.size() - 1).holdsTheLine()) {
            steps.addAll(lineEnds.getIfAvailable(() -> this::musicOrHangUp).after(media.call, media.leg));
        }
        return steps;
    }

    private List<MediaStep> musicOrHangUp(CallId call, LegId leg) {
        boolean over = locks.lock(call, leg)
                .map(locked -> locked.over() || locked.legOver())
                .orElse(true);
        return List.of(over ? new MediaStep.HangUp() : new MediaStep.Enqueue(call, "hold"));
    }

    private Collected collected() {
        Collected collected = (Collected) TransactionSynchronizationManager.getResource(this);
        if (collected == null) {
            if (!TransactionSynchronizationManager.isActualTransactionActive()) {
                throw new IllegalStateException("Carriers are directed in a transaction only.");
            }
            collected = new Collected();
            TransactionSynchronizationManager.bindResource(this, collected);
            TransactionSynchronizationManager.registerSynchronization(collected);
        }
        if (collected.closed) {
            throw new IllegalStateException("The transaction is being committed; it is too late for directions.");
        }
        return collected;
    }

    private sealed interface Wish {}

    private record Command(String provider, CarrierCommand command) implements Wish {}

    private static final class Media implements Wish {

        private final CallId call;
        private final LegId leg;
        private final List<MediaStep> steps = new ArrayList<>();

        private Media(CallId call, LegId leg) {
            this.call = call;
            this.leg = leg;
        }
    }

    /** Comes last among what happens before the commit: others may still give directions then. */
    private final class Collected implements TransactionSynchronization {

        private final List<Wish> wishes = new ArrayList<>();
        private final List<HeldCommand> written = new ArrayList<>();
        private boolean closed;

        private Media media(CallId call, LegId leg) {
            for (Wish wish : wishes) {
                if (wish instanceof Media media && media.leg.equals(leg)) {
                    return media;
                }
            }
            Media media = new Media(call, leg);
            wishes.add(media);
            return media;
        }

        /** @param leg null for the first leg there is */
        private @Nullable Media takeMedia(@Nullable LegId leg) {
            for (Wish wish : wishes) {
                if (wish instanceof Media media && (leg == null || media.leg.equals(leg))) {
                    wishes.remove(wish);
                    return media;
                }
            }
            return null;
        }

        @Override
        public void beforeCommit(boolean readOnly) {
            List<NewCommand> commands = commands(this);
            if (!commands.isEmpty()) {
                written.addAll(outbox.add(commands));
            }
            closed = true;
        }

        @Override
        public void afterCommit() {
            written.forEach(lanes::add);
        }

        @Override
        public void suspend() {
            TransactionSynchronizationManager.unbindResource(Directions.this);
        }

        @Override
        public void resume() {
            TransactionSynchronizationManager.bindResource(Directions.this, this);
        }

        @Override
        public void afterCompletion(int status) {
            TransactionSynchronizationManager.unbindResourceIfPossible(Directions.this);
        }
    }
}
