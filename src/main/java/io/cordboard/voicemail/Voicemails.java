package io.cordboard.voicemail;

import io.cordboard.customer.Account;
import io.cordboard.shared.AgentId;
import io.cordboard.shared.CallId;
import io.cordboard.shared.CustomerId;
import io.cordboard.shared.LegId;
import io.cordboard.shared.VoicemailId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The messages callers left. */
@Repository
public class Voicemails {

    /** Where no queue says it. */
    private static final Duration SHORTEST = Duration.ofSeconds(2);

    private final JdbcClient jdbc;
    private final Clock clock;

    Voicemails(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** A message begins, for the queue the caller waited in last. */
    public Begun begin(CallId call) {
        VoicemailId id = VoicemailId.next();
        return jdbc.sql(
                        """
                        INSERT INTO voicemail (id, call_id, queue_id, priority, state, created_at)
                        SELECT :id, :call, e.queue_id, coalesce(e.priority, 0), 'recording', :at
                          FROM (VALUES (1)) one
                          LEFT JOIN (SELECT queue_id, priority FROM queue_entry
                                      WHERE call_id = :call ORDER BY entered_at DESC LIMIT 1) e ON true
                        RETURNING (SELECT ceil(extract(epoch FROM q.shortest_message))::integer
                                     FROM queue q WHERE q.id = queue_id) AS shortest""")
                .param("id", id.value())
                .param("call", call.value())
                .param("at", OffsetDateTime.now(clock))
                .query((row, n) -> {
                    int shortest = row.getInt("shortest");
                    return new Begun(id, row.wasNull() ? SHORTEST : Duration.ofSeconds(shortest));
                })
                .single();
    }

    /**
     * What the carrier tells of the message, piece by piece; null leaves what is known.
     *
     * @return false when the message was dropped or erased meanwhile, so that nothing of it is kept
     */
    public boolean note(
            CallId call,
            @Nullable String recordingId,
            @Nullable String url,
            @Nullable Duration length,
            @Nullable String transcription) {
        return jdbc.sql(
                                """
                        UPDATE voicemail
                           SET recording_id = coalesce(:recording, recording_id), recording_url = coalesce(:url, recording_url),
                               length = coalesce(CAST(:seconds AS integer) * interval '1 second', length),
                               transcription = coalesce(:transcription, transcription)
                         WHERE call_id = :call AND erased_at IS NULL""")
                        .param("recording", recordingId)
                        .param("url", url)
                        .param("seconds", length == null ? null : length.toSeconds())
                        .param("transcription", transcription)
                        .param("call", call.value())
                        .update()
                == 1;
    }

    /**
     * Nobody needs to work on it: nothing was said, or too little. Nothing of it is kept.
     *
     * @return the recording that is to be deleted at the carrier, where it is known already
     */
    public Optional<String> drop(CallId call) {
        OffsetDateTime now = OffsetDateTime.now(clock);
        return jdbc
                .sql(
                        """
                        UPDATE voicemail SET state = 'dropped', done_at = :now, erased_at = :now, recording_url = NULL,
                                             transcription = NULL
                         WHERE call_id = :call
                        RETURNING recording_id""")
                .param("now", now)
                .param("call", call.value())
                .query((row, n) -> Optional.ofNullable(row.getString("recording_id")))
                .list()
                .stream()
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Somebody worked on it. */
    public void done(CallId call, String outcome) {
        jdbc.sql("UPDATE voicemail SET state = 'done', outcome = :outcome, done_at = :at WHERE call_id = :call")
                .param("outcome", outcome)
                .param("at", OffsetDateTime.now(clock))
                .param("call", call.value())
                .update();
    }

    /** Nobody has worked on it in time; noted once, until it becomes somebody's work anew. */
    public Optional<Late> overdue(CallId call) {
        return jdbc.sql(
                        """
                        UPDATE voicemail SET overdue_at = :now
                         WHERE call_id = :call AND state = 'new' AND overdue_at IS NULL
                        RETURNING id, agent_id""")
                .param("now", OffsetDateTime.now(clock))
                .param("call", call.value())
                .query((row, n) -> {
                    UUID agent = row.getObject("agent_id", UUID.class);
                    return new Late(
                            new VoicemailId(row.getObject("id", UUID.class)),
                            agent == null ? null : new AgentId(agent));
                })
                .optional();
    }

    /**
     * Makes the message work for somebody, due as the queue has it: whoever worked on it before, else of the agents with
     * the skills of the queue the one with the fewest open messages, those who are at work first; who is level is taken in
     * the order of the queue.
     *
     * @return empty when nobody has the skills
     */
    public Optional<Assigned> assign(CallId call) {
        return jdbc.sql(
                        """
                        UPDATE voicemail v
                           SET state = 'new', overdue_at = NULL,
                               due_at = CAST(:now AS timestamptz) + coalesce(
                                   (SELECT q.follow_up_within FROM queue q WHERE q.id = v.queue_id), interval '4 hours'),
                               agent_id = (
                               SELECT a.id
                                 FROM call c
                                 JOIN agent a ON a.customer_id = c.customer_id AND a.role = 'agent'
                                 LEFT JOIN queue q ON q.id = v.queue_id
                                WHERE c.id = v.call_id
                                  AND (q.id IS NULL OR may_serve(a.id, q.required_tags, q.match_any_tag, q.expression_path))
                                ORDER BY a.id IS DISTINCT FROM v.agent_id, a.chosen = 'offline',
                                         (SELECT count(*) FROM voicemail o WHERE o.agent_id = a.id AND o.state = 'new'),
                                         agent_order(a.id, a.idle_since, q) NULLS FIRST, a.idle_since
                                LIMIT 1)
                         WHERE v.call_id = :call
                        RETURNING v.id, v.agent_id, v.transcription, v.due_at, v.priority, extract(epoch FROM v.length) AS seconds,
                                  (SELECT username FROM agent a WHERE a.id = v.agent_id) AS username""")
                .param("now", OffsetDateTime.now(clock))
                .param("call", call.value())
                .query((row, n) -> {
                    UUID agent = row.getObject("agent_id", UUID.class);
                    return new Assigned(
                            new VoicemailId(row.getObject("id", UUID.class)),
                            agent == null ? null : new AgentId(agent),
                            row.getString("username"),
                            row.getString("transcription"),
                            Math.round(row.getDouble("seconds")),
                            row.getObject("due_at", OffsetDateTime.class).toInstant(),
                            row.getInt("priority"));
                })
                .optional();
    }

    /** Removes what was said of a message that has been kept for long enough; empty when there is none. */
    public Optional<Erased> eraseNext() {
        return jdbc.sql(
                        """
                        UPDATE voicemail v SET erased_at = :now, recording_url = NULL, transcription = NULL
                          FROM call c JOIN call_leg caller ON caller.call_id = c.id AND caller.kind = 'caller'
                         WHERE c.id = v.call_id
                           AND v.id = (SELECT k.id FROM voicemail k LEFT JOIN queue q ON q.id = k.queue_id
                                        WHERE k.erased_at IS NULL AND k.state IN ('done', 'dropped')
                                          AND k.created_at < CAST(:now AS timestamptz)
                                                             - coalesce(q.keep_messages_for, interval '30 days')
                                        ORDER BY k.created_at LIMIT 1 FOR UPDATE OF k SKIP LOCKED)
                        RETURNING v.id, v.call_id, v.recording_id, c.provider, caller.id AS leg""")
                .param("now", OffsetDateTime.now(clock))
                .query((row, n) -> new Erased(
                        new VoicemailId(row.getObject("id", UUID.class)),
                        new CallId(row.getObject("call_id", UUID.class)),
                        new LegId(row.getObject("leg", UUID.class)),
                        row.getString("provider"),
                        row.getString("recording_id")))
                .optional();
    }

    /** Whose work a message is. */
    public Optional<Whose> whose(VoicemailId id) {
        return jdbc.sql(
                        """
                        SELECT v.call_id, v.agent_id, c.customer_id FROM voicemail v JOIN call c ON c.id = v.call_id
                         WHERE v.id = :id""")
                .param("id", id.value())
                .query((row, n) -> {
                    UUID agent = row.getObject("agent_id", UUID.class);
                    UUID customer = row.getObject("customer_id", UUID.class);
                    return new Whose(
                            new CallId(row.getObject("call_id", UUID.class)),
                            customer == null ? null : new CustomerId(customer),
                            agent == null ? null : new AgentId(agent));
                })
                .optional();
    }

    /** Where the carrier keeps the recording. */
    public Optional<Recording> recording(VoicemailId id) {
        return jdbc.sql(
                        """
                        SELECT v.call_id, v.agent_id, v.recording_url, c.provider, c.customer_id
                          FROM voicemail v JOIN call c ON c.id = v.call_id
                         WHERE v.id = :id AND v.recording_url IS NOT NULL""")
                .param("id", id.value())
                .query((row, n) -> {
                    UUID agent = row.getObject("agent_id", UUID.class);
                    UUID customer = row.getObject("customer_id", UUID.class);
                    return new Recording(
                            new CallId(row.getObject("call_id", UUID.class)),
                            customer == null ? null : new CustomerId(customer),
                            agent == null ? null : new AgentId(agent),
                            row.getString("provider"),
                            row.getString("recording_url"));
                })
                .optional();
    }

    /** @param shortest what is shorter is nobody's work */
    public record Begun(VoicemailId id, Duration shortest) {}

    /** @param recordingId the carrier's id of the recording; null when there was none */
    public record Erased(VoicemailId id, CallId call, LegId callerLeg, String provider, @Nullable String recordingId) {}

    /** @param agent whose work it is, null when nobody has the skills */
    public record Late(VoicemailId id, @Nullable AgentId agent) {}

    /**
     * @param agent whose work it is, null when nobody has the skills
     * @param priority the caller's in the queue
     */
    public record Assigned(
            VoicemailId id,
            @Nullable AgentId agent,
            @Nullable String username,
            @Nullable String transcription,
            long seconds,
            Instant dueAt,
            int priority) {}

    /** @param agent whose work it is, null when nobody has the skills */
    public record Whose(CallId call, @Nullable CustomerId customer, @Nullable AgentId agent) {

        /** The agent themselves, or somebody of the customer who supervises. */
        public boolean mayBeWorkedOnBy(Account somebody) {
            return somebody.id().equals(agent)
                    || somebody.role().supervises() && somebody.customer().equals(customer);
        }
    }

    /** @param agent whose work the message is; null when nobody has the skills */
    public record Recording(
            CallId call, @Nullable CustomerId customer, @Nullable AgentId agent, String provider, String url) {}
}
