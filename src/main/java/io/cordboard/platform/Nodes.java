package io.cordboard.platform;

import io.cordboard.shared.Ids;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The nodes that work on this database. Each says every two seconds that it lives; one that has not for six seconds is
 * struck off by whoever sees it first ({@link NodeGone}). A node that only slept does no harm when it wakes: what it was
 * doing fails at the rows that others have changed, and it says that it lives again. All times are the database's.
 */
@Component
public class Nodes extends Sweeper {

    static final Duration BEAT = Duration.ofSeconds(2);
    static final Duration DEAD_AFTER = Duration.ofSeconds(6);

    private static final Logger log = LoggerFactory.getLogger(Nodes.class);

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final ApplicationEventPublisher events;
    private final String me = Ids.next().toString();
    private long beatenAt;
    private boolean beaten;

    Nodes(JdbcClient jdbc, TransactionTemplate transaction, ApplicationEventPublisher events) {
        super("nodes", BEAT);
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.events = events;
    }

    /** This node's id, a new one at each start. */
    public String me() {
        return me;
    }

    @Override
    protected void sweep() {
        // After a time without the database everybody looks dead, and deserves the chance to say otherwise.
        boolean mayJudge =
                beaten && System.nanoTime() - beatenAt < BEAT.multipliedBy(2).toNanos();
        transaction.executeWithoutResult(status -> beat(mayJudge).forEach(gone -> {
            log.warn("Node {} has not been seen for {}; its work is taken over", gone, DEAD_AFTER);
            events.publishEvent(new NodeGone(gone));
        }));
        if (!beaten) {
            log.info("This is node {}", me);
        }
        beatenAt = System.nanoTime();
        beaten = true;
    }

    private List<String> beat(boolean mayJudge) {
        return jdbc.sql(
                        """
                        WITH me AS (
                            INSERT INTO node (id, seen_at) VALUES (:me, now())
                            ON CONFLICT (id) DO UPDATE SET seen_at = now())
                        DELETE FROM node
                         WHERE :mayJudge AND id <> :me AND seen_at < now() - :deadAfter * interval '1 second'
                        RETURNING id""")
                .param("me", me)
                .param("mayJudge", mayJudge)
                .param("deadAfter", DEAD_AFTER.toSeconds())
                .query(String.class)
                .list();
    }

    /** A node that stops has nothing left to be taken over. */
    @Override
    public synchronized void stop() {
        boolean running = isRunning();
        super.stop();
        if (running) {
            try {
                jdbc.sql("DELETE FROM node WHERE id = :me").param("me", me).update();
            } catch (DataAccessException away) {
                log.debug("Without the database this node leaves without a word", away);
            }
        }
    }

    /** Lives longer than everything whose work others would take over. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE;
    }
}
