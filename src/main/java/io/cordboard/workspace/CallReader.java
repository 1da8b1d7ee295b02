package io.cordboard.workspace;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.cordboard.customer.Account;
import io.swagger.v3.oas.annotations.media.Schema;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;

/**
 * Reads calls for people to look at, over the tables of all modules, and changes nothing. Agents see calls in which they
 * had a part, supervisors and administrators all of their customer, administrators also those to numbers of nobody. Who
 * listens to a talk is seen by supervisors and administrators alone.
 */
@Repository
public class CallReader {

    private static final String SUMMARY =
            """
            SELECT c.id, c.direction, c.from_number, c.to_number, c.state, c.end_reason, c.started_at, c.connected_at,
                   c.ended_at, c.agent_id, a.name AS agent, c.disposition, c.conference_id, c.conference_state,
                   c.hold_state, c.hold_since,
                   (SELECT q.name FROM queue_entry e JOIN queue q ON q.id = e.queue_id
                     WHERE e.call_id = c.id ORDER BY e.entered_at DESC LIMIT 1) AS queue,
                   EXISTS (SELECT FROM reservation r WHERE r.call_id = c.id AND r.state = 'pending') AS offered,
                   (SELECT v.state FROM voicemail v WHERE v.call_id = c.id) AS voicemail
              FROM call c LEFT JOIN agent a ON a.id = c.agent_id
            """;

    private static final String VISIBLE =
            """
             (CASE WHEN :drafts AND is_trial_number(c.to_number) THEN true
                   WHEN :everything THEN c.customer_id = :customer OR c.customer_id IS NULL AND :nobodys
                   ELSE c.customer_id = :customer
                        AND (c.agent_id = :me
                             OR EXISTS (SELECT FROM reservation r WHERE r.call_id = c.id AND r.agent_id = :me)
                             OR EXISTS (SELECT FROM call_leg l WHERE l.call_id = c.id AND l.agent_id = :me
                                                                   AND l.kind <> 'listener')
                             OR EXISTS (SELECT FROM voicemail v WHERE v.call_id = c.id AND v.agent_id = :me)) END)
            """;

    private final JdbcClient jdbc;

