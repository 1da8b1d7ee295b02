package io.cordboard.routing;

import io.cordboard.events.Questions;
import io.cordboard.shared.CustomerId;
import io.cordboard.shared.QueueId;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What the questions of queues to their assignment callbacks are signed with. Each secret is told once, when it is made. */
@Repository
public class CallbackSecrets {

    private final JdbcClient jdbc;
    private final Questions questions;
    private final Clock clock;

    CallbackSecrets(JdbcClient jdbc, Questions questions, Clock clock) {
        this.jdbc = jdbc;
        this.questions = questions;
        this.clock = clock;
    }

    /** The queue's first secret; empty when it has one already. */
    Optional<String> makeIfNone(QueueId queue) {
        String secret = questions.newSecret();
        int made = jdbc.sql("INSERT INTO queue_callback_secret (queue_id, secret) VALUES (:queue, :secret)"
                        + " ON CONFLICT (queue_id) DO NOTHING")
                .param("queue", queue.value())
                .param("secret", secret)
                .update();
        return made == 1 ? Optional.of(secret) : Optional.empty();
    }

    /**
     * Makes a new secret. The one before signs beside it for a while; one before that no more.
     *
     * @return empty when the customer has no such queue
     */
    public Optional<String> rotate(CustomerId customer, QueueId queue) {
        String secret = questions.newSecret();
        int made = jdbc.sql(
                        """
                        INSERT INTO queue_callback_secret AS s (queue_id, secret)
                        SELECT id, :secret FROM queue WHERE id = :queue AND customer_id = :customer AND deleted_at IS NULL
                        ON CONFLICT (queue_id) DO UPDATE
                           SET secret = :secret, old_secret = s.secret, old_secret_until = :until""")
                .param("secret", secret)
                .param("queue", queue.value())
                .param("customer", customer.value())
                .param("until", OffsetDateTime.now(clock).plus(questions.oldSecretValid()))
                .update();
        return made == 1 ? Optional.of(secret) : Optional.empty();
    }
}
