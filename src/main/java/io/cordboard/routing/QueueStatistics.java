package io.cordboard.routing;

import io.cordboard.routing.QueueFigures.Offers;
import io.cordboard.shared.QueueId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;

/** What goes on in a queue, and what went on. Reads only. */
@Repository
public class QueueStatistics {

    /**
     * A stay is one wait of one caller, and one row; more rows of the same beginning follow when an agent accepted whose
     * phone was not picked up. The last one tells how it ended. Seconds from the first interval on.
     */
    private static final String STAYS =
            """
            SELECT date_part('epoch', s.entered_at - :from) AS came, date_part('epoch', s.left_at - :from) AS gone,
                   date_part('epoch', s.rank_at - :from) AS rank, CASE WHEN s.call_back IS NOT NULL THEN 'call_back' ELSE coalesce(s.exit, 'waiting') END AS exit,
                   coalesce(s.exit IN ('full', 'all_busy', 'known_agent_away')
                            OR s.exit IN ('no_agents', 'unavailable') AND s.left_at = s.entered_at, false) AS refused,
                   CASE WHEN s.exit NOT IN ('accepted', 'abandoned') THEN EXISTS (
                       SELECT FROM queue_entry n
                        WHERE n.call_id = s.call_id AND n.queue_id <> :queue AND n.entered_at >= s.left_at
                          AND n.left_at IS DISTINCT FROM n.entered_at) ELSE false END AS moved
              FROM (SELECT e.call_id, e.entered_at, e.left_at, e.rank_at, e.exit, e.call_back,
                           lead(e.call_id) OVER came = e.call_id AND lead(e.entered_at) OVER came = e.entered_at AS again
                      FROM queue_entry e
                     WHERE e.queue_id = :queue AND e.entered_at >= :since AND e.entered_at < :to
                    WINDOW came AS (ORDER BY e.entered_at, e.call_id, e.left_at)) s
             WHERE s.again IS NOT TRUE
             ORDER BY s.entered_at, s.call_id""";

    private static final int ROWS_AT_ONCE = 5_000;

    private final JdbcClient jdbc;

    /** For a month of stays, which need not be in memory at once. */
    private final JdbcClient rowByRow;

    private final WaitEstimates estimates;
    private final Clock clock;

    QueueStatistics(JdbcTemplate jdbc, WaitEstimates estimates, Clock clock) {
        this.jdbc = JdbcClient.create(jdbc);
        JdbcTemplate large = new JdbcTemplate(Objects.requireNonNull(jdbc.getDataSource()));
        large.setFetchSize(ROWS_AT_ONCE);
        this.rowByRow = JdbcClient.create(large);
        this.estimates = estimates;
        this.clock = clock;
    }

    /** This moment. */
    public Now now(QueueId queue) {
        OffsetDateTime now = OffsetDateTime.now(clock);
        Map<String, Integer> activities = activities(queue);
        return jdbc.sql(
                        """
                        SELECT agents.eligible, agents.available, inside.waiting, inside.offered, inside.away, inside.longest,
                               inside.longest_anywhere, inside.ahead, held.talking, held.wrapping
                          FROM (SELECT count(*) AS eligible,
                                       count(*) FILTER (WHERE is_free(a, :now)) AS available
                                  FROM queue_agent s JOIN agent a ON a.id = s.agent_id AND a.deleted_at IS NULL
                                 WHERE s.queue_id = :queue) agents,
                               (SELECT count(*) FILTER (WHERE NOT o.asked) AS waiting, count(*) FILTER (WHERE o.asked) AS offered,
                                       count(*) FILTER (WHERE o.away) AS away,
                                       extract(epoch FROM :now - min(e.entered_at) FILTER (WHERE NOT o.away)) AS longest,
                                       extract(epoch FROM :now - min(e.waiting_since) FILTER (WHERE NOT o.away)) AS longest_anywhere,
                                       count(*) FILTER (WHERE e.rank_at <= :now) AS ahead
                                  FROM queue_entry e
                                 CROSS JOIN LATERAL (SELECT EXISTS (
                                       SELECT FROM reservation r WHERE r.call_id = e.call_id AND r.state = 'pending') AS asked,
                                              e.call_back IS NOT NULL AND e.call_back_returned_at IS NULL AS away) o
                                 WHERE e.queue_id = :queue AND e.left_at IS NULL) inside,
                               (SELECT count(*) FILTER (WHERE r.state = 'accepted') AS talking,
                                       count(*) FILTER (WHERE r.state = 'wrapping') AS wrapping
                                  FROM reservation r
                                 WHERE r.queue_id = :queue AND r.state IN ('accepted', 'wrapping')) held""")
                .param("queue", queue.value())
                .param("now", now)
                .query((row, n) -> new Now(
                        now.toInstant(),
                        row.getInt("eligible"),
                        row.getInt("available"),
                        activities,
                        row.getInt("waiting"),
                        row.getInt("offered"),
                        row.getInt("away"),
                        row.getInt("talking"),
                        row.getInt("wrapping"),
                        row.getDouble("longest"),
                        row.getDouble("longest_anywhere"),
                        row.getInt("ahead")))
                .single();
    }

    /** How long somebody who came now would wait; empty when nothing is known. */
    public Optional<Duration> estimatedWait(QueueId queue, Now now) {
        return now.available > now.waiting ? Optional.of(Duration.ZERO) : estimates.of(queue.value(), now.ahead + 1);
    }

