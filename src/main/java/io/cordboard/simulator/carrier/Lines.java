package io.cordboard.simulator.carrier;

import io.cordboard.simulator.carrier.CarrierSettings.Line;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The account's own phone numbers and what answers each of them. */
final class Lines {

    /** @param sid starts with PN */
    record Owned(String sid, String number, Line line, Instant created) {}

    private final Map<String, Owned> byNumber = new ConcurrentSkipListMap<>();
    private final Clock clock;

    Lines(Map<String, Line> configured, Clock clock) {
        this.clock = clock;
        configured.forEach(this::set);
    }

    Owned set(String number, Line line) {
        return byNumber.compute(
                number,
                (same, before) -> before == null
                        ? new Owned(Sids.next("PN"), number, line, clock.instant())
                        : new Owned(before.sid(), number, line, before.created()));
    }

    @Nullable
    Owned at(String number) {
        return byNumber.get(number);
    }

    @Nullable
    Owned bySid(String sid) {
        return byNumber.values().stream()
                .filter(owned -> owned.sid().equals(sid))
                .findFirst()
                .orElse(null);
    }

    List<Owned> all() {
        return List.copyOf(byNumber.values());
    }
}
