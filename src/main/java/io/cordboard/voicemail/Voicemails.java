package io.cordboard.voicemail;

import io.cordboard.shared.AgentId;
import io.cordboard.shared.CallId;
import io.cordboard.shared.CustomerId;
import io.cordboard.shared.VoicemailId;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The messages callers left. */
@Repository
public class Voicemails {

    private final JdbcClient jdbc;
    private final Clock clock;

    Voicemails(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** A message begins. */
    public VoicemailId begin(CallId call) {
        VoicemailId id = VoicemailId.next();
        jdbc.sql(
                        """
                        INSERT INTO voicemail (id, call_id, queue_id, state, created_at)
                        VALUES (:id, :call,
                                (SELECT queue_id FROM queue_entry WHERE call_id = :call ORDER BY entered_at DESC LIMIT 1),
                                'recording', :at)""")
                .param("id", id.value())
                .param("call", call.value())
                .param("at", OffsetDateTime.now(clock))
                .update();
        return id;
    }

    /** What the carrier tells of the message, piece by piece; null leaves what is known. */
    public void note(
            CallId call,
            @Nullable String recordingId,
            @Nullable String url,
            @Nullable Duration length,
            @Nullable String transcription) {
        jdbc.sql(
                        """
                        UPDATE voicemail
                           SET recording_id = coalesce(:recording, recording_id), recording_url = coalesce(:url, recording_url),
                               length = coalesce(CAST(:seconds AS integer) * interval '1 second', length),
                               transcription = coalesce(:transcription, transcription)
                         WHERE call_id = :call""")
                .param("recording", recordingId)
                .param("url", url)
                .param("seconds", length == null ? null : length.toSeconds())
                .param("transcription", transcription)
                .param("call", call.value())
                .update();
    }

    /** Nobody needs to work on it: nothing was said. */
    public void drop(CallId call) {
        close(call, "dropped", null);
    }

    /** Somebody worked on it. */
    public void done(CallId call, String outcome) {
        close(call, "done", outcome);
    }

    private void close(CallId call, String state, @Nullable String outcome) {
        jdbc.sql("UPDATE voicemail SET state = :state, outcome = :outcome, done_at = :at WHERE call_id = :call")
                .param("state", state)
                .param("outcome", outcome)
                .param("at", OffsetDateTime.now(clock))
                .param("call", call.value())
                .update();
    }

    /**
     * Makes the message work for somebody: of the agents with the skills of the queue the one with the fewest open
     * messages, those who are at work first.
     *
     * @return empty when nobody has the skills
     */
    public Optional<Assigned> assign(CallId call) {
        return jdbc.sql(
                        """
                        UPDATE voicemail v
                           SET state = 'new', agent_id = (
                               SELECT a.id
                                 FROM call c
                                 JOIN agent a ON a.customer_id = c.customer_id AND a.role = 'agent'
                                 LEFT JOIN queue q ON q.id = v.queue_id
                                WHERE c.id = v.call_id
                                  AND (q.id IS NULL OR can_serve(a.id, q.required_tags, q.match_any_tag))
                                ORDER BY a.chosen = 'offline',
                                         (SELECT count(*) FROM voicemail o WHERE o.agent_id = a.id AND o.state = 'new'),
                                         a.idle_since
                                LIMIT 1)
                         WHERE v.call_id = :call
                        RETURNING v.id, v.agent_id, v.transcription, extract(epoch FROM v.length) AS seconds,
                                  (SELECT username FROM agent a WHERE a.id = v.agent_id) AS username""")
                .param("call", call.value())
                .query((row, n) -> {
                    UUID agent = row.getObject("agent_id", UUID.class);
                    return new Assigned(
                            new VoicemailId(row.getObject("id", UUID.class)),
                            agent == null ? null : new AgentId(agent),
                            row.getString("username"),
                            row.getString("transcription"),
                            Math.round(row.getDouble("seconds")));
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

    /** @param agent whose work it is, null when nobody has the skills */
    public record Assigned(
            VoicemailId id,
            @Nullable AgentId agent,
            @Nullable String username,
            @Nullable String transcription,
            long seconds) {}

    /** @param agent whose work the message is; null when nobody has the skills */
    public record Recording(
            CallId call, @Nullable CustomerId customer, @Nullable AgentId agent, String provider, String url) {}
}
