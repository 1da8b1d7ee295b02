package io.cordboard.call;

import io.cordboard.shared.AgentId;
import io.cordboard.shared.CallId;
import io.cordboard.shared.Ids;
import java.time.Clock;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What agents wrote down about calls. */
@Repository
public class Notes {

    /** The longest note that is kept, in characters. */
    public static final int MAX_LENGTH = 4000;

    private final JdbcClient jdbc;
    private final Clock clock;

    Notes(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Keeps a note; a blank one is ignored and a longer one is cut at {@link #MAX_LENGTH}. */
    public void add(CallId call, @Nullable AgentId agent, String text) {
        String note = text.strip();
        if (note.isEmpty()) {
            return;
        }
        jdbc.sql(
                        "INSERT INTO call_note (id, call_id, agent_id, text, created_at) VALUES (:id, :call, :agent, :text, :at)")
                .param("id", Ids.next())
                .param("call", call.value())
                .param("agent", agent == null ? null : agent.value())
                .param("text", note.substring(0, Math.min(note.length(), MAX_LENGTH)))
                .param("at", OffsetDateTime.now(clock))
                .update();
    }
}
