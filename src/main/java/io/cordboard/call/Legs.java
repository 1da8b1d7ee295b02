package io.cordboard.call;

import io.cordboard.shared.AgentId;
import io.cordboard.shared.CallId;
import io.cordboard.shared.Ids;
import io.cordboard.shared.LegId;
import io.cordboard.telephony.CarrierEvent.LegEnd;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The legs of calls: one line to one phone each. A leg only ever moves forward: dialing, ringing, live, ended. */
@Repository
public class Legs {

    private static final String LEG = "id, kind, agent_id, answered_at IS NOT NULL AS answered, questions_left";
    private static final String LISTENER = "listener";
    private static final String EXTERNAL = "external";
    private static final String RETURNING_LEG = " RETURNING " + LEG;

    private final JdbcClient jdbc;
    private final Clock clock;

    Legs(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * Writes a leg to an agent's phone that is about to be dialled.
     *
     * @param questions how often whoever picks up may be asked to confirm; 0 where picking up is enough
     */
    public LegId dialAgent(OpenCall call, AgentId agent, String address, int questions) {
        return dial(call, "agent", agent, address, questions);
    }

    /** Writes a leg to a phone of somebody who wants to listen and is about to be rung. */
    public LegId dialListener(OpenCall call, AgentId supervisor, String address) {
        return dial(call, LISTENER, supervisor, address, 0);
    }

    /** Writes a leg to somebody outside who is about to be dialled. */
    public LegId dialExternal(OpenCall call, String number) {
        return dial(call, EXTERNAL, null, number, 0);
    }

    /**
     * Writes a leg to the caller, who is about to be called back. The one of before is to be over, and takes no part in the
     * call any longer.
     *
     * @param number what is dialled
     * @return the new leg, which the call does not know yet
     */
    public LegId dialCaller(OpenCall call, String number) {
        jdbc.sql("UPDATE call_leg SET kind = 'former_caller' WHERE id = :leg")
                .param("leg", call.callerLeg().value())
                .update();
        return dial(call, "caller", null, number, 0);
    }

    private LegId dial(OpenCall call, String kind, @Nullable AgentId agent, String address, int questions) {
        LegId leg = LegId.next();
        jdbc.sql(
                        """
                        INSERT INTO call_leg (id, call_id, kind, provider, agent_id, address, state, started_at,
                                              questions_left)
                        VALUES (:id, :call, :kind, :provider, :agent, :address, 'dialing', :at, :questions)""")
                .param("id", leg.value())
                .param("call", call.id().value())
                .param("kind", kind)
                .param("provider", call.provider())
                .param("agent", agent == null ? null : agent.value())
                .param("address", address)
                .param("at", now())
                .param("questions", questions)
                .update();
        return leg;
    }

    /** The carrier's id of a leg we dialled became known. */
    public void known(LegId leg, String providerLegId) {
        jdbc.sql("UPDATE call_leg SET provider_leg_id = :id WHERE id = :leg AND provider_leg_id IS NULL")
                .param("id", providerLegId)
                .param("leg", leg.value())
                .update();
    }

    /** It rings, unless it already went further. */
    public void ringing(LegId leg) {
        jdbc.sql("UPDATE call_leg SET state = 'ringing' WHERE id = :leg AND state = 'dialing'")
                .param("leg", leg.value())
                .update();
    }

    /** @return the leg, empty when it was live or over already */
    public Optional<Leg> pickedUp(LegId leg, String providerLegId) {
        return jdbc.sql(
                        """
                        UPDATE call_leg SET state = 'live', answered_at = :at, provider_leg_id = :id
                         WHERE id = :leg AND state IN ('dialing', 'ringing')"""
                                + RETURNING_LEG)
                .param("at", now())
                .param("id", providerLegId)
                .param("leg", leg.value())
                .query((row, n) -> leg(row))
                .optional();
    }

    /**
     * Whoever picked up is asked to confirm.
     *
     * @return the token that the answer must carry; empty when they were asked often enough, or the leg is not live
     */
    public Optional<String> ask(LegId leg) {
        String token = Ids.next().toString().substring(24);
        boolean asked = jdbc.sql(
                                """
                                UPDATE call_leg SET question = :token, questions_left = questions_left - 1
                                 WHERE id = :leg AND state = 'live' AND questions_left > 0""")
                        .param("token", token)
                        .param("leg", leg.value())
                        .update()
                == 1;
        return asked ? Optional.of(token) : Optional.empty();
    }

    /** @return false for an answer that comes too late: to a question that is closed, or on a leg that is over */
    public boolean answered(LegId leg, String token) {
        return jdbc.sql("UPDATE call_leg SET question = NULL WHERE id = :leg AND question = :token AND state = 'live'")
                        .param("leg", leg.value())
                        .param("token", token)
                        .update()
                == 1;
    }

    /** @return the leg, empty when it was over already */
    public Optional<Leg> ended(LegId leg, LegEnd how) {
        return jdbc.sql(
                        """
                        UPDATE call_leg SET state = 'ended', ended_at = :at, outcome = :how
                         WHERE id = :leg AND state <> 'ended'"""
                                + RETURNING_LEG)
                .param("at", now())
                .param("how", how.name().toLowerCase(Locale.ROOT))
                .param("leg", leg.value())
                .query((row, n) -> leg(row))
                .optional();
    }

    /**
     * Closes the legs of a call but the caller's. Where people listen, {@link Listeners#gone} is to be told.
     *
     * @param except a leg that stays; null for none
     * @return those that were not over
     */
    public List<Leg> endOthers(CallId call, @Nullable LegId except, LegEnd how) {
        return jdbc.sql(
                        """
                        UPDATE call_leg SET state = 'ended', ended_at = :at, outcome = :how
                         WHERE call_id = :call AND kind <> 'caller' AND state <> 'ended'
                           AND (CAST(:except AS uuid) IS NULL OR id <> :except)"""
                                + RETURNING_LEG)
                .param("at", now())
                .param("how", how.name().toLowerCase(Locale.ROOT))
                .param("call", call.value())
                .param("except", except == null ? null : except.value())
                .query((row, n) -> leg(row))
                .list();
    }

    /**
     * Closes the legs of somebody who listens to a call.
     *
     * @param except a leg that stays; null for none
     * @return those that were not over
     */
    public List<Leg> endListening(CallId call, AgentId supervisor, @Nullable LegId except) {
        return jdbc.sql(
                        """
                        UPDATE call_leg SET state = 'ended', ended_at = :at,
                               outcome = CASE WHEN answered_at IS NULL THEN 'canceled' ELSE 'completed' END
                         WHERE call_id = :call AND kind = 'listener' AND agent_id = :supervisor AND state <> 'ended'
                           AND (CAST(:except AS uuid) IS NULL OR id <> :except)"""
                                + RETURNING_LEG)
                .param("at", now())
                .param("call", call.value())
                .param("supervisor", supervisor.value())
                .param("except", except == null ? null : except.value())
                .query((row, n) -> leg(row))
                .list();
    }

    /** The carrier's id of the line of the agent who talks in a call; empty while nobody does. */
    public Optional<String> agentLine(CallId call) {
        return jdbc.sql(
                        """
                        SELECT provider_leg_id FROM call_leg
                         WHERE call_id = :call AND kind = 'agent' AND state = 'live' AND provider_leg_id IS NOT NULL
                         ORDER BY answered_at DESC LIMIT 1""")
                .param("call", call.value())
                .query(String.class)
                .optional();
    }

    /** The legs of a call that are not over. */
    public List<Leg> open(CallId call) {
        return jdbc.sql("SELECT " + LEG + " FROM call_leg WHERE call_id = :call AND state <> 'ended'")
                .param("call", call.value())
                .query((row, n) -> leg(row))
                .list();
    }

    private static Leg leg(ResultSet row) throws SQLException {
        UUID agent = row.getObject("agent_id", UUID.class);
        return new Leg(
                new LegId(row.getObject("id", UUID.class)),
                row.getString("kind"),
                agent == null ? null : new AgentId(agent),
                row.getBoolean("answered"),
                row.getInt("questions_left"));
    }

    private OffsetDateTime now() {
        return OffsetDateTime.now(clock);
    }

    /**
     * @param kind {@code caller}, {@code former_caller}, {@code agent}, {@code external} or {@code listener}
     * @param agent whose phone it is, of an agent and of a listener
     * @param answered whether it was ever picked up
     * @param questionsLeft how often whoever picked up may still be asked to confirm
     */
    public record Leg(LegId id, String kind, @Nullable AgentId agent, boolean answered, int questionsLeft) {

        /** Whether it is the phone of somebody who listens, and takes no part in the call. */
        public boolean listens() {
            return kind.equals(LISTENER);
        }

        /** Whether it is the phone of somebody outside whom we dialled. */
        public boolean external() {
            return kind.equals(EXTERNAL);
        }
    }
}
