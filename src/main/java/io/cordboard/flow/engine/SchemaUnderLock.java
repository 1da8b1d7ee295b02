package io.cordboard.flow.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.impl.SchemaOperationsProcessEngineBuild;
import org.camunda.bpm.engine.impl.interceptor.CommandContext;
import org.springframework.core.io.ClassPathResource;

/** Creates or updates the engine's tables while no other node does, and adapts them to calls ({@code db/engine.sql}). */
final class SchemaUnderLock extends SchemaOperationsProcessEngineBuild {

    private static final ClassPathResource OUR_CHANGES = new ClassPathResource("db/engine.sql");

    @Override
    public Void execute(CommandContext context) {
        Connection connection = context.getDbSqlSession().getSqlSession().getConnection();
        try (Statement statement = connection.createStatement()) {
            // Held until the engine commits, so that the next node finds the tables complete.
            statement.execute("SELECT pg_advisory_xact_lock(hashtext('cordboard engine schema'))");
            super.execute(context);
            statement.execute(OUR_CHANGES.getContentAsString(StandardCharsets.UTF_8));
        } catch (SQLException | IOException e) {
            throw new ProcessEngineException("The engine's tables could not be created or checked", e);
        }
        return null;
    }
}
