package io.cordboard.flow.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.impl.SchemaOperationsProcessEngineBuild;
import org.camunda.bpm.engine.impl.interceptor.CommandContext;

/**
 * Creates or updates the engine's tables while no other node does, and adds the index that acquiring due jobs needs among
 * thousands of waiting timers.
 */
final class SchemaUnderLock extends SchemaOperationsProcessEngineBuild {

    @Override
    public Void execute(CommandContext context) {
        Connection connection = context.getDbSqlSession().getSqlSession().getConnection();
        try (Statement statement = connection.createStatement()) {
            // Held until the engine commits, so that the next node finds the tables complete.
            statement.execute("SELECT pg_advisory_xact_lock(hashtext('cordboard engine schema'))");
            super.execute(context);
            statement.execute("CREATE INDEX IF NOT EXISTS cordboard_idx_job_duedate ON act_ru_job (duedate_)");
        } catch (SQLException e) {
            throw new ProcessEngineException("The engine's tables could not be created or checked", e);
        }
        return null;
    }
}
