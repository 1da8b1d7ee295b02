package io.cordboard.voicemail;

import io.cordboard.agent.AgentBecameFree;
import io.cordboard.shared.AgentId;
import io.cordboard.shared.CallId;
import io.cordboard.shared.Ids;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Attempts to reach whoever left a message. The agent is busy for as long as one lasts. It ends as {@code answered} or, of
 * the caller, {@code busy}, {@code no_answer}, {@code failed}; as {@code agent_no_answer} when the agent's own phone was
 * not picked up, {@code canceled} when the agent hung up first, {@code too_long} when nothing else ended it.
 */
@Repository
public class CallBacks {

    private final JdbcClient jdbc;
    private final Clock clock;
    private final ApplicationEventPublisher events;

    CallBacks(JdbcClient jdbc, Clock clock, ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.events = events;
    }

    /** @return false when the agent is not free: they are in a call, or asked to take one */
    public boolean begin(CallId call, AgentId agent) {
        return jdbc.sql(
                                """
                                WITH caller AS (
                                    UPDATE agent SET engaged = 'busy', engaged_until = NULL, status_since = :now
                                     WHERE id = :agent AND engaged IS NULL
                                       AND NOT EXISTS (SELECT FROM call_back b
                                                        WHERE b.agent_id = :agent AND b.ended_at IS NULL)
                                    RETURNING id)
                                INSERT INTO call_back (id, call_id, voicemail_id, agent_id, started_at)
                                SELECT :id, v.call_id, v.id, caller.id, :now
                                  FROM caller JOIN voicemail v ON v.call_id = :call""")
                        .param("id", Ids.next())
                        .param("call", call.value())
                        .param("agent", agent.value())
                        .param("now", now())
                        .update()
                == 1;
    }

    /** The caller picked up. */
    public void answered(CallId call) {
        jdbc.sql("UPDATE call_back SET answered_at = :now WHERE call_id = :call AND ended_at IS NULL")
                .param("now", now())
                .param("call", call.value())
                .update();
    }

    /**
     * It is over, and the agent free.
     *
     * @param unanswered how it ended, unless the caller had picked up
     * @return empty when none was under way
     */
    public Optional<Ended> end(CallId call, String unanswered) {
        Optional<Ended> ended = jdbc.sql(
                        """
                        WITH over AS (
                            UPDATE call_back
                               SET ended_at = :now, outcome = CASE WHEN answered_at IS NULL THEN :unanswered ELSE 'answered' END
                             WHERE call_id = :call AND ended_at IS NULL
                            RETURNING voicemail_id, agent_id, outcome),
                        free AS (
                            UPDATE agent a
                               SET engaged = NULL, engaged_until = NULL, status_since = :now, idle_since = :now
                              FROM over
                             WHERE a.id = over.agent_id AND a.engaged = 'busy'
                               AND NOT EXISTS (SELECT FROM reservation r WHERE r.agent_id = a.id
                                                  AND r.state IN ('pending', 'accepted', 'wrapping')))
                        SELECT voicemail_id, agent_id, outcome FROM over""")
                .param("unanswered", unanswered)
                .param("call", call.value())
                .param("now", now())
                .query((row, n) -> new Ended(
                        row.getString("voicemail_id"),
                        new AgentId(row.getObject("agent_id", UUID.class)),
                        row.getString("outcome")))
                .optional();
        ended.ifPresent(any -> events.publishEvent(new AgentBecameFree()));
        return ended;
    }

    private OffsetDateTime now() {
        return OffsetDateTime.now(clock);
    }

    /** @param voicemail id of the message */
    public record Ended(String voicemail, AgentId agent, String outcome) {

        public boolean answered() {
            return outcome.equals("answered");
        }
    }
}
