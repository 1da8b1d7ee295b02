package io.cordboard.telephony;

import io.cordboard.shared.Ids;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;

/** The outbox table as one node sees it: what it writes is leased to it. */
@Repository
class OutboxTable {

    /** Adds rows and yields their ids and numbers; to be completed with a query on {@code added}. */
    static final String ADDING =
            """
            WITH added AS (
                INSERT INTO outbox (id, call_id, leg_id, provider, command, state, node, lease_until, created_at)
                SELECT c.id, c.call_id, c.leg_id, c.provider, c.command, 'pending', :node, :leaseUntil, :now
                  FROM unnest(CAST(:ids AS uuid[]), CAST(:calls AS uuid[]), CAST(:legs AS uuid[]),
                              CAST(:providers AS text[]), CAST(:commands AS jsonb[]))
                       WITH ORDINALITY AS c (id, call_id, leg_id, provider, command, n)
                 ORDER BY c.n
                RETURNING id, leg_id, seq)
            """;
    /** Whether another node still has commands for the leg, which then come first. */
    static final String BEHIND_OTHERS =
            """
            EXISTS (SELECT 1 FROM outbox o
                     WHERE o.leg_id = added.leg_id AND o.state = 'pending' AND o.node <> :node) AS behind_others
            """;

    private final JdbcClient jdbc;
    private final Clock clock;
    private final TelephonySettings settings;
    private final String node = Ids.next().toString();