    CallReader(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * The calls somebody may see, newest first.
     *
     * @param open only those whose caller is on the line (true) or gone (false); null for both
     * @param carrierCall only the one with a leg that the carrier calls so; null for any
     * @param before only those older than this one; null for the newest
     */
    public List<CallSummary> list(
            Account me, @Nullable Boolean open, @Nullable String carrierCall, @Nullable UUID before, int limit) {
        String openOnly = open == null ? "" : open ? " AND c.ended_at IS NULL" : " AND c.ended_at IS NOT NULL";
        return seenBy(
                        me,
                        SUMMARY + " WHERE " + VISIBLE + openOnly
                                + """
                                   AND (CAST(:carrierCall AS text) IS NULL OR c.id IN (
                                        SELECT l.call_id FROM call_leg l WHERE l.provider_leg_id = :carrierCall))
                                   AND (CAST(:before AS uuid) IS NULL OR (c.started_at, c.id) <
                                        (SELECT b.started_at, b.id FROM call b WHERE b.id = :before))
                                 ORDER BY c.started_at DESC, c.id DESC LIMIT :limit""")
                .param("carrierCall", carrierCall)
                .param("before", before)
                .param("limit", limit)
                .query((row, n) -> summary(row))
                .list();
    }

    /** Empty when there is no such call or this person may not see it. */
    public Optional<CallSummary> find(UUID call, Account me) {
        return seenBy(me, SUMMARY + " WHERE c.id = :id AND " + VISIBLE)
                .param("id", call)
                .query((row, n) -> summary(row))
                .optional();
    }

    private StatementSpec seenBy(Account me, String sql) {
        return jdbc.sql(sql)
                .param("everything", me.role().supervises())
                .param("nobodys", me.administersInstallation())
                .param("drafts", me.drawsModels())
                .param("customer", me.customer().value())
                .param("me", me.id().value());
    }

    List<Leg> legs(UUID call, Account me) {
        return legs(List.of(call), me).getOrDefault(call, List.of());
    }

    /** The legs of calls that this person may see. */
    Map<UUID, List<Leg>> legs(List<UUID> calls, Account me) {
        return byCall(jdbc.sql(
                        """
                        SELECT l.call_id, l.id, l.kind, l.address, l.agent_id, a.name AS agent, l.provider_leg_id, l.state,
                               l.outcome, l.started_at, l.answered_at, l.ended_at
                          FROM call_leg l LEFT JOIN agent a ON a.id = l.agent_id
                         WHERE l.call_id = ANY (:calls) AND (:everything OR l.kind <> 'listener')
                         ORDER BY l.started_at, l.id""")
                .param("calls", calls.toArray(UUID[]::new))
                .param("everything", me.role().supervises())
                .query((row, n) -> ofCall(
                        row,
                        new Leg(
                                row.getObject("id", UUID.class),
                                row.getString("kind"),
                                row.getString("address"),
                                row.getString("agent"),
                                row.getObject("agent_id", UUID.class),
                                row.getString("provider_leg_id"),
                                row.getString("state"),
                                row.getString("outcome"),
                                at(row, "started_at"),
                                maybeAt(row, "answered_at"),
                                maybeAt(row, "ended_at"))))
                .list());
    }

    /** Everybody who listened to the call, in order, whatever became of it; null for those who shall not know. */
    @Nullable
    List<Listener> listeners(UUID call, Account me) {
        if (!me.role().supervises()) {
            return null;
        }
        return jdbc.sql(
                        """
                        SELECT l.id, l.agent_id, a.name AS agent, l.mode, l.started_at, l.joined_at, l.ended_at, l.outcome
                          FROM call_listener l JOIN agent a ON a.id = l.agent_id
                         WHERE l.call_id = :call ORDER BY l.started_at, l.id""")
                .param("call", call)
                .query((row, n) -> new Listener(
                        row.getObject("id", UUID.class),
                        row.getString("agent"),
                        row.getObject("agent_id", UUID.class),
                        row.getString("mode"),
                        at(row, "started_at"),
                        maybeAt(row, "joined_at"),
                        maybeAt(row, "ended_at"),
                        row.getString("outcome")))
                .list();
    }

    List<Reservation> reservations(UUID call) {
        return reservations(List.of(call)).getOrDefault(call, List.of());
    }

    /** Everybody who was asked to take one of these calls, in order. */
    Map<UUID, List<Reservation>> reservations(List<UUID> calls) {
        return byCall(jdbc.sql(
                        """
                        SELECT r.call_id, r.id, a.name AS agent, r.agent_id, q.name AS queue, r.state, r.offered_at, r.answered_at,
                               r.ended_at, r.reason,
                               CASE WHEN r.answered_by IS NOT NULL THEN r.answered_by
                                    WHEN r.state IN ('accepted', 'rejected', 'wrapping', 'completed') THEN 'agent'
                               END AS answered_by
                          FROM reservation r JOIN agent a ON a.id = r.agent_id JOIN queue q ON q.id = r.queue_id
                         WHERE r.call_id = ANY (:calls) ORDER BY r.offered_at, r.id""")
                .param("calls", calls.toArray(UUID[]::new))
                .query((row, n) -> ofCall(
                        row,
                        new Reservation(
                                row.getObject("id", UUID.class),
                                row.getString("agent"),
                                row.getObject("agent_id", UUID.class),
                                row.getString("queue"),
                                row.getString("state"),
                                at(row, "offered_at"),
                                maybeAt(row, "answered_at"),
                                maybeAt(row, "ended_at"),
                                row.getString("reason"),
                                row.getString("answered_by"))))
                .list());
    }

    /**
     * What carriers told about the call, and what happened in it. Agents are not told what became of commands either: they
     * could count those to legs that they do not see.
     */
    List<Event> events(UUID call, Account me) {
        return jdbc.sql(
                        """
                        SELECT at, kind, key, state
                          FROM (SELECT i.received_at AS at, i.kind, i.provider || ':' || i.event_key AS key, i.state
                                  FROM call c
                                  JOIN inbox i ON i.call_id = c.id
                                   AND i.received_at BETWEEN c.started_at - interval '1 minute'
                                                         AND coalesce(c.ended_at, 'infinity') + interval '1 hour'
                                 WHERE c.id = :call
                                   AND (:everything OR i.kind NOT LIKE 'Command%' AND NOT EXISTS (
                                        SELECT FROM call_leg l
                                         WHERE l.call_id = c.id AND l.kind = 'listener'
                                           AND (i.event_key LIKE '%' || l.provider_leg_id || '%')))
                                UNION ALL
                                SELECT e.at, e.type, 'event:' || e.id, 'done' FROM event_log e
                                 WHERE e.call_id = :call AND (:everything OR e.type NOT LIKE 'call.listener%')) found
                         ORDER BY at, key""")
                .param("call", call)
                .param("everything", me.role().supervises())
                .query((row, n) ->
                        new Event(at(row, "at"), row.getString("kind"), row.getString("key"), row.getString("state")))
                .list();
    }

    List<Note> notes(UUID call) {
        return jdbc.sql(
                        """
                        SELECT n.created_at, a.name AS agent, n.text
                          FROM call_note n LEFT JOIN agent a ON a.id = n.agent_id
                         WHERE n.call_id = :call ORDER BY n.created_at, n.id""")
                .param("call", call)
                .query((row, n) -> new Note(at(row, "created_at"), row.getString("agent"), row.getString("text")))
                .list();
    }

    /** How the agent who took the call wraps it up; null when nobody has. */
    @Nullable
    WrapUp wrapUp(UUID call) {
        return jdbc.sql(
                        """
                        SELECT q.wrap_up_mode, q.dispositions, r.wrap_up_requested, r.wrap_up_overdue_at
                          FROM reservation r JOIN queue q ON q.id = r.queue_id
                         WHERE r.call_id = :call AND r.state IN ('accepted', 'wrapping', 'completed')
                         ORDER BY r.offered_at DESC, r.id DESC LIMIT 1""")
                .param("call", call)
                .query((row, n) -> new WrapUp(
                        row.getString("wrap_up_mode"),
                        row.getBoolean("wrap_up_requested"),
                        List.of((String[]) row.getArray("dispositions").getArray()),
                        maybeAt(row, "wrap_up_overdue_at")))
                .optional()
                .orElse(null);
    }

    List<Voicemail> voicemails(UUID call) {
        return jdbc.sql(
                        """
                        SELECT v.id, v.created_at, extract(epoch FROM v.length) AS seconds, v.transcription,
                               v.recording_url IS NOT NULL AS recorded, v.state, v.outcome, a.name AS agent, v.agent_id
                          FROM voicemail v LEFT JOIN agent a ON a.id = v.agent_id
                         WHERE v.call_id = :call ORDER BY v.created_at""")
                .param("call", call)
                .query((row, n) -> {
                    UUID id = row.getObject("id", UUID.class);
                    double seconds = row.getDouble("seconds");
                    return new Voicemail(
                            id,
                            row.wasNull() ? null : Math.round(seconds),
                            at(row, "created_at"),
                            row.getString("transcription"),
                            row.getBoolean("recorded") ? "/v1/voicemails/" + id + "/recording" : null,
                            row.getString("state"),
                            row.getString("outcome"),
                            row.getString("agent"),
                            row.getObject("agent_id", UUID.class));
                })
                .list();
    }

    private static <T> Map.Entry<UUID, T> ofCall(ResultSet row, T part) throws SQLException {
        return Map.entry(row.getObject("call_id", UUID.class), part);
    }

    private static <T> Map<UUID, List<T>> byCall(List<Map.Entry<UUID, T>> parts) {
        return parts.stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    }

    private static CallSummary summary(ResultSet row) throws SQLException {
        String conference = row.getString("conference_id");
        String hold = row.getString("hold_state");
        UUID id = row.getObject("id", UUID.class);
        return new CallSummary(
                id,
                row.getString("direction"),
                row.getString("from_number"),
                row.getString("to_number"),
                row.getString("state"),
                taskStatus(row),
                row.getString("end_reason"),
                at(row, "started_at"),
                maybeAt(row, "connected_at"),
                maybeAt(row, "ended_at"),
                row.getString("queue"),
                row.getString("agent"),
                row.getObject("agent_id", UUID.class),
                row.getString("disposition"),
                conference == null ? null : new Conference(conference, row.getString("conference_state")),
                hold == null ? null : new Hold(hold, at(row, "hold_since")));
    }

    /** The call as a task, in TaskRouter's words. */
    private static String taskStatus(ResultSet row) throws SQLException {
        String voicemail = row.getString("voicemail");
        return switch (row.getString("state")) {
            case "waiting", "awaiting_call_back" -> row.getBoolean("offered") ? "reserved" : "pending";
            case "connecting", "talking", "follow_up", "calling_back", "calling_caller" -> "assigned";
            case "wrapping" -> "wrapping";
            case "ended" ->
                row.getObject("connected_at") != null || "done".equals(voicemail) ? "completed" : "canceled";
            default -> "pending";
        };
    }

    private static Instant at(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant maybeAt(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }

    /**
     * A call in a list.
     *
     * @param state greeting, waiting, awaiting_call_back, calling_caller, connecting, talking, wrapping, recording, follow_up, calling_back or ended
     * @param taskStatus the same in TaskRouter's words: pending, reserved, assigned, wrapping, completed or canceled
     * @param outcome why it ended
     * @param endedAt when the caller was gone
     * @param queue the queue it was in last
     * @param agent name of the agent who took it
     * @param hold missing while the caller is not on hold
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record CallSummary(
            UUID id,
            @Schema(example = "inbound") String direction,
            @Schema(example = "+15550142001") String from,
            @Schema(example = "+15550100001") String to,
            @Schema(example = "talking") String state,
            @Schema(example = "assigned") String taskStatus,
            @Nullable String outcome,
            Instant startedAt,
            @Nullable Instant connectedAt,
            @Nullable Instant endedAt,
            @Schema(example = "support") @Nullable String queue,
            @Schema(example = "Charles") @Nullable String agent,
            @Nullable UUID agentId,
            @Schema(example = "resolved") @Nullable String disposition,
            @Nullable Conference conference,
            @Nullable Hold hold) {}

    /** Where caller and agent meet at the carrier. */
    public record Conference(String id, @Schema(example = "in-progress") @Nullable String state) {}

    /**
     * A caller on hold.
     *
     * @param state holding until the carrier has done it, then held, and resuming until the two hear each other again
     * @param since when it became so
     */
    @Schema(name = "HoldOfCall")
    public record Hold(@Schema(example = "held") String state, Instant since) {}

    /**
     * One line to one phone.
     *
     * @param kind caller, former_caller, agent, external or listener
     * @param providerId the carrier's id
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Leg(
            UUID id,
            @Schema(example = "agent") String kind,
            String address,
            @Nullable String agent,
            @Nullable UUID agentId,
            @Nullable String providerId,
            @Schema(example = "live") String state,
            @Nullable String outcome,
            Instant startedAt,
            @Nullable Instant answeredAt,
            @Nullable Instant endedAt) {}

    /**
     * A supervisor who listens, or did.
     *
     * @param joinedAt when they picked up; null for one whose phones ring, or who never heard anything
     * @param outcome how it ended; null while they listen
     */
    @Schema(name = "ListenerOfCall")
    @JsonNaming(SnakeCaseStrategy.class)
    public record Listener(
            UUID id,
            String agent,
            UUID agentId,
            @Schema(example = "listen") String mode,
            Instant startedAt,
            @Nullable Instant joinedAt,
            @Nullable Instant endedAt,
            @Nullable String outcome) {}

    /** One agent who was asked. */
    @Schema(name = "ReservationOfCall")
    @JsonNaming(SnakeCaseStrategy.class)
    public record Reservation(
            UUID id,
            String agent,
            UUID agentId,
            String queue,
            @Schema(example = "timeout") String status,
            Instant offeredAt,
            @Nullable Instant answeredAt,
            @Nullable Instant endedAt,
            @Nullable String reason,
            @Schema(
                            description =
                                    "Who decided: agent, callback (the queue's assignment callback), api, or queue"
                                            + " where none is asked.",
                            example = "agent")
                    @Nullable
                    String answeredBy) {}

    /**
     * Something a carrier told or that happened in the house.
     *
     * @param key where it came from and its id there
     * @param state whether it had its effect: done, waiting, unmatched or dismissed
     */
    public record Event(Instant at, String kind, String key, String state) {}

    /**
     * How the agent wraps up.
     *
     * @param mode of the queue: mandatory, mandatory_timeout, forced_timeout, optional or agent_requested
     * @param requested whether they asked for it during the talk
     * @param dispositions what may have come of the call; empty for any word
     * @param overdueAt when they were told to be late; null while they are not
     */
    @Schema(name = "WrapUpOfCall")
    @JsonNaming(SnakeCaseStrategy.class)
    public record WrapUp(
            @Schema(example = "mandatory_timeout") String mode,
            boolean requested,
            @Schema(example = "[\"sold\", \"callBack\"]") List<String> dispositions,
            @Nullable Instant overdueAt) {}

    /** What somebody wrote down. */
    public record Note(Instant at, @Nullable String agent, String text) {}

    /**
     * The message a caller left.
     *
     * @param recordingUrl where to listen to it; null while the carrier works on it
     * @param agent whose work it is
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Voicemail(
            UUID id,
            @Nullable Long lengthSeconds,
            Instant at,
            @Nullable String transcription,
            @Nullable String recordingUrl,
            String state,
            @Nullable String outcome,
            @Nullable String agent,
            @Nullable UUID agentId) {}
}
