package io.cordboard.simulator.carrier;

import io.cordboard.simulator.carrier.Activity.Stop;
import io.cordboard.simulator.carrier.Timeline.Kind;
import io.cordboard.simulator.carrier.Verb.Next;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What somebody hears who has to wait: plain music, silence, or TwiML that is asked for again and again. */
final class HoldMusic {

    private static final Duration BETWEEN_ROUNDS = Duration.ofSeconds(1);

    private final Exchange exchange;
    private final VirtualCall call;
    private final @Nullable Next wait;
    private final Supplier<Map<String, String>> fields;
    private final Consumer<Program.End> whenOver;
    private @Nullable Program round;
    private Timeline.@Nullable Timer nextRound;
    private boolean stopped;

    /**
     * @param wait absolute; null means plain music and an empty URL silence
     * @param whenOver told when the TwiML leaves or fails; music alone never ends
     */
    HoldMusic(
            Exchange exchange,
            VirtualCall call,
            @Nullable Next wait,
            Supplier<Map<String, String>> fields,
            Consumer<Program.End> whenOver) {
        this.exchange = exchange;
        this.call = call;
        this.wait = wait;
        this.fields = fields;
        this.whenOver = whenOver;
    }

    void start() {
        if (stopped) {
            return;
        }
        if (wait == null) {
            exchange.hear(call, "music", "hold music");
        } else if (wait.url().isBlank()) {
            exchange.hear(call, "silence", "");
        } else {
            var next = new Program(exchange, call, Program.Purpose.HOLD_MUSIC, this::roundOver);
            round = next;
            next.fetch(wait, fields.get());
        }
    }

    private void roundOver(Program.End end) {
        if (stopped) {
            return;
        }
        if (end == Program.End.DONE) {
            nextRound = exchange.timeline().after(BETWEEN_ROUNDS, Kind.LOOP, this::start);
        } else {
            whenOver.accept(end);
        }
    }

    @Nullable
    Activity activity() {
        return round == null ? null : round.activity();
    }

    void stop(Stop why) {
        stopped = true;
        if (nextRound != null) {
            nextRound.cancel();
        }
        if (round != null) {
            round.stop(why);
            round = null;
        }
    }
}
