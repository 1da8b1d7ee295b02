package io.cordboard.routing;

import io.cordboard.agent.AgentBecameFree;
import io.cordboard.events.EventLog;
import io.cordboard.shared.CustomerId;
import io.cordboard.shared.QueueId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** The queues a customer has: made, changed and deleted by its administrators. */
@Service
public class QueueBook {

    private final QueueRows rows;
    private final QueueRules rules;
    private final CallbackSecrets secrets;
    private final EventLog log;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transaction;

    QueueBook(
            QueueRows rows,
            QueueRules rules,
            CallbackSecrets secrets,
            EventLog log,
            ApplicationEventPublisher events,
            TransactionTemplate transaction) {
        this.rows = rows;
        this.rules = rules;
        this.secrets = secrets;
        this.log = log;
        this.events = events;
        this.transaction = transaction;
    }

    /**
     * A queue with all its settings.
     *
     * @param revision grows with each change
     */
    public record Kept(QueueId id, Instant createdAt, int revision, QueueSettings settings) {}

    /** What came of it. */
    public sealed interface Outcome {

        /**
         * @param warnings what may be meant, and looks like a mistake
         * @param newSecret what questions to the assignment callback are signed with, when it was made by this
         */
        record Done(Kept queue, List<String> warnings, @Nullable String newSecret) implements Outcome {}

        record Deleted() implements Outcome {}

        record NoSuchQueue() implements Outcome {}

        record NameTaken(String name) implements Outcome {}

        record Unfit(List<SettingFault> faults) implements Outcome {}

        /** Somebody else was faster; the revision is what the queue has now. */
        record ChangedMeanwhile(int revision) implements Outcome {}

        /**
         * @param callers who wait in it
         * @param talks of agents with callers out of it, offers and wrap-ups included
         * @param messages that nobody has dealt with
         */
        record InUse(int callers, int talks, int messages) implements Outcome {}
    }

    /** What may be in a field of the settings, as an invitation; empty for one that says itself what it wants. */
    public static String expected(String field) {
        return SettingColumns.expected(field);
    }

    public Optional<Kept> find(CustomerId customer, QueueId id) {
        return rows.find(customer, id);
    }

    /** @param given what is null in it gets its usual value */
    public Outcome add(CustomerId customer, QueueSettings given) {
        QueueId id = QueueId.next();
        return save(customer, id, given, "queue.created", settings -> rows.insert(customer, id, settings));
    }

    /**
     * Replaces all settings. Who waits is asked for by the new ones.
     *
     * @param given what is null in it gets its usual value
     * @param revision only of this revision; null for any
     */
    public Outcome change(CustomerId customer, QueueId id, QueueSettings given, @Nullable Integer revision) {
        return save(customer, id, given, "queue.updated", settings -> {
            if (!rows.replace(customer, id, settings, revision)) {
                throw missing(customer, id);
            }
        });
    }

    /** Only one in which nothing goes on. What calls did in it stays readable. */
    public Outcome delete(CustomerId customer, QueueId id, @Nullable Integer revision) {
        return decide(() -> {
            if (!rows.lock(customer, id, revision)) {
                throw missing(customer, id);
            }
            QueueRows.Use use = rows.use(id);
            if (!use.isNone()) {
                throw new Refused(new Outcome.InUse(use.callers(), use.talks(), use.messages()));
            }
            Kept queue = rows.find(customer, id).orElseThrow();
            rows.delete(id);
            log.add("queue.deleted", customer, data(queue.id(), queue.settings()));
            return new Outcome.Deleted();
        });
    }

    private Outcome save(CustomerId customer, QueueId id, QueueSettings given, String fact, Writing writing) {
        QueueSettings settings = SettingColumns.completed(given);
        try {
            return decide(() -> {
                refuse(rules.faults(customer, settings));
                writing.write(settings);
                // After it is written, so that of an agent and a queue that are saved at once one sees the other.
                List<String> warnings = new ArrayList<>();
                refuse(rules.misfits(customer, settings, warnings::add));
                log.add(fact, customer, data(id, settings));
                events.publishEvent(new AgentBecameFree());
                String newSecret = settings.assignmentCallbackUrl() == null
                        ? null
                        : secrets.makeIfNone(id).orElse(null);
                return new Outcome.Done(rows.find(customer, id).orElseThrow(), warnings, newSecret);
            });
        } catch (DuplicateKeyException taken) {
            return new Outcome.NameTaken(String.valueOf(settings.name()));
        }
    }

    private static Map<String, ?> data(QueueId id, QueueSettings settings) {
        return Map.of("queue_id", id.value(), "queue", String.valueOf(settings.name()));
    }

    private static void refuse(List<SettingFault> faults) {
        if (!faults.isEmpty()) {
            throw new Refused(new Outcome.Unfit(faults));
        }
    }

    private Refused missing(CustomerId customer, QueueId id) {
        return new Refused(rows.find(customer, id)
                .<Outcome>map(queue -> new Outcome.ChangedMeanwhile(queue.revision()))
                .orElseGet(Outcome.NoSuchQueue::new));
    }

    private Outcome decide(Supplier<Outcome> work) {
        try {
            return transaction.execute(status -> {
                rows.takeTurns();
                return work.get();
            });
        } catch (Refused refused) {
            return refused.outcome;
        }
    }

    private interface Writing {
        void write(QueueSettings settings);
    }

    /** Undoes the transaction; never leaves this class. */
    private static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;
        private final transient Outcome outcome;

        Refused(Outcome outcome) {
            super(outcome.toString(), null, false, false);
            this.outcome = outcome;
        }
    }
}
