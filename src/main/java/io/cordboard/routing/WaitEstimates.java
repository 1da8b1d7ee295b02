package io.cordboard.routing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** How long somebody in a queue will probably wait. */
@Repository
public class WaitEstimates {

    /** Who waited longer than this tells nothing either. */
    private static final Duration LONGEST = Duration.ofHours(2);

    /** For so long what is known of a queue is not asked again, so that announcements to thousands cost next to nothing. */
    static final Duration KNOWN_FOR = Duration.ofSeconds(10);

    private final ConcurrentMap<UUID, Known> known = new ConcurrentHashMap<>();
    private final JdbcClient jdbc;
    private final Clock clock;

    WaitEstimates(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * The time after which so many places will have been passed: as often as callers were answered lately while somebody
     * waited, and gave up; or, when too few were answered, as often as the agents on duty become free, by how long calls took
     * today and how many of them were this queue's. How far this was off, {@link QueueStatistics} tells.
     *
     * @param position place in the queue, from 1, by the order in which callers are answered
     * @return empty when nothing is known yet
     */
    public Optional<Duration> of(UUID queue, int position) {
        Instant now = clock.instant();
        Known last = known.get(queue);
        if (last == null || last.at.plus(KNOWN_FOR).isBefore(now)) {
            known.values().removeIf(old -> old.at.plus(KNOWN_FOR).isBefore(now));
            last = new Known(now, pace(queue, now).orElse(null));
            known.put(queue, last);
        }
        return Optional.ofNullable(last.pace).map(pace -> Duration.ofMillis((long) (pace.wait(position) * 1000)));
    }

    /** How fast callers move up now. */
    Optional<Pace> pace(UUID queue, Instant at) {
        OffsetDateTime now = at.atOffset(ZoneOffset.UTC);
        return jdbc.sql(
                        """
                        SELECT lately.answers, lately.gone, lately.waits,
                               (SELECT extract(epoch FROM sum(upper(b) - lower(b))) FROM unnest(lately.stays) b) AS busy
                          FROM (SELECT count(*) FILTER (WHERE e.exit = 'accepted') AS answers,
                                       count(*) FILTER (WHERE e.exit <> 'accepted') AS gone,
                                       extract(epoch FROM sum(coalesce(e.left_at, :now) - e.entered_at)) AS waits,
                                       range_agg(tstzrange(greatest(e.entered_at, :since), coalesce(e.left_at, :now))) AS stays
                                  FROM queue_entry e
                                 WHERE e.queue_id = :queue AND e.entered_at > :beforeThat AND e.call_back IS NULL
                                   AND (e.left_at > :since OR e.left_at IS NULL)
                                   AND coalesce(e.left_at, :now) - e.entered_at > :noWait * interval '1 second') lately""")
                .param("queue", queue)
                .param("now", now)
                .param("since", now.minus(Pace.LATELY))
                .param("beforeThat", now.minus(Pace.LATELY).minus(LONGEST))
                .param("noWait", Pace.NO_WAIT.toSeconds())
                .query((row, n) -> Pace.seen(
                        row.getDouble("busy"), row.getInt("answers"), row.getInt("gone"), row.getDouble("waits")))
                .single()
                .or(() -> byTheAgents(queue, now));
    }

    /** As often as those on duty become free for a call of the queue; they may have others as well. */
    private Optional<Pace> byTheAgents(UUID queue, OffsetDateTime now) {
        return jdbc.sql(
                        """
                        SELECT duty.agents * today.part / nullif(today.handling, 0)
                          FROM (SELECT extract(epoch FROM avg(r.ended_at - r.answered_at)) AS handling,
                                       avg(CASE WHEN r.queue_id = :queue THEN 1.0 ELSE 0 END) AS part
                                  FROM queue_agent s JOIN reservation r ON r.agent_id = s.agent_id
                                 WHERE s.queue_id = :queue AND r.offered_at > :today AND r.state = 'completed') today,
                               (SELECT count(*) AS agents FROM queue_agent s JOIN agent a ON a.id = s.agent_id
                                 WHERE s.queue_id = :queue AND a.deleted_at IS NULL AND a.chosen = 'available'
                                   AND (a.present_until IS NULL OR a.present_until > :now)) duty""")
                .param("queue", queue)
                .param("now", now)
                .param("today", now.minusDays(1))
                .query((row, n) -> row.getDouble(1))
                .optional()
                .filter(answered -> answered > 0)
                .map(answered -> new Pace(answered, 0));
    }

    private record Known(Instant at, @Nullable Pace pace) {}
}
