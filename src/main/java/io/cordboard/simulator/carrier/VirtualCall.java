package io.cordboard.simulator.carrier;

import com.fasterxml.jackson.annotation.JsonValue;
import io.cordboard.simulator.carrier.Verb.Hook;
import io.cordboard.simulator.carrier.Verb.Next;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One leg of a call: a person on a virtual phone on one side, TwiML on the other. Lives on the timeline only. */
final class VirtualCall {

    private static final int MOST_STEPS_HEARD = 500;

    /** Who started it, as Twilio puts it. */
    enum Direction {
        INBOUND,
        OUTBOUND_API,
        OUTBOUND_DIAL;

        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Twilio's call status. */
    enum Status {
        QUEUED,
        RINGING,
        IN_PROGRESS,
        COMPLETED,
        BUSY,
        FAILED,
        NO_ANSWER,
        CANCELED;

        @JsonValue
        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        boolean ended() {
            return compareTo(IN_PROGRESS) > 0;
        }
    }

    final String sid = Sids.next("CA");
    final String from;
    final String to;
    final Direction direction;
    final Instant created;
    final @Nullable VirtualCall parent;
    final List<Timeline.Timer> timers = new ArrayList<>();
    final List<Runnable> whenEnded = new ArrayList<>();
    final ArrayDeque<TestPhone.Heard> heard = new ArrayDeque<>();

    Status status = Status.QUEUED;
    Script script = Script.parse(List.of());
    Runnable whenAnswered = () -> {};
    Instant updated;

    @Nullable
    Instant answered;

    @Nullable
    Instant ended;

    @Nullable
    Next fallback;

    @Nullable
    Hook statusCallback;

    int callbacksSent;

    @Nullable
    String answeredBy;

    @Nullable
    String answeringMachineDetection;

    @Nullable
    Hook amdCallback;

    @Nullable
    Program program;

    @Nullable
    Activity bridge;

    @Nullable
    Recording recording;

    Duration timeLimit = Duration.ofHours(4);
    int sipResponseCode = 200;

    VirtualCall(String from, String to, Direction direction, @Nullable VirtualCall parent, Instant created) {
        this.from = from;
        this.to = to;
        this.direction = direction;
        this.parent = parent;
        this.created = created;
        this.updated = created;
    }

    /** The number or address of the person on this leg. */
    String person() {
        return direction == Direction.INBOUND ? from : to;
    }

    /** What the call is busy with, if it is not just speaking or asking for TwiML. */
    @Nullable
    Activity activity() {
        return program != null && program.activity() != null ? program.activity() : bridge;
    }

    String where() {
        if (status.ended()) {
            return "ended";
        }
        if (status != Status.IN_PROGRESS) {
            return "ringing";
        }
        var activity = activity();
        if (activity != null) {
            return activity.where();
        }
        return program != null && program.speaking() ? "speaking" : "requesting";
    }

    void keep(TestPhone.Heard step) {
        heard.addLast(step);
        if (heard.size() > MOST_STEPS_HEARD) {
            heard.removeFirst();
        }
    }

    /** Whole seconds from the answer to the end, at least one for a call that was answered. */
    long durationSeconds() {
        return answered == null || ended == null
                ? 0
                : Math.max(1, Math.round(Duration.between(answered, ended).toMillis() / 1000.0));
    }
}
