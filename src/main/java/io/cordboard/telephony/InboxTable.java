package io.cordboard.telephony;

import static io.cordboard.telephony.OutboxTable.texts;
import static io.cordboard.telephony.OutboxTable.utc;

import io.cordboard.shared.CallId;
import io.cordboard.telephony.CarrierFactHandler.Fact;
import io.cordboard.telephony.Inbox.Receipt;
import io.cordboard.telephony.Inbox.State;
import io.cordboard.telephony.OutboxTable.NewCommand;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The inbox table. Its primary key decides whether an event is new. */
@Repository
class InboxTable {

    /** Stores an event that had its effect, unless its key is there or an older event of its leg still waits. */
    private static final String STORING =
            """
            INSERT INTO inbox (provider, event_key, kind, call_id, state, reply, received_at)
            SELECT :provider, :key, :kind, CAST(:call AS uuid), 'done', CAST(:reply AS jsonb), :now
             WHERE :overtaking OR NOT EXISTS (
                   SELECT 1 FROM inbox WHERE provider = :provider AND leg = :leg AND state = 'waiting')
            ON CONFLICT DO NOTHING
            """;

    private final JdbcClient jdbc;
    private final OutboxTable outbox;
    private final Clock clock;

    InboxTable(JdbcClient jdbc, OutboxTable outbox, Clock clock) {
        this.jdbc = jdbc;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** Under which name the events of one leg wait for each other. */
    static String legName(LegRef leg) {
        String carriers = leg.providerLegId();
        return carriers != null ? carriers : String.valueOf(leg.leg());
    }

    /**
     * Stores an event that had its effect, together with the commands it led to.
     *
     * @param reply null when the event asks for none
     * @param overtaking whether older events of the leg may still wait
     * @return the commands, held by this node; empty when the event cannot be stored and everything must be undone
     */
    Optional<List<HeldCommand>> store(
            CarrierEvent event,
            @Nullable CallId call,
            @Nullable List<MediaStep> reply,
            List<NewCommand> commands,
            boolean overtaking) {
        Instant now = clock.instant();
        var statement = jdbc.sql(
                        commands.isEmpty()
                                ? STORING
                                : OutboxTable.ADDING + ", stored AS (" + STORING + " RETURNING 1) SELECT id, seq, "
                                        + OutboxTable.BEHIND_OTHERS
                                        + ", EXISTS (SELECT 1 FROM stored) AS stored FROM added")
                .param("provider", event.key().provider())
                .param("key", event.key().value())
                .param("kind", kind(event))
                .param("call", call == null ? null : call.toString())
                .param("reply", reply == null ? null : TelephonyJson.write(reply))
                .param("overtaking", overtaking)
                .param("leg", legName(event.leg()));
        if (commands.isEmpty()) {
            return statement.param("now", utc(now)).update() == 1 ? Optional.of(List.of()) : Optional.empty();
        }
        Map<UUID, NewCommand> byId = OutboxTable.byId(commands);
        List<HeldCommand> held = new ArrayList<>();
        boolean[] stored = {true};
        outbox.adding(statement, commands, now).query(row -> {
            stored[0] &= row.getBoolean("stored");
            held.add(outbox.held(row, byId, now));
        });
        return stored[0] ? Optional.of(held) : Optional.empty();
    }

    /**
     * Stores facts and removes commands that were carried out, all in one statement.
     *
     * @param facts sorted by key, each key once
     */
    Noted note(Collection<? extends Fact<?>> facts, Collection<UUID> carriedOut) {
        Set<EventKey> fresh = new HashSet<>();
        Set<UUID> gone = new HashSet<>();
        jdbc.sql(
                        """
                        WITH gone AS (
                            DELETE FROM outbox WHERE id = ANY (CAST(:carriedOut AS uuid[])) RETURNING id),
                        stored AS (
                            INSERT INTO inbox (provider, event_key, kind, call_id, state, received_at)
                            SELECT f.provider, f.event_key, f.kind, f.call_id, 'done', :now
                              FROM unnest(CAST(:providers AS text[]), CAST(:keys AS text[]), CAST(:kinds AS text[]),
                                          CAST(:calls AS uuid[])) AS f (provider, event_key, kind, call_id)
                            ON CONFLICT DO NOTHING
                            RETURNING provider, event_key)
                        SELECT provider, event_key, NULL AS id FROM stored
                        UNION ALL
                        SELECT NULL, NULL, id FROM gone""")
                .param("carriedOut", texts(carriedOut, UUID::toString))
                .param("now", utc(clock.instant()))
                .param("providers", texts(facts, f -> f.event().key().provider()))
                .param("keys", texts(facts, f -> f.event().key().value()))
                .param("kinds", texts(facts, f -> kind(f.event())))
                .param("calls", texts(facts, f -> f.call().call().toString()))
                .query(row -> {
                    UUID id = row.getObject("id", UUID.class);
                    if (id != null) {
                        gone.add(id);
                    } else {
                        fresh.add(new EventKey(row.getString("provider"), row.getString("event_key")));
                    }
                });
        return new Noted(fresh, gone);
    }

    /**
     * @param fresh events that were not there before
     * @param gone commands that were still there
     */
    record Noted(Set<EventKey> fresh, Set<UUID> gone) {}

    /** What became of an event that came before. */
    Optional<Receipt> receipt(EventKey key) {
        return jdbc.sql("SELECT state, reply FROM inbox WHERE provider = :provider AND event_key = :key")
                .param("provider", key.provider())
                .param("key", key.value())
                .query((row, n) -> {
                    String reply = row.getString("reply");
                    return new Receipt(
                            reply == null ? List.of() : TelephonyJson.steps(reply),
                            "done".equals(row.getString("state")) ? State.DONE : State.KEPT);
                })
                .optional();
    }

    /** @return false when its key is there already */
    boolean keep(CarrierEvent event, Instant nextAttempt, String because) {
        return jdbc.sql(
                                """
                                INSERT INTO inbox (provider, event_key, kind, state, received_at,
                                                   leg, body, attempts, next_attempt_at, error)
                                VALUES (:provider, :key, :kind, 'waiting', :now,
                                        :leg, CAST(:body AS jsonb), 1, :next, :error)
                                ON CONFLICT DO NOTHING""")
                        .param("provider", event.key().provider())
                        .param("key", event.key().value())
                        .param("kind", kind(event))
                        .param("now", utc(clock.instant()))
                        .param("leg", legName(event.leg()))
                        .param("body", TelephonyJson.write(event))
                        .param("next", utc(nextAttempt))
                        .param("error", because)
                        .update()
                == 1;
    }

    /** An event that waits for its turn. */
    record Waiting(CarrierEvent event, Instant receivedAt, int attempts) {}

    /** A leg with waiting events. */
    record WaitingLeg(String provider, String leg) {}

    /** Legs of which an event is due, those that wait longest first. */
    List<WaitingLeg> dueLegs() {
        return jdbc.sql(
                        """
                        SELECT provider, leg FROM inbox WHERE state = 'waiting' AND next_attempt_at <= :now
                         GROUP BY provider, leg ORDER BY min(received_at) LIMIT 200""")
                .param("now", utc(clock.instant()))
                .query((row, n) -> new WaitingLeg(row.getString("provider"), row.getString("leg")))
                .list();
    }

    /** The waiting events of a leg in the order they came. */
    List<Waiting> waiting(WaitingLeg leg) {
        return jdbc.sql(
                        """
                        SELECT body, received_at, attempts FROM inbox
                         WHERE provider = :provider AND leg = :leg AND state = 'waiting'
                         ORDER BY received_at""")
                .param("provider", leg.provider())
                .param("leg", leg.leg())
                .query((row, n) -> new Waiting(
                        TelephonyJson.event(row.getString("body")),
                        row.getObject("received_at", OffsetDateTime.class).toInstant(),
                        row.getInt("attempts")))
                .list();
    }

    /**
     * Claims a waiting event until the transaction ends.
     *
     * @param patiently whether to wait while somebody else has it
     * @return false when it no longer waits, or when somebody else has it
     */
    boolean claim(EventKey key, boolean patiently) {
        return jdbc.sql(
                        """
                        SELECT 1 FROM inbox
                         WHERE provider = :provider AND event_key = :key AND state = 'waiting'
                           FOR UPDATE\
                        """
                                + (patiently ? "" : " SKIP LOCKED"))
                .param("provider", key.provider())
                .param("key", key.value())
                .query(Integer.class)
                .optional()
                .isPresent();
    }

    /** A claimed event had its effect. */
    void done(EventKey key, @Nullable CallId call) {
        jdbc.sql(
                        """
                        UPDATE inbox SET state = 'done', call_id = CAST(:call AS uuid), leg = NULL, body = NULL,
                                         next_attempt_at = NULL, error = NULL, attempts = attempts + 1
                         WHERE provider = :provider AND event_key = :key""")
                .param("call", call == null ? null : call.toString())
                .param("provider", key.provider())
                .param("key", key.value())
                .update();
    }

    /**
     * A waiting event was tried in vain.
     *
     * @param nextAttempt null when it is given up
     */
    void postpone(Waiting waiting, @Nullable Instant nextAttempt, String because) {
        jdbc.sql(
                        """
                        UPDATE inbox SET attempts = :attempts + 1, next_attempt_at = :next, error = :error,
                                         state = CASE WHEN CAST(:next AS timestamptz) IS NULL THEN 'unmatched' ELSE 'waiting' END
                         WHERE provider = :provider AND event_key = :key AND state = 'waiting' AND attempts = :attempts""")
                .param("attempts", waiting.attempts())
                .param("next", nextAttempt == null ? null : utc(nextAttempt))
                .param("error", because)
                .param("provider", waiting.event().key().provider())
                .param("key", waiting.event().key().value())
                .update();
    }

    /** Events that were given up, latest first. */
    List<DeadLetters.DeadLetter> unmatched(int limit) {
        return jdbc.sql(
                        """
                        SELECT provider, event_key, kind, received_at, attempts, error FROM inbox
                         WHERE state = 'unmatched' ORDER BY received_at DESC LIMIT :limit""")
                .param("limit", limit)
                .query((row, n) -> DeadLetters.DeadLetter.event(
                        new EventKey(row.getString("provider"), row.getString("event_key")),
                        row.getString("kind"),
                        row.getObject("received_at", OffsetDateTime.class).toInstant(),
                        row.getInt("attempts"),
                        row.getString("error")))
                .list();
    }

    /** Lets an unmatched event wait again from now on; empty when it is not unmatched. */
    Optional<WaitingLeg> revive(EventKey key) {
        return jdbc.sql(
                        """
                        UPDATE inbox SET state = 'waiting', next_attempt_at = :now, received_at = :now, attempts = 1
                         WHERE provider = :provider AND event_key = :key AND state = 'unmatched'
                        RETURNING provider, leg""")
                .param("now", utc(clock.instant()))
                .param("provider", key.provider())
                .param("key", key.value())
                .query((row, n) -> new WaitingLeg(row.getString("provider"), row.getString("leg")))
                .optional();
    }

    boolean dismiss(EventKey key) {
        return jdbc.sql(
                                """
                                UPDATE inbox SET state = 'dismissed'
                                 WHERE provider = :provider AND event_key = :key AND state = 'unmatched'""")
                        .param("provider", key.provider())
                        .param("key", key.value())
                        .update()
                == 1;
    }

    /** Forgets what had its effect before the given time. */
    int forget(Instant before) {
        return jdbc.sql("DELETE FROM inbox WHERE state IN ('done', 'dismissed') AND received_at < :before")
                .param("before", utc(before))
                .update();
    }

    /** What waits in inbox and outbox, in one statement. */
    Backlog backlog(Collection<UUID> held) {
        return jdbc.sql(
                        """
                        SELECT e.waiting, e.next_attempt, c.pending, c.expired,
                               (SELECT count(*) FROM inbox WHERE state = 'unmatched') AS unmatched,
                               (SELECT count(*) FROM outbox WHERE state = 'dead') AS dead
                          FROM (SELECT count(*) AS waiting, min(next_attempt_at) AS next_attempt
                                  FROM inbox WHERE state = 'waiting') e,
                               (SELECT count(*) AS pending,
                                       count(*) FILTER (WHERE lease_until < :now
                                                          AND NOT id = ANY (CAST(:held AS uuid[]))) AS expired
                                  FROM outbox WHERE state = 'pending') c""")
                .param("now", utc(clock.instant()))
                .param("held", texts(held, UUID::toString))
                .query((row, n) -> {
                    OffsetDateTime next = row.getObject("next_attempt", OffsetDateTime.class);
                    return new Backlog(
                            row.getInt("waiting"),
                            next == null ? null : next.toInstant(),
                            row.getInt("unmatched"),
                            row.getInt("pending"),
                            row.getInt("expired"),
                            row.getInt("dead"));
                })
                .single();
    }

    /**
     * @param nextEvent when the next waiting event is due
     * @param expired pending commands whose node seems gone
     */
    record Backlog(int waiting, @Nullable Instant nextEvent, int unmatched, int pending, int expired, int dead) {}

    /** The name of a kind of event in the table and in metrics. */
    static String kind(CarrierEvent event) {
        return event.getClass().getSimpleName();
    }
}
