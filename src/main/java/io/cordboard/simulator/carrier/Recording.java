package io.cordboard.simulator.carrier;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What was recorded: no sound, but who spoke which words and how long it took in simulated time. */
final class Recording {

    final String sid = Sids.next("RE");
    final String call;
    final @Nullable String conference;
    final String source;
    final int channels;
    final Verb.@Nullable Hook callback;
    final Instant started;
    private final StringBuilder text = new StringBuilder();
    private final Timeline timeline;
    private final long startedNanos = System.nanoTime();
    private Duration spoken = Duration.ZERO;
    private long seconds = -1;
    String status = "in-progress";
    Instant updated;

    Recording(
            Timeline timeline,
            String call,
            @Nullable String conference,
            String source,
            int channels,
            Verb.@Nullable Hook callback,
            Instant started) {
        this.timeline = timeline;
        this.call = call;
        this.conference = conference;
        this.source = source;
        this.channels = channels;
        this.callback = callback;
        this.started = started;
        this.updated = started;
    }

    void hear(String words) {
        if (status.equals("in-progress")) {
            text.append(text.isEmpty() ? "" : " ").append(words);
            spoken = spoken.plus(Program.length(words));
        }
    }

    String text() {
        return text.toString();
    }

    boolean running() {
        return status.equals("in-progress") || status.equals("paused");
    }

    /** Fixes the length when the recording ends. */
    void end(String as) {
        seconds = seconds();
        status = as;
    }

    /** Simulated seconds, at least one and at least as long as the words take. */
    long seconds() {
        if (seconds >= 0) {
            return seconds;
        }
        var elapsed = (System.nanoTime() - startedNanos) * timeline.speed().factor() / 1e9;
        return Math.max(1, Math.round(Math.max(elapsed, spoken.toMillis() / 1000.0)));
    }
}
