package io.cordboard.routing;

import io.cordboard.shared.CustomerId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** All queues at once, however many there are, for those who watch. Reads only. */
@Repository
@EnableConfigurationProperties(StatisticsSettings.class)
class QueueBoard {

    private final JdbcClient jdbc;
    private final StatisticsSettings settings;
    private final Clock clock;

    QueueBoard(JdbcClient jdbc, StatisticsSettings settings, Clock clock) {
        this.jdbc = jdbc;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * This moment, by name.
     *
     * @param customer null for all
     */
    List<Line> now(@Nullable CustomerId customer) {
        return jdbc.sql(
                        """
                        SELECT q.id, q.name, c.name AS customer, inside.waiting, inside.offered, inside.since, inside.since_anywhere,
                               held.talking, held.wrapping, agents.*
                          FROM queue q
                          JOIN customer c ON c.id = q.customer_id
                          LEFT JOIN (SELECT e.queue_id, count(*) FILTER (WHERE NOT o.asked) AS waiting,
                                            count(*) FILTER (WHERE o.asked) AS offered, min(e.entered_at) FILTER (WHERE NOT o.away) AS since,
                                            min(e.waiting_since) FILTER (WHERE NOT o.away) AS since_anywhere
                                       FROM queue_entry e
                                      CROSS JOIN LATERAL (SELECT e.call_id IN (
                                            SELECT r.call_id FROM reservation r WHERE r.state = 'pending') AS asked,
                                            e.call_back IS NOT NULL AND e.call_back_returned_at IS NULL AS away) o
                                      WHERE e.left_at IS NULL GROUP BY 1) inside ON inside.queue_id = q.id
                          LEFT JOIN (SELECT r.queue_id, count(*) FILTER (WHERE r.state = 'accepted') AS talking,
                                            count(*) FILTER (WHERE r.state = 'wrapping') AS wrapping
                                       FROM reservation r
                                      WHERE r.state IN ('accepted', 'wrapping') GROUP BY 1) held ON held.queue_id = q.id
                          LEFT JOIN (SELECT s.queue_id, count(*) AS eligible, count(*) FILTER (WHERE b.free) AS free,
                                            count(*) FILTER (WHERE b.status = 'available') AS available,
                                            count(*) FILTER (WHERE b.status = 'away') AS away,
                                            count(*) FILTER (WHERE b.status = 'busy') AS busy,
                                            count(*) FILTER (WHERE b.status = 'offline') AS offline,
                                            count(*) FILTER (WHERE b.status = 'ringing') AS ringing
                                       FROM (SELECT a.id, shown_status(a.chosen, a.engaged) AS status,
                                                    is_free(a, :now) AS free
                                               FROM agent a
                                              WHERE a.deleted_at IS NULL
                                                AND (CAST(:customer AS uuid) IS NULL OR a.customer_id = :customer)) b
                                       JOIN queue_agent s ON s.agent_id = b.id
                                      GROUP BY 1) agents ON agents.queue_id = q.id
                         WHERE q.deleted_at IS NULL AND (CAST(:customer AS uuid) IS NULL OR q.customer_id = :customer)
                         ORDER BY q.name, q.id""")
                .param("customer", customer == null ? null : customer.value())
                .param("now", OffsetDateTime.now(clock))
                .query((row, n) -> line(row))
                .list();
    }

    private static Line line(ResultSet row) throws SQLException {
        return new Line(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getString("customer"),
                row.getInt("waiting"),
                row.getInt("offered"),
                row.getInt("talking"),
                row.getInt("wrapping"),
                time(row, "since"),
                time(row, "since_anywhere"),
                row.getInt("eligible"),
                row.getInt("free"),
                Map.of(
                        "available", row.getInt("available"),
                        "away", row.getInt("away"),
                        "busy", row.getInt("busy"),
                        "offline", row.getInt("offline"),
                        "ringing", row.getInt("ringing")));
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    /**
     * What has happened today to those who came today, by queue; queues to which nobody came are left out.
     *
     * @param customer null for all
     */
    Map<UUID, Today> today(@Nullable CustomerId customer) {
        Map<UUID, Today> today = new HashMap<>();
        jdbc.sql(
                        """
                        SELECT s.queue_id, max(s.percent) AS percent, count(*) FILTER (WHERE NOT s.again) AS entered,
                               count(*) FILTER (WHERE s.refused) AS refused, count(*) FILTER (WHERE s.left_at IS NULL) AS inside,
                               count(*) FILTER (WHERE s.exit = 'accepted') AS acceptances,
                               count(*) FILTER (WHERE s.exit = 'accepted' AND NOT s.again) AS answered,
                               count(*) FILTER (WHERE s.exit = 'accepted' AND s.in_time) AS acceptances_in_time,
                               count(*) FILTER (WHERE s.exit = 'accepted' AND s.in_time AND NOT s.again) AS answered_in_time,
                               count(*) FILTER (WHERE s.exit = 'abandoned') AS abandoned,
                               count(*) FILTER (WHERE s.exit = 'timeout') AS timeout,
                               count(*) FILTER (WHERE s.exit NOT IN ('accepted', 'abandoned', 'timeout') AND NOT s.refused) AS other,
                               count(*) FILTER (WHERE s.exit = 'call_back') AS called_back
                          FROM (SELECT e.queue_id, e.left_at, q.service_level_percent AS percent,
                                       CASE WHEN e.call_back IS NOT NULL AND e.left_at IS NOT NULL THEN 'call_back' ELSE e.exit END AS exit,
                                       e.left_at - e.entered_at <= q.service_level_within AS in_time,
                                       coalesce(e.exit IN ('full', 'all_busy', 'known_agent_away')
                                                OR e.exit IN ('no_agents', 'unavailable') AND e.left_at = e.entered_at, false) AS refused,
                                       -- accepted, but the phone was not picked up: the same stay goes on in the next row
                                       coalesce(lead(e.entered_at) OVER (PARTITION BY e.call_id, e.queue_id
                                                                         ORDER BY e.entered_at, e.left_at) = e.entered_at, false) AS again
                                  FROM queue_entry e JOIN queue q ON q.id = e.queue_id
                                 WHERE e.entered_at >= :midnight AND q.deleted_at IS NULL
                                   AND (CAST(:customer AS uuid) IS NULL OR q.customer_id = :customer)) s
                         GROUP BY 1""")
                .param("customer", customer == null ? null : customer.value())
                .param("midnight", midnight().atOffset(ZoneOffset.UTC))
                .query(row -> {
                    today.put(
                            row.getObject("queue_id", UUID.class),
                            new Today(
                                    row.getInt("entered"),
                                    row.getInt("refused"),
                                    row.getInt("inside"),
                                    row.getInt("acceptances"),
                                    row.getInt("answered"),
                                    row.getInt("acceptances_in_time"),
                                    row.getInt("answered_in_time"),
                                    row.getInt("abandoned"),
                                    row.getInt("timeout"),
                                    row.getInt("other"),
                                    row.getInt("called_back"),
                                    row.getInt("percent")));
                });
        return today;
    }

    /** Since when figures of today count. */
    Instant midnight() {
        return settings.midnight(clock);
    }

    /** What became of the offers made today, by queue and state; those open are left out. */
    Map<UUID, Map<String, Integer>> offers() {
        Map<UUID, Map<String, Integer>> offers = new HashMap<>();
        jdbc.sql(
                        """
                        SELECT r.queue_id, r.state, count(*) AS offers FROM reservation r
                         WHERE r.offered_at >= :midnight AND r.state NOT IN ('pending', 'accepted', 'wrapping') GROUP BY 1, 2""")
                .param("midnight", midnight().atOffset(ZoneOffset.UTC))
                .query(row -> {
                    offers.computeIfAbsent(row.getObject("queue_id", UUID.class), any -> new TreeMap<>())
                            .put(row.getString("state"), row.getInt("offers"));
                });
        return offers;
    }

    /** The agents of each customer by status, each once, however many queues may ask them; without those of no queue. */
    Map<String, Map<String, Integer>> agents() {
        Map<String, Map<String, Integer>> agents = new TreeMap<>();
        jdbc.sql(
                        """
                        SELECT c.name AS customer, shown_status(a.chosen, a.engaged) AS status, count(*) AS agents
                          FROM agent a JOIN customer c ON c.id = a.customer_id
                         WHERE a.deleted_at IS NULL AND EXISTS (SELECT FROM queue_agent s WHERE s.agent_id = a.id) GROUP BY 1, 2""")
                .query(row -> {
                    agents.computeIfAbsent(row.getString("customer"), any -> new TreeMap<>())
                            .put(row.getString("status"), row.getInt("agents"));
                });
        return agents;
    }

    /** Which queues might ask which of these agents. */
    Map<UUID, Set<UUID>> queuesOf(Collection<UUID> agents) {
        if (agents.isEmpty()) {
            return Map.of();
        }
        Map<UUID, Set<UUID>> queues = new HashMap<>();
        jdbc.sql("SELECT s.agent_id, s.queue_id FROM queue_agent s WHERE s.agent_id = ANY (:agents)")
                .param("agents", agents.toArray(UUID[]::new))
                .query(row -> {
                    queues.computeIfAbsent(row.getObject("agent_id", UUID.class), any -> new HashSet<>())
                            .add(row.getObject("queue_id", UUID.class));
                });
        return queues;
    }

    /**
     * One queue at a moment.
     *
     * @param waiting callers nobody is asked to take at the moment
     * @param offered callers whom an agent is asked to take
     * @param talking callers with an agent, or whose agent's phone rings
     * @param wrapping agents who write up
     * @param since when the first of those inside came; null when nobody is
     * @param sinceAnywhere the same, counted from the first queue of the call
     * @param eligible agents who may be asked
     * @param available those of them who could take a call now
     * @param activities how many of the eligible agents are in each status
     */
    record Line(
            UUID queue,
            String name,
            String customer,
            int waiting,
            int offered,
            int talking,
            int wrapping,
            @Nullable Instant since,
            @Nullable Instant sinceAnywhere,
            int eligible,
            int available,
            Map<String, Integer> activities) {

        int inside() {
            return waiting + offered;
        }
    }

    /**
     * What has become of those who came to a queue today.
     *
     * @param refused of those who entered, whom the queue did not let in
     * @param inside who are still there
     * @param acceptances how often an agent accepted, the phones not picked up then included: never falls within a day
     * @param answered who was answered
     * @param acceptancesInTime those of them within the time of the service level
     * @param answeredInTime those of them within the time of the service level
     * @param other who left in another way, those included who were called back
     * @param calledBack who chose to be called back, whatever became of it
     * @param target percent to be answered in time
     */
    record Today(
            int entered,
            int refused,
            int inside,
            int acceptances,
            int answered,
            int acceptancesInTime,
            int answeredInTime,
            int abandoned,
            int timeout,
            int other,
            int calledBack,
            int target) {

        static final Today NOTHING = new Today(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

        /** Several queues taken together, which may have different targets. */
        Today plus(Today more) {
            return new Today(
                    entered + more.entered,
                    refused + more.refused,
                    inside + more.inside,
                    acceptances + more.acceptances,
                    answered + more.answered,
                    acceptancesInTime + more.acceptancesInTime,
                    answeredInTime + more.answeredInTime,
                    abandoned + more.abandoned,
                    timeout + more.timeout,
                    other + more.other,
                    calledBack + more.calledBack,
                    Math.max(target, more.target));
        }

        /** By {@link ServiceLevel#OF_OFFERED}; null when there was nobody to serve. */
        @Nullable
        Double serviceLevel() {
            int offered = entered - refused - inside - calledBack;
            return offered <= 0 ? null : 100.0 * answeredInTime / offered;
        }
    }
}