    OutboxTable(JdbcClient jdbc, Clock clock, TelephonySettings settings) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.settings = settings;
    }

    /** A command that is about to be written. */
    record NewCommand(UUID id, String provider, CarrierCommand command) {}

    /** Writes commands in their order, leased to this node. */
    List<HeldCommand> add(List<NewCommand> commands) {
        Instant now = clock.instant();
        return adding(jdbc.sql(ADDING + "SELECT id, seq, " + BEHIND_OTHERS + " FROM added"), commands, now)
                .query((row, n) -> held(row, byId(commands), now))
                .list();
    }

    /** Binds what {@link #ADDING} needs. */
    StatementSpec adding(StatementSpec statement, List<NewCommand> commands, Instant now) {
        return statement
                .param("ids", texts(commands, c -> c.id().toString()))
                .param("calls", texts(commands, c -> c.command().call().toString()))
                .param("legs", texts(commands, c -> c.command().leg().toString()))
                .param("providers", texts(commands, NewCommand::provider))
                .param("commands", texts(commands, c -> TelephonyJson.write(c.command())))
                .param("node", node)
                .param("leaseUntil", utc(now.plus(settings.lease())))
                .param("now", utc(now));
    }

    /** Reads a row of {@link #ADDING} with {@link #BEHIND_OTHERS}. */
    HeldCommand held(ResultSet row, Map<UUID, NewCommand> commands, Instant now) throws SQLException {
        UUID id = row.getObject("id", UUID.class);
        NewCommand added = commands.get(id);
        if (added == null) {
            throw new IllegalStateException("The outbox answered with a row that was not asked for: " + id);
        }
        HeldCommand held = new HeldCommand(
                id, row.getLong("seq"), added.provider(), added.command(), now, now.plus(settings.lease()));
        held.behindOthers = row.getBoolean("behind_others");
        return held;
    }

    static Map<UUID, NewCommand> byId(List<NewCommand> commands) {
        return commands.stream().collect(Collectors.toMap(NewCommand::id, Function.identity()));
    }

    /** Takes over what nobody has a valid lease for any more, except what this node is still working on. */
    List<HeldCommand> recover(Collection<UUID> held) {
        Instant now = clock.instant();
        Instant leaseUntil = now.plus(settings.lease());
        return jdbc.sql(
                        """
                        UPDATE outbox SET node = :node, lease_until = :leaseUntil, uncertain = true
                         WHERE id IN (SELECT id FROM outbox
                                       WHERE state = 'pending' AND lease_until < :now
                                         AND NOT id = ANY (CAST(:held AS uuid[]))
                                       ORDER BY seq LIMIT 200
                                         FOR UPDATE SKIP LOCKED)
                        RETURNING id, seq, provider, command, created_at, attempts""")
                .param("node", node)
                .param("leaseUntil", utc(leaseUntil))
                .param("now", utc(now))
                .param("held", texts(held, UUID::toString))
                .query((row, n) -> recovered(row, leaseUntil))
                .list();
    }

    private static HeldCommand recovered(ResultSet row, Instant leaseUntil) throws SQLException {
        HeldCommand held = new HeldCommand(
                row.getObject("id", UUID.class),
                row.getLong("seq"),
                row.getString("provider"),
                TelephonyJson.command(row.getString("command")),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                leaseUntil);
        held.attempts = row.getInt("attempts");
        held.uncertain = true;
        held.behindOthers = true;
        held.stale = true;
        return held;
    }

    /** Prolongs leases and tells which; a row that another transaction holds, or another node took, is left out. */
    List<UUID> renew(Collection<UUID> ids, Instant until) {
        return jdbc.sql(
                        """
                        UPDATE outbox SET lease_until = :until
                         WHERE id IN (SELECT id FROM outbox
                                       WHERE id = ANY (CAST(:ids AS uuid[])) AND node = :node AND state = 'pending'
                                         FOR UPDATE SKIP LOCKED)
                        RETURNING id""")
                .param("until", utc(until))
                .param("ids", texts(ids, UUID::toString))
                .param("node", node)
                .query((row, n) -> row.getObject("id", UUID.class))
                .list();
    }

    /** Notes a try that did not succeed. */
    void tried(HeldCommand command, String error, Instant leaseUntil) {
        jdbc.sql(
                        """
                        UPDATE outbox SET attempts = :attempts, uncertain = :uncertain, error = :error,
                                          lease_until = :leaseUntil
                         WHERE id = :id AND node = :node AND state = 'pending'""")
                .param("attempts", command.attempts)
                .param("uncertain", command.uncertain)
                .param("error", error)
                .param("leaseUntil", utc(leaseUntil))
                .param("id", command.id)
                .param("node", node)
                .update();
    }

    /** Whether another node has still to carry out an older command of the same leg. */
    boolean othersComeFirst(HeldCommand command) {
        return jdbc.sql(
                        """
                        SELECT EXISTS (SELECT 1 FROM outbox
                                        WHERE leg_id = :leg AND seq < :seq AND state = 'pending' AND node <> :node)""")
                .param("leg", command.command.leg().value())
                .param("seq", command.seq)
                .param("node", node)
                .query(Boolean.class)
                .single();
    }

    /** Removes a command whose call has no more use for it, or marks it dead. */
    void finish(UUID id, HeldCommand.Verdict verdict) {
        if (verdict.dead()) {
            jdbc.sql("UPDATE outbox SET state = 'dead', error = :error WHERE id = :id AND state = 'pending'")
                    .param("error", verdict.reason())
                    .param("id", id)
                    .update();
        } else {
            jdbc.sql("DELETE FROM outbox WHERE id = :id AND state = 'pending'")
                    .param("id", id)
                    .update();
        }
    }

    /** Gives all leases of this node back, so that others need not wait for their end. */
    void release() {
        jdbc.sql("UPDATE outbox SET lease_until = :now WHERE node = :node AND state = 'pending'")
                .param("now", utc(clock.instant()))
                .param("node", node)
                .update();
    }

    /** Commands that were given up, latest first. */
    List<DeadLetters.DeadLetter> dead(int limit) {
        return jdbc.sql(
                        """
                        SELECT id, provider, call_id, command ->> 'command' AS kind, created_at, attempts, error
                          FROM outbox WHERE state = 'dead' ORDER BY created_at DESC LIMIT :limit""")
                .param("limit", limit)
                .query((row, n) -> DeadLetters.DeadLetter.command(
                        row.getObject("id", UUID.class),
                        row.getString("kind"),
                        row.getString("provider"),
                        row.getObject("call_id", UUID.class),
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        row.getInt("attempts"),
                        row.getString("error")))
                .list();
    }

    /** @return empty when it is not dead */
    List<HeldCommand> revive(UUID id) {
        Instant now = clock.instant();
        Instant leaseUntil = now.plus(settings.lease());
        return jdbc.sql(
                        """
                        UPDATE outbox SET state = 'pending', node = :node, lease_until = :leaseUntil, attempts = 0,
                                          uncertain = true, created_at = :now, error = NULL
                         WHERE id = :id AND state = 'dead'
                        RETURNING id, seq, provider, command, created_at, attempts""")
                .param("node", node)
                .param("leaseUntil", utc(leaseUntil))
                .param("now", utc(now))
                .param("id", id)
                .query((row, n) -> recovered(row, leaseUntil))
                .list();
    }

    boolean dismiss(UUID id) {
        return jdbc.sql("UPDATE outbox SET state = 'dismissed' WHERE id = :id AND state = 'dead'")
                        .param("id", id)
                        .update()
                == 1;
    }

    static OffsetDateTime utc(Instant at) {
        return at.atOffset(ZoneOffset.UTC);
    }

    static <T> String[] texts(Collection<T> values, Function<T, String> text) {
        return values.stream().map(text).toArray(String[]::new);
    }
}
