package io.cordboard.voicemail;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.cordboard.customer.Account;
import io.cordboard.shared.VoicemailId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;

/**
 * Reads messages for people to look at. Agents see their own and those of the queues they have the skills for, supervisors
 * and administrators all of their customer.
 */
@Repository
public class VoicemailReader {

    private static final String SELECT =
            """
            SELECT v.id, v.call_id, c.from_number, c.to_number, q.name AS queue, v.priority, v.state, v.outcome,
                   v.agent_id, a.name AS agent, extract(epoch FROM v.length) AS seconds, v.transcription,
                   v.recording_url IS NOT NULL AS recorded, v.created_at, v.due_at, v.overdue_at, v.done_at, v.erased_at
              FROM voicemail v
              JOIN call c ON c.id = v.call_id
              LEFT JOIN queue q ON q.id = v.queue_id
              LEFT JOIN agent a ON a.id = v.agent_id
             WHERE c.customer_id = :customer
               AND (:everything OR v.agent_id = :me
                    OR q.id IS NOT NULL AND can_serve(:me, q.required_tags, q.match_any_tag))
            """;

    private final JdbcClient jdbc;

    VoicemailReader(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Those that wait to be worked on, the next one due first.
     *
     * @param after the last one of the piece before; null for the first piece
     */
    public List<Message> waiting(Account me, @Nullable VoicemailId after, int limit) {
        return seenBy(
                        me,
                        SELECT
                                + """
                                   AND v.state = 'new'
                                   AND (CAST(:after AS uuid) IS NULL OR (v.due_at, v.id) >
                                        (SELECT b.due_at, b.id FROM voicemail b WHERE b.id = :after))
                                 ORDER BY v.due_at, v.id LIMIT :limit""")
                .param("after", after == null ? null : after.value())
                .param("limit", limit)
                .query((row, n) -> message(row, List.of()))
                .list();
    }

    /**
     * Those nobody has to work on any more, the newest first.
     *
     * @param state {@code done} or {@code dropped}
     * @param after the last one of the piece before; null for the first piece
     */
    public List<Message> over(Account me, String state, @Nullable VoicemailId after, int limit) {
        return seenBy(
                        me,
                        SELECT
                                + """
                                   AND v.state = :state AND (CAST(:after AS uuid) IS NULL OR v.id < :after)
                                 ORDER BY v.id DESC LIMIT :limit""")
                .param("state", state)
                .param("after", after == null ? null : after.value())
                .param("limit", limit)
                .query((row, n) -> message(row, List.of()))
                .list();
    }

    /** One with all attempts to call back; empty when there is none or this person may not see it. */
    public Optional<Message> find(VoicemailId id, Account me) {
        return seenBy(me, SELECT + " AND v.id = :id")
                .param("id", id.value())
                .query((row, n) -> message(row, callBacks(id)))
                .optional();
    }

    private StatementSpec seenBy(Account me, String sql) {
        return jdbc.sql(sql)
                .param("customer", me.customer().value())
                .param("everything", me.role().supervises())
                .param("me", me.id().value());
    }

    private List<CallBack> callBacks(VoicemailId id) {
        return jdbc.sql(
                        """
                        SELECT b.agent_id, a.name AS agent, b.started_at, b.answered_at, b.ended_at, b.outcome
                          FROM call_back b JOIN agent a ON a.id = b.agent_id
                         WHERE b.voicemail_id = :id ORDER BY b.started_at""")
                .param("id", id.value())
                .query((row, n) -> new CallBack(
                        row.getString("agent"),
                        row.getObject("agent_id", UUID.class),
                        at(row, "started_at"),
                        maybeAt(row, "answered_at"),
                        maybeAt(row, "ended_at"),
                        row.getString("outcome")))
                .list();
    }

    private static Message message(ResultSet row, List<CallBack> callBacks) throws SQLException {
        UUID id = row.getObject("id", UUID.class);
        double seconds = row.getDouble("seconds");
        return new Message(
                id,
                row.wasNull() ? null : Math.round(seconds),
                row.getObject("call_id", UUID.class),
                row.getString("from_number"),
                row.getString("to_number"),
                row.getString("queue"),
                row.getInt("priority"),
                row.getString("state"),
                row.getString("outcome"),
                row.getString("agent"),
                row.getObject("agent_id", UUID.class),
                row.getString("transcription"),
                row.getBoolean("recorded") ? "/v1/voicemails/" + id + "/recording" : null,
                at(row, "created_at"),
                maybeAt(row, "due_at"),
                maybeAt(row, "overdue_at"),
                maybeAt(row, "done_at"),
                maybeAt(row, "erased_at"),
                callBacks);
    }

    private static Instant at(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant maybeAt(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }

    /**
     * A message.
     *
     * @param priority the caller's in the queue
     * @param state recording, new, done or dropped
     * @param outcome what came of it, in a word; missing while it is worked on
     * @param agent whose work it is; missing when nobody has the skills
     * @param recordingUrl where to listen to it; missing while the carrier works on it, and when it was erased
     * @param dueAt until when it is to be worked on
     * @param overdueAt when nobody had been in time
     * @param erasedAt when its contents were removed, here and at the carrier
     * @param callBacks attempts to reach the caller, in order; only of a single message
     */
    @Schema(name = "Voicemail")
    @JsonNaming(SnakeCaseStrategy.class)
    public record Message(
            UUID id,
            @Nullable Long lengthSeconds,
            UUID callId,
            @Schema(example = "+15550142001") String from,
            @Schema(example = "+15550100001") String to,
            @Schema(example = "sales") @Nullable String queue,
            int priority,
            @Schema(example = "new") String state,
            @Nullable String outcome,
            @Schema(example = "Dave") @Nullable String agent,
            @Nullable UUID agentId,
            @Nullable String transcription,
            @Nullable String recordingUrl,
            Instant createdAt,
            @Nullable Instant dueAt,
            @Nullable Instant overdueAt,
            @Nullable Instant doneAt,
            @Nullable Instant erasedAt,
            List<CallBack> callBacks) {}

    /**
     * One attempt to reach the caller.
     *
     * @param answeredAt when the caller picked up
     * @param outcome answered, busy, no_answer, failed, agent_no_answer, canceled or too_long; missing while it lasts
     */
    @Schema(name = "CallBackOfVoicemail")
    @JsonNaming(SnakeCaseStrategy.class)
    public record CallBack(
            String agent,
            UUID agentId,
            Instant startedAt,
            @Nullable Instant answeredAt,
            @Nullable Instant endedAt,
            @Nullable String outcome) {}
}
