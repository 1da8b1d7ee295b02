package io.cordboard.flow.engine;

import io.cordboard.flow.Trial;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.ibatis.exceptions.PersistenceException;
import org.apache.ibatis.session.Configuration;
import org.camunda.bpm.engine.impl.cfg.TransactionState;
import org.camunda.bpm.engine.impl.context.BpmnExecutionContext;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.db.DbEntity;
import org.camunda.bpm.engine.impl.db.FlushResult;
import org.camunda.bpm.engine.impl.db.entitymanager.operation.DbEntityOperation;
import org.camunda.bpm.engine.impl.db.entitymanager.operation.DbOperation;
import org.camunda.bpm.engine.impl.db.entitymanager.operation.DbOperation.State;
import org.camunda.bpm.engine.impl.db.sql.BatchDbSqlSession;
import org.camunda.bpm.engine.impl.db.sql.DbSqlSession;
import org.camunda.bpm.engine.impl.db.sql.DbSqlSessionFactory;
import org.camunda.bpm.engine.impl.interceptor.Session;
import org.camunda.bpm.engine.impl.interceptor.SessionFactory;
import org.jspecify.annotations.Nullable;

/**
 * Moving a call costs the engine one statement to read ({@link CallRows}) and one to write ({@link OneStatement}), where
 * its own session sends one for each question and each row. What it answers and writes is the same.
 */
final class CallSession extends BatchDbSqlSession {

    private final KnownDefinitions definitions;
    private @Nullable CallRows rows;

    private CallSession(DbSqlSessionFactory factory, KnownDefinitions definitions) {
        super(factory);
        this.definitions = definitions;
    }

    @Override
    @SuppressWarnings("unchecked")
    public List<?> selectList(String statement, Object parameter) {
        List<DbEntity> known = rows == null ? null : rows.list(statement, parameter);
        if (known != null) {
            return loaded(known);
        }
        boolean trial = isTrial();
        if (trial) {
            ModelVersions.publishedOnly(statement, parameter);
        }
        List<?> found = super.selectList(statement, parameter);
        return ModelVersions.areOfEachTenant(statement) ? ModelVersions.meant((List<DbEntity>) found, trial) : found;
    }

    @Override
    public @Nullable Object selectOne(String statement, Object parameter) {
        return isTrial() ? ModelVersions.ofTrial(statement, parameter, this::one) : one(statement, parameter);
    }

    private @Nullable Object one(String statement, Object parameter) {
        return KnownDefinitions.answers(statement)
                ? definition(statement, parameter, () -> super.selectOne(statement, parameter))
                : super.selectOne(statement, parameter);
    }

    /** Whether the call that this command moves, or shows a task of, tries drafts. */
    private boolean isTrial() {
        BpmnExecutionContext moved = Context.getBpmnExecutionContext();
        return Trial.isStarting()
                || moved != null && Trial.TENANT.equals(moved.getExecution().getTenantId())
                || rows != null && rows.areOfTrial();
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T extends DbEntity> @Nullable T selectById(Class<T> type, String id) {
        String statement = dbSqlSessionFactory.getSelectStatement(type);
        if (KnownDefinitions.answers(statement)) {
            return (T) definition(statement, id, () -> super.selectById(type, id));
        }
        if (rows == null && CallRows.begins(type)) {
            rows = CallRows.read(getSqlSession(), type, id);
        }
        DbEntity known = rows == null ? null : rows.byId(type, id);
        return known == null
                ? super.selectById(type, id)
                : (T) loaded(List.of(known)).get(0);
    }

    private @Nullable Object definition(String statement, Object parameter, Supplier<@Nullable Object> read) {
        List<DbEntity> found = definitions.find(mappings(), statement, parameter, () -> {
            Object entity = read.get();
            return entity == null ? List.of() : List.of((DbEntity) entity);
        });
        return found.isEmpty() ? null : loaded(found).get(0);
    }

    private List<DbEntity> loaded(List<DbEntity> entities) {
        entities.forEach(this::fireEntityLoaded);
        return entities;
    }

    @Override
    public FlushResult executeDbOperations(List<DbOperation> operations) {
        // What was read before is not what is there from now on.
        rows = null;
        if (operations.stream().anyMatch(operation -> KnownDefinitions.concerns(operation.getEntityType()))) {
            definitions.forget();
            Context.getCommandContext()
                    .getTransactionContext()
                    .addTransactionListener(TransactionState.COMMITTED, context -> definitions.forget());
        }
        return operations.stream().allMatch(DbEntityOperation.class::isInstance)
                ? executeTogether(operations)
                : super.executeDbOperations(operations);
    }

    private FlushResult executeTogether(List<DbOperation> operations) {
        flushBatchOperations();
        OneStatement statement = new OneStatement(mappings());
        operations.forEach(
                operation -> statement.add((DbEntityOperation) operation, nameOf((DbEntityOperation) operation)));
        try {
            Map<DbEntityOperation, Integer> met =
                    statement.execute(getSqlSession().getConnection());
            operations.forEach(
                    operation -> postProcessOperationPerformed(operation, met.getOrDefault(operation, 0), null));
            return FlushResult.withFailures(
                    operations.stream().filter(DbOperation::isFailed).toList());
        } catch (SQLException e) {
            return failed(operations, new PersistenceException(e));
        }
    }

    private String nameOf(DbEntityOperation operation) {
        DbEntity entity = operation.getEntity();
        return dbSqlSessionFactory.mapStatement(
                switch (operation.getOperationType()) {
                    case INSERT -> dbSqlSessionFactory.getInsertStatement(entity);
                    case UPDATE -> dbSqlSessionFactory.getUpdateStatement(entity);
                    default -> dbSqlSessionFactory.getDeleteStatement(entity.getClass());
                });
    }

    /** Nobody knows which part it was; a conflict with somebody else, which can be tried again, comes first. */
    private FlushResult failed(List<DbOperation> operations, PersistenceException problem) {
        List<DbOperation> failures = new ArrayList<>();
        for (DbOperation operation : operations) {
            postProcessOperationPerformed(operation, 0, problem);
            if (operation.getState() == State.FAILED_CONCURRENT_MODIFICATION_EXCEPTION) {
                failures.add(0, operation);
            } else if (operation.isFailed()) {
                failures.add(operation);
            }
        }
        return FlushResult.withFailures(failures);
    }

    private Configuration mappings() {
        return getSqlSession().getConfiguration();
    }

    /** @param engine gives the engine's factory, which is there before the first session is opened */
    record Factory(Supplier<DbSqlSessionFactory> engine, KnownDefinitions definitions) implements SessionFactory {

        @Override
        public Class<?> getSessionType() {
            return DbSqlSession.class;
        }

        @Override
        public Session openSession() {
            return new CallSession(engine.get(), definitions);
        }
    }
}
