package io.cordboard.agent;

import io.cordboard.platform.Sweeper;
import io.cordboard.shared.AgentId;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Whether those who work in a page are still there. The page beats while it is open; an agent whose page has been silent
 * for longer than the lease is asked no more, and shown as away after a grace. A call they are in goes on, and what they
 * had chosen comes back with the next beat. Whoever works without a page never beats and is always taken to be there.
 *
 * <p>Beats are collected and written once a second, so that five hundred agents cost one statement.
 */
@Component
public class Presence extends Sweeper {

    /** Why an agent who had chosen to be available is away. */
    static final String CONNECTION_LOST = "connectionLost";

    /** How long a beat holds; a page should beat three times in it. */
    public static final Duration LEASE = Duration.ofSeconds(15);

    private static final Duration EVERY = Duration.ofSeconds(1);

    private static final String LAPSED = "chosen = 'available' AND present_until < :tooLong";

    /** Also the lock under which they are written, so that nobody who has left is brought back by an older beat. */
    private final Set<AgentId> beats = ConcurrentHashMap.newKeySet();

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final Duration grace;

    Presence(
            JdbcClient jdbc,
            TransactionTemplate transaction,
            ApplicationEventPublisher events,
            Clock clock,
            @Value("${cordboard.agent.presence-grace}") Duration grace) {
        super("presence", EVERY);
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.events = events;
        this.clock = clock;
        this.grace = grace;
    }

    /** The agent's page is open. Takes effect within a second. */
    public void beat(AgentId agent) {
        beats.add(agent);
    }

    /** The agent closed the page on purpose and goes on without one, as they are. */
    public void leave(AgentId agent) {
        synchronized (beats) {
            beats.remove(agent);
            transaction.executeWithoutResult(status -> jdbc.sql("UPDATE agent SET present_until = NULL WHERE id = :id")
                    .param("id", agent.value())
                    .update());
        }
    }

    @Override
    protected void sweep() {
        synchronized (beats) {
            Set<AgentId> beating = Set.copyOf(beats);
            if (!beating.isEmpty()) {
                transaction.executeWithoutResult(status -> prolong(beating));
                beats.removeAll(beating);
            }
        }
        if (anybodyLapsed()) {
            transaction.executeWithoutResult(status -> lapse());
        }
    }

    private void prolong(Collection<AgentId> agents) {
        OffsetDateTime now = OffsetDateTime.now(clock);
        int back = jdbc.sql(
                        """
                        WITH here AS (
                            SELECT id, present_until < :now AS was_gone, chosen_because = :lost AS was_lost FROM agent
                             WHERE id = ANY (:agents) AND deleted_at IS NULL ORDER BY id FOR UPDATE),
                        beaten AS (
                            UPDATE agent a
                               SET present_until = :until,
                                   chosen = CASE WHEN here.was_lost THEN 'available' ELSE a.chosen END,
                                   chosen_because = CASE WHEN here.was_lost THEN NULL ELSE a.chosen_because END,
                                   status_since = CASE WHEN here.was_lost AND a.engaged IS NULL THEN :now ELSE a.status_since END
                              FROM here WHERE a.id = here.id)
                        SELECT count(*) FROM here WHERE was_gone OR was_lost""")
                .param("agents", agents.stream().map(AgentId::value).toArray(UUID[]::new))
                .param("now", now)
                .param("until", now.plus(LEASE))
                .param("lost", CONNECTION_LOST)
                .query(Integer.class)
                .single();
        if (back > 0) {
            events.publishEvent(new AgentBecameFree());
        }
    }

    private boolean anybodyLapsed() {
        return jdbc.sql("SELECT EXISTS (SELECT FROM agent WHERE " + LAPSED + ")")
                .params(lapsed())
                .query(Boolean.class)
                .single();
    }

    private Map<String, Object> lapsed() {
        return Map.of("tooLong", OffsetDateTime.now(clock).minus(grace));
    }

    private void lapse() {
        jdbc.sql(
                        """
                        UPDATE agent SET chosen = 'away', chosen_because = :lost,
                                         status_since = CASE WHEN engaged IS NULL THEN :now ELSE status_since END
                         WHERE id IN (SELECT id FROM agent WHERE %s ORDER BY id FOR UPDATE SKIP LOCKED)"""
                                .formatted(LAPSED))
                .params(lapsed())
                .param("lost", CONNECTION_LOST)
                .param("now", OffsetDateTime.now(clock))
                .update();
    }
}
