package io.cordboard.routing;

import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** How long somebody in a queue will probably wait. */
@Repository
public class WaitEstimates {

    /** What happened in this time tells what will happen next. */
    static final Duration LATELY = Duration.ofMinutes(30);

    /** Who waited longer than this tells nothing either. */
    private static final Duration LONGEST = Duration.ofHours(2);

    /** Fewer say nothing. */
    static final int ENOUGH = 3;

    private final JdbcClient jdbc;
    private final Clock clock;

    WaitEstimates(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * The time after which so many agents will have become free: as often as they did lately while somebody waited; or, when
     * too few waited, as handling took on average today, shared among the agents on duty. How far this was off,
     * {@link QueueStatistics} tells.
     *
     * @param position place in the queue, from 1
     * @return empty when nothing is known yet
     */
    public Optional<Duration> of(UUID queue, int position) {
        OffsetDateTime now = OffsetDateTime.now(clock);
        return jdbc.sql(
                        """
                        SELECT CASE WHEN lately.n >= :enough THEN lately.busy / lately.n * :position
                                    ELSE today.handling / nullif(duty.agents, 0) * :position END
                          FROM (SELECT n, (SELECT extract(epoch FROM sum(upper(b) - lower(b))) FROM unnest(stays) b) AS busy
                                  FROM (SELECT count(*) FILTER (WHERE e.exit = 'accepted') AS n,
                                               range_agg(tstzrange(greatest(e.entered_at, :since), coalesce(e.left_at, :now))) AS stays
                                          FROM queue_entry e
                                         WHERE e.queue_id = :queue AND e.entered_at > :beforeThat
                                           AND (e.left_at > :since OR e.left_at IS NULL)
                                           AND coalesce(e.left_at, :now) - e.entered_at > interval '2 seconds') all_stays) lately,
                               (SELECT extract(epoch FROM avg(r.ended_at - r.answered_at)) AS handling
                                  FROM reservation r JOIN queue_agent s ON s.agent_id = r.agent_id AND s.queue_id = :queue
                                 WHERE r.offered_at > :today AND r.queue_id = :queue AND r.state = 'completed') today,
                               (SELECT count(*) AS agents FROM queue_agent s JOIN agent a ON a.id = s.agent_id
                                 WHERE s.queue_id = :queue AND a.chosen = 'available') duty""")
                .param("queue", queue)
                .param("position", position)
                .param("enough", ENOUGH)
                .param("now", now)
                .param("since", now.minus(LATELY))
                .param("beforeThat", now.minus(LATELY).minus(LONGEST))
                .param("today", now.minusDays(1))
                .query((row, n) -> {
                    double seconds = row.getDouble(1);
                    return row.wasNull()
                            ? Optional.<Duration>empty()
                            : Optional.of(Duration.ofMillis((long) (seconds * 1000)));
                })
                .single();
    }
}
