package io.cordboard.call;

import io.cordboard.platform.CallLog;
import io.cordboard.shared.AgentId;
import io.cordboard.shared.CallId;
import io.cordboard.shared.CustomerId;
import io.cordboard.shared.LegId;
import io.cordboard.telephony.CallLocks;
import io.cordboard.telephony.LegRef;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The call table. Whoever moves a call opens it here first, which locks its row: events, clicks and timers of one call
 * happen one after the other.
 */
@Repository
public class Calls implements CallLocks {

    private static final String COLUMNS = """
            SELECT c.*, caller.id AS caller_leg
            """;
    private static final String LEG_COLUMNS =
            """
            SELECT c.*, caller.id AS caller_leg,
                   leg.id AS leg_id, leg.provider AS leg_provider, leg.provider_leg_id AS leg_provider_id,
                   leg.state = 'ended' AS leg_over
              FROM call_leg leg
              JOIN call c ON c.id = leg.call_id
              JOIN call_leg caller ON caller.call_id = c.id AND caller.kind = 'caller'
            """;

    private final JdbcClient jdbc;

    Calls(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Writes a new call with its caller's leg and opens it.
     *
     * @return empty when the carrier's leg already has a call
     */
    public Optional<OpenCall> begin(LegRef leg, String from, String to, Instant at) {
        CallId id = CallId.next();
        LegId callerLeg = LegId.next();
        int rows = jdbc.sql(
                        """
                        WITH leg AS (
                            INSERT INTO call_leg (id, call_id, kind, provider, provider_leg_id, address, state, started_at)
                            VALUES (:leg, :id, 'caller', :provider, :providerLeg, :from, 'live', :at)
                            ON CONFLICT (provider, provider_leg_id) DO NOTHING
                            RETURNING call_id)
                        INSERT INTO call (id, provider, direction, from_number, to_number, state, started_at)
                        SELECT call_id, :provider, 'inbound', :from, :to, 'greeting', :at FROM leg""")
                .param("leg", callerLeg.value())
                .param("id", id.value())
                .param("provider", leg.provider())
                .param("providerLeg", leg.providerLegId())
                .param("from", from)
                .param("to", to)
                .param("at", at.atOffset(ZoneOffset.UTC))
                .update();
        if (rows == 0) {
            return Optional.empty();
        }
        OpenCall call = new OpenCall(id, leg.provider(), from, to, at, callerLeg, CallState.GREETING);
        remember(call);
        return Optional.of(call);
    }

    /**
     * The call with its row locked until the transaction ends.
     *
     * @throws NoSuchElementException when there is no such call
     */
    public OpenCall open(CallId id) {
        return find(id).orElseThrow(() -> new NoSuchElementException("There is no call " + id + "."));
    }

    /** Like {@link #open}, empty when there is no such call. */
    public Optional<OpenCall> find(CallId id) {
        OpenCall known = opened().get(id);
        if (known != null) {
            return Optional.of(known);
        }
        return jdbc.sql(
                        COLUMNS
                                + """
                          FROM call c JOIN call_leg caller ON caller.call_id = c.id AND caller.kind = 'caller'
                         WHERE c.id = :id FOR UPDATE OF c""")
                .param("id", id.value())
                .query((row, n) -> open(row))
                .optional();
    }

    /** Locks the call's row unless somebody else works on it at this moment. */
    public boolean tryLock(CallId id) {
        return jdbc.sql("SELECT 1 FROM call WHERE id = :id FOR UPDATE SKIP LOCKED")
                .param("id", id.value())
                .query(Integer.class)
                .optional()
                .isPresent();
    }

    @Override
    public Optional<LockedCall> lock(LegRef leg) {
        LegId ours = leg.leg();
        return ours != null
                ? jdbc.sql(LEG_COLUMNS + " WHERE leg.id = :leg FOR UPDATE OF c, leg")
                        .param("leg", ours.value())
                        .query((row, n) -> locked(row))
                        .optional()
                : jdbc.sql(LEG_COLUMNS
                                + " WHERE leg.provider = :provider AND leg.provider_leg_id = :id FOR UPDATE OF c, leg")
                        .param("provider", leg.provider())
                        .param("id", leg.providerLegId())
                        .query((row, n) -> locked(row))
                        .optional();
    }

    @Override
    public Map<LegRef, LockedCall> lockAll(Set<LegRef> legs) {
        Map<UUID, LegRef> ours = new HashMap<>();
        Map<String, LegRef> theirs = new HashMap<>();
        for (LegRef leg : legs) {
            LegId id = leg.leg();
            if (id != null) {
                ours.put(id.value(), leg);
            } else {
                theirs.put(leg.provider() + "/" + leg.providerLegId(), leg);
            }
        }
        Map<LegRef, LockedCall> locked = new HashMap<>();
        jdbc.sql(
                        LEG_COLUMNS
                                + """
                         WHERE leg.id = ANY (:ours)
                            OR (leg.provider, leg.provider_leg_id) IN (
                                 SELECT split_part(ref, '/', 1), substr(ref, strpos(ref, '/') + 1) FROM unnest(:theirs) ref)
                         ORDER BY c.id, leg.id
                           FOR UPDATE OF c, leg SKIP LOCKED""")
                .param("ours", ours.keySet().toArray(UUID[]::new))
                .param("theirs", theirs.keySet().toArray(String[]::new))
                .query(row -> {
                    LockedCall call = locked(row);
                    LegRef byId = ours.get(call.leg().value());
                    LegRef byName = theirs.get(call.provider() + "/" + call.providerLegId());
                    if (byId != null) {
                        locked.put(byId, call);
                    }
                    if (byName != null) {
                        locked.put(byName, call);
                    }
                });
        return locked;
    }

    @Override
    public Optional<LockedCall> lock(CallId call, LegId leg) {
        return jdbc.sql(LEG_COLUMNS + " WHERE leg.id = :leg AND c.id = :call FOR UPDATE OF c, leg")
                .param("leg", leg.value())
                .param("call", call.value())
                .query((row, n) -> locked(row))
                .optional();
    }

    @Override
    public Optional<String> providerLegId(LegId leg) {
        return jdbc.sql("SELECT provider_leg_id FROM call_leg WHERE id = :leg AND provider_leg_id IS NOT NULL")
                .param("leg", leg.value())
                .query(String.class)
                .optional();
    }

    private LockedCall locked(ResultSet row) throws SQLException {
        OpenCall call = open(row);
        return new LockedCall(
                call.id(),
                new LegId(row.getObject("leg_id", UUID.class)),
                row.getString("leg_provider"),
                row.getString("leg_provider_id"),
                call.over() && call.state() != CallState.CALLING_BACK,
                row.getBoolean("leg_over"));
    }

    private OpenCall open(ResultSet row) throws SQLException {
        CallId id = new CallId(row.getObject("id", UUID.class));
        OpenCall known = opened().get(id);
        if (known != null) {
            return known;
        }
        OpenCall call = new OpenCall(
                id,
                row.getString("provider"),
                row.getString("from_number"),
                row.getString("to_number"),
                instant(row, "started_at").orElseThrow(),
                new LegId(row.getObject("caller_leg", UUID.class)),
                CallState.ofColumn(row.getString("state")));
        UUID customer = row.getObject("customer_id", UUID.class);
        UUID agent = row.getObject("agent_id", UUID.class);
        call.loaded(
                customer == null ? null : new CustomerId(customer),
                row.getString("process_instance_id"),
                row.getString("awaiting_token"),
                row.getString("awaiting_execution"),
                instant(row, "connected_at").orElse(null),
                instant(row, "ended_at").orElse(null),
                row.getString("end_reason"),
                agent == null ? null : new AgentId(agent),
                row.getString("disposition"),
                row.getBoolean("agent_stays"),
                row.getBoolean("awaits_call_back"),
                ringPlan(row),
                hold(row));
        remember(call);
        return call;
    }

    private static RingPlan ringPlan(ResultSet row) throws SQLException {
        int millis = row.getInt("ring_millis");
        Duration ringFor = row.wasNull() ? null : Duration.ofMillis(millis);
        return new RingPlan(row.getString("ring_to"), ringFor, row.getString("ring_whisper"));
    }

    private static Hold hold(ResultSet row) throws SQLException {
        String state = row.getString("hold_state");
        return new Hold(
                state == null ? null : Hold.State.ofColumn(state),
                instant(row, "hold_since").orElse(null),
                row.getInt("hold_number"));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant at) {
        return at == null ? null : at.atOffset(ZoneOffset.UTC);
    }

    private static @Nullable String column(Hold.@Nullable State state) {
        return state == null ? null : state.column();
    }

    private void remember(OpenCall call) {
        opened().put(call.id(), call);
        CallLog.untilTransactionEnds(call.id());
    }

    /** The calls opened by the current transaction, which are written back when it commits. */
    @SuppressWarnings("unchecked")
    private Map<CallId, OpenCall> opened() {
        Object bound = TransactionSynchronizationManager.getResource(this);
        if (bound != null) {
            return (Map<CallId, OpenCall>) bound;
        }
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            throw new IllegalStateException("A call can only be opened in a transaction.");
        }
        Map<CallId, OpenCall> calls = new HashMap<>();
        TransactionSynchronizationManager.bindResource(this, calls);
        TransactionSynchronizationManager.registerSynchronization(new WriteBack(calls));
        return calls;
    }