    private Map<String, Integer> activities(QueueId queue) {
        Map<String, Integer> activities = new TreeMap<>();
        for (String status : List.of("available", "away", "busy", "offline", "ringing")) {
            activities.put(status, 0);
        }
        jdbc.sql(
                        """
                        SELECT shown_status(a.chosen, a.engaged) AS status, count(*) AS agents
                          FROM queue_agent s JOIN agent a ON a.id = s.agent_id AND a.deleted_at IS NULL
                         WHERE s.queue_id = :queue GROUP BY 1""")
                .param("queue", queue.value())
                .query(row -> {
                    activities.put(row.getString("status"), row.getInt("agents"));
                });
        return activities;
    }

    /** What a queue promises. */
    public Promise promise(QueueId queue) {
        return jdbc.sql(
                        "SELECT extract(epoch FROM service_level_within) AS within, service_level_percent FROM queue WHERE id = :queue")
                .param("queue", queue.value())
                .query((row, n) -> new Promise(
                        Duration.ofMillis(Math.round(row.getDouble("within") * 1000)),
                        row.getInt("service_level_percent")))
                .single();
    }

    /**
     * What happened in each of the intervals that follow one another.
     *
     * @param to the end of the last interval, which may be shorter
     * @param thresholds after which waits are split
     */
    public List<QueueFigures> intervals(
            QueueId queue, Instant from, Instant to, Duration interval, List<Duration> thresholds) {
        Range range = new Range(queue, from, to, interval);
        QueueHistory history = new QueueHistory(range.count(), interval, thresholds);
        range.into(rowByRow.sql(STAYS))
                .param("since", time(from.minus(Pace.LATELY).minus(longestStay(queue))))
                .query(history);
        history.end();
        Map<Integer, List<Offers>> offers = offers(range);
        List<QueueFigures> figures = new ArrayList<>();
        for (int i = 0; i < range.count(); i++) {
            Instant begin = from.plus(interval.multipliedBy(i));
            Instant end = begin.plus(interval);
            figures.add(new QueueFigures(
                    begin,
                    end.isAfter(to) ? to : end,
                    history.stays(i),
                    offers.getOrDefault(i, List.of()),
                    history.estimates(i)));
        }
        return figures;
    }

    private Map<Integer, List<Offers>> offers(Range range) {
        Map<Integer, List<Offers>> offers = new HashMap<>();
        range.into(jdbc.sql(
                        """
                        SELECT %s, r.state, r.state = 'timeout' AND r.reason IS NOT NULL AS phone, count(*) AS offers,
                               count(*) FILTER (WHERE done) AS handled,
                               sum(extract(epoch FROM r.ended_at - r.answered_at)) FILTER (WHERE done) AS handle_time,
                               count(r.wrapping_since) FILTER (WHERE done) AS wrapped,
                               sum(extract(epoch FROM r.ended_at - r.wrapping_since)) FILTER (WHERE done) AS wrap_up_time
                          FROM reservation r CROSS JOIN LATERAL (SELECT r.state = 'completed' AS done) d
                         WHERE r.queue_id = :queue AND r.offered_at >= :from AND r.offered_at < :to
                         GROUP BY 1, 2, 3"""
                                .formatted(range.number("r.offered_at"))))
                .query(row -> {
                    offers.computeIfAbsent(row.getInt("number"), any -> new ArrayList<>())
                            .add(offers(row));
                });
        return offers;
    }

    private static Offers offers(ResultSet row) throws SQLException {
        return new Offers(
                ReservationState.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                row.getBoolean("phone"),
                row.getInt("offers"),
                row.getInt("handled"),
                row.getDouble("handle_time"),
                row.getInt("wrapped"),
                row.getDouble("wrap_up_time"));
    }

    private Duration longestStay(QueueId queue) {
        return jdbc.sql("SELECT extract(epoch FROM maximum_wait) FROM queue WHERE id = :queue")
                .param("queue", queue.value())
                .query((row, n) -> Duration.ofSeconds((long) row.getDouble(1)))
                .single();
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private record Range(QueueId queue, Instant from, Instant to, Duration interval) {

        int count() {
            return Math.toIntExact(
                    (Duration.between(from, to).toMillis() + interval.toMillis() - 1) / interval.toMillis());
        }

        String number(String time) {
            return "CAST(floor(extract(epoch FROM " + time + " - CAST(:from AS timestamptz)) / "
                    + interval.toMillis() / 1000.0 + ") AS integer) AS number";
        }

        StatementSpec into(StatementSpec statement) {
            return statement
                    .param("queue", queue.value())
                    .param("from", time(from))
                    .param("to", time(to));
        }
    }

    /**
     * A queue at a moment.
     *
     * @param eligible agents who may be asked for its calls
     * @param available those of them who could take a call now
     * @param activities how many of the eligible agents are in each status
     * @param waiting callers nobody is asked to take at the moment
     * @param offered callers whom an agent is asked to take
     * @param toBeCalledBack those of both who are not on the line
     * @param talking callers with an agent, or whose agent's phone rings
     * @param wrapping agents who write up
     * @param longestWait of those who are in the queue and on the line, in seconds
     * @param longestWaitAnywhere the same, counted from the first queue of the call
     * @param ahead callers who are answered before one without priority who came now
     */
    public record Now(
            Instant at,
            int eligible,
            int available,
            Map<String, Integer> activities,
            int waiting,
            int offered,
            int toBeCalledBack,
            int talking,
            int wrapping,
            double longestWait,
            double longestWaitAnywhere,
            int ahead) {}

    /**
     * @param within the time in which callers shall be with an agent
     * @param percent of how many of them
     */
    public record Promise(Duration within, int percent) {}
}
