package io.cordboard.events;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** The event log for tests without a Spring context. */
public final class EventLogs {

    private EventLogs() {}

    public static EventLog in(DataSource database) {
        return new EventLog(new JdbcTemplate(database), new ObjectMapper(), Clock.systemUTC());
    }
}