    private void write(OpenCall call) {
        jdbc.sql(
                        """
                        UPDATE call
                           SET customer_id = :customer, state = :state, process_instance_id = :process,
                               awaiting_token = :token, awaiting_execution = :execution,
                               connected_at = :connected, ended_at = :ended, end_reason = :reason,
                               agent_id = :agent, disposition = :disposition,
                               agent_stays = :agentStays, awaits_call_back = :awaitsCallBack,
                               ring_to = :ringTo, ring_millis = :ringMillis, ring_whisper = :ringWhisper,
                               hold_state = :holdState, hold_since = :holdSince,
                               hold_number = :holdNumber
                         WHERE id = :id""")
                .param("customer", call.customer().map(CustomerId::value).orElse(null))
                .param("state", call.state().column())
                .param("process", call.processInstance().orElse(null))
                .param("token", call.awaitingToken())
                .param("execution", call.awaitingExecution())
                .param("connected", utc(call.connectedAt()))
                .param("ended", utc(call.endedAt()))
                .param("reason", call.endReason().orElse(null))
                .param("agent", call.agent().map(AgentId::value).orElse(null))
                .param("disposition", call.disposition())
                .param("agentStays", call.agentStays())
                .param("awaitsCallBack", call.awaitsCallBack())
                .param("ringTo", call.ringPlan().to())
                .param("ringMillis", call.ringMillis())
                .param("ringWhisper", call.ringPlan().whisper())
                .param("holdState", column(call.hold().state()))
                .param("holdSince", utc(call.hold().since()))
                .param("holdNumber", call.hold().number())
                .param("id", call.id().value())
                .update();
    }

    private final class WriteBack implements TransactionSynchronization {

        private final Map<CallId, OpenCall> calls;

        private WriteBack(Map<CallId, OpenCall> calls) {
            this.calls = calls;
        }

        @Override
        public void suspend() {
            TransactionSynchronizationManager.unbindResource(Calls.this);
        }

        @Override
        public void resume() {
            TransactionSynchronizationManager.bindResource(Calls.this, calls);
        }

        @Override
        public void beforeCommit(boolean readOnly) {
            calls.values().stream().filter(OpenCall::takeChanges).forEach(Calls.this::write);
        }

        @Override
        public void afterCompletion(int status) {
            TransactionSynchronizationManager.unbindResource(Calls.this);
        }
    }
}
