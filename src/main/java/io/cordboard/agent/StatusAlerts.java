package io.cordboard.agent;

import io.cordboard.events.EventLog;
import io.cordboard.platform.Sweeper;
import io.cordboard.shared.AgentId;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.UUID;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Tells once of each agent who is in one status for longer than usual: as the event {@code agent.status_alert}, and as a
 * counter by status. Somebody should have a look; what can be repaired without one is the business of the agent watch.
 */
@Component
@EnableConfigurationProperties(StatusAlerts.Limits.class)
class StatusAlerts extends Sweeper {

    private static final Duration EVERY = Duration.ofSeconds(5);

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final EventLog log;
    private final MeterRegistry meters;
    private final Limits limits;
    private final Clock clock;

    StatusAlerts(
            JdbcClient jdbc,
            TransactionTemplate transaction,
            EventLog log,
            MeterRegistry meters,
            Limits limits,
            Clock clock) {
        super("status-alerts", EVERY);
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.log = log;
        this.meters = meters;
        this.limits = limits;
        this.clock = clock;
    }

    /** How long a status is usual; zero: always. */
    @ConfigurationProperties("cordboard.agent.alert-after")
    record Limits(
            @DefaultValue("1m") Duration ringing,
            @DefaultValue("2h") Duration busy,
            @DefaultValue("2h") Duration away,
            @DefaultValue("12h") Duration available) {

        /** @return in seconds; beyond all times for zero */
        private static long seconds(Duration limit) {
            return limit.isZero() ? Integer.MAX_VALUE : limit.toSeconds();
        }
    }

    @Override
    protected void sweep() {
        transaction.executeWithoutResult(status -> jdbc.sql(
                        """
                        UPDATE agent SET alerted_for = status_since
                         WHERE id IN (
                               SELECT id FROM agent
                                WHERE deleted_at IS NULL AND alerted_for IS DISTINCT FROM status_since
                                  AND (chosen <> 'offline' OR engaged IS NOT NULL)
                                  AND status_since < :now - interval '1 second'
                                      * CASE shown_status(chosen, engaged) WHEN 'ringing' THEN :ringing WHEN 'busy' THEN :busy
                                                                           WHEN 'away' THEN :away ELSE :available END
                                  FOR UPDATE SKIP LOCKED)
                        RETURNING id, shown_status(chosen, engaged) AS shown, status_since""")
                .param("now", OffsetDateTime.now(clock))
                .param("ringing", Limits.seconds(limits.ringing))
                .param("busy", Limits.seconds(limits.busy))
                .param("away", Limits.seconds(limits.away))
                .param("available", Limits.seconds(limits.available))
                .query((row, n) -> new Alert(
                        new AgentId(row.getObject("id", UUID.class)),
                        row.getString("shown"),
                        row.getObject("status_since", OffsetDateTime.class)))
                .list()
                .forEach(this::tell));
    }

    private void tell(Alert alert) {
        log.add(
                "agent.status_alert",
                null,
                alert.agent,
                Map.of("status", alert.status, "since", alert.since.toInstant().toString()));
        meters.counter("cordboard.agent.status.alerts", "status", alert.status).increment();
    }

    private record Alert(AgentId agent, String status, OffsetDateTime since) {}
}
