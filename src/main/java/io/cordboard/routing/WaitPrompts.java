package io.cordboard.routing;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cordboard.telephony.HoldPrompts;
import io.cordboard.telephony.MediaStep.Say;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Tells who waits how many are before them and how long it will take, as the flow has it. */
@Component
class WaitPrompts implements HoldPrompts {

    private final JdbcClient jdbc;
    private final WaitEstimates estimates;
    private final ObjectMapper json;
    private final Clock clock;

    WaitPrompts(JdbcClient jdbc, WaitEstimates estimates, ObjectMapper json, Clock clock) {
        this.jdbc = jdbc;
        this.estimates = estimates;
        this.json = json;
        this.clock = clock;
    }

    @Override
    public Optional<HoldPrompts.Hold> next(String provider, String providerLegId, @Nullable Instant saidAt) {
        return jdbc.sql(
                        """
                        SELECT e.hold, e.queue_id, c.awaiting_token,
                               (SELECT count(*) FROM queue_entry o
                                 WHERE o.queue_id = e.queue_id AND o.left_at IS NULL AND o.rank_at <= e.rank_at) AS position
                          FROM call_leg l
                          JOIN call c ON c.id = l.call_id
                          JOIN queue_entry e ON e.call_id = c.id AND e.left_at IS NULL AND e.hold IS NOT NULL
                         WHERE l.provider = :provider AND l.provider_leg_id = :leg AND l.kind = 'caller'""")
                .param("provider", provider)
                .param("leg", providerLegId)
                .query((row, n) -> {
                    Announcements hold = Announcements.read(json, row.getString("hold"));
                    return new HoldPrompts.Hold(
                            words(hold, row.getObject("queue_id", UUID.class), row.getInt("position"), saidAt),
                            hold.listens() ? row.getString("awaiting_token") : null);
                })
                .optional();
    }

    private List<Say> words(Announcements hold, UUID queue, int position, @Nullable Instant saidAt) {
        if (saidAt != null && clock.instant().isBefore(saidAt.plusSeconds(hold.everySeconds()))) {
            return List.of();
        }
        List<Say> words = new ArrayList<>();
        hold.ofPlace(position).ifPresent(text -> words.add(new Say(text, hold.language())));
        String estimate = hold.estimate();
        if (estimate != null && (saidAt == null || !hold.estimateOnce())) {
            estimates
                    .of(queue, position)
                    .map(wait -> estimate.replace("{minutes}", String.valueOf(minutes(wait))))
                    .ifPresent(text -> words.add(new Say(text, hold.language())));
        }
        if (hold.message() != null) {
            words.add(new Say(hold.message(), hold.language()));
        }
        if (hold.callBack() != null) {
            words.add(new Say(hold.callBack(), hold.language()));
        }
        return words;
    }

    /** Rather too long than too short. */
    private static long minutes(Duration wait) {
        return Math.max(1, (wait.toSeconds() + 59) / 60);
    }
}
