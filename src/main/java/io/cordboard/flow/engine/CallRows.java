package io.cordboard.flow.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cordboard.flow.Trial;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.ibatis.mapping.ResultMap;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.SqlSession;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.impl.db.DbEntity;
import org.camunda.bpm.engine.impl.db.ListQueryParameterObject;
import org.camunda.bpm.engine.impl.history.event.HistoricProcessInstanceEventEntity;
import org.camunda.bpm.engine.impl.persistence.entity.EventSubscriptionEntity;
import org.camunda.bpm.engine.impl.persistence.entity.ExecutionEntity;
import org.camunda.bpm.engine.impl.persistence.entity.IdentityLinkEntity;
import org.camunda.bpm.engine.impl.persistence.entity.IncidentEntity;
import org.camunda.bpm.engine.impl.persistence.entity.JobEntity;
import org.camunda.bpm.engine.impl.persistence.entity.TaskEntity;
import org.camunda.bpm.engine.impl.persistence.entity.VariableInstanceEntity;
import org.jspecify.annotations.Nullable;

/**
 * Everything the engine keeps of one call while it runs — the executions of all its process instances with their
 * variables, tasks, jobs and subscriptions — read with one statement, and answers to the engine's questions about it.
 *
 * <p>Other transactions hardly change these rows meanwhile, because whoever moves a call has locked it; where somebody does,
 * the engine's revisions tell.
 */
final class CallRows {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> ROW = new TypeReference<>() {};

    private static final String OF_EXECUTION =
            """
            SELECT p.root_proc_inst_id_ FROM act_ru_execution e JOIN act_ru_execution p ON p.id_ = e.proc_inst_id_
             WHERE e.id_ = ?""";
    private static final String OF_TASK =
            """
            SELECT p.root_proc_inst_id_ FROM act_ru_task t JOIN act_ru_execution p ON p.id_ = t.proc_inst_id_
             WHERE t.id_ = ?""";
    // Only process instances know their root: the engine leaves it out on the executions within them.
    private static final String READ =
            """
            WITH root AS MATERIALIZED (%s),
                 instance AS MATERIALIZED (
                     SELECT id_ FROM act_ru_execution
                      WHERE root_proc_inst_id_ = (SELECT root_proc_inst_id_ FROM root) AND parent_id_ IS NULL),
                 execution AS MATERIALIZED (
                     SELECT * FROM act_ru_execution WHERE proc_inst_id_ = ANY (ARRAY (SELECT id_ FROM instance))),
                 task AS MATERIALIZED (
                     SELECT * FROM act_ru_task
                      WHERE proc_inst_id_ = ANY (ARRAY (SELECT id_ FROM instance))),
                 r (kind, entity) AS (
                     SELECT 'EXECUTION', to_jsonb(execution) FROM execution
                     UNION ALL
                     SELECT 'TASK', to_jsonb(task) FROM task
                     UNION ALL
                     SELECT 'TASK', to_jsonb(s) FROM act_ru_task s
                      WHERE s.parent_task_id_ = ANY (ARRAY (SELECT id_ FROM task)) AND s.proc_inst_id_ IS NULL
                     UNION ALL
                     SELECT 'LINK', to_jsonb(l) FROM act_ru_identitylink l
                      WHERE l.task_id_ = ANY (ARRAY (SELECT id_ FROM task))
                     UNION ALL
                     SELECT 'VARIABLE', to_jsonb(v) FROM act_ru_variable v
                      WHERE v.var_scope_ = ANY (ARRAY (SELECT id_ FROM execution UNION ALL SELECT id_ FROM task))
                     UNION ALL
                     SELECT 'JOB', to_jsonb(j) FROM act_ru_job j
                      WHERE j.process_instance_id_ = ANY (ARRAY (SELECT id_ FROM instance))
                     UNION ALL
                     SELECT 'SUBSCRIPTION', to_jsonb(s) FROM act_ru_event_subscr s
                      WHERE s.execution_id_ = ANY (ARRAY (SELECT id_ FROM execution))
                     UNION ALL
                     SELECT 'INCIDENT', to_jsonb(i) FROM act_ru_incident i
                      WHERE i.proc_inst_id_ = ANY (ARRAY (SELECT id_ FROM instance))
                     UNION ALL
                     SELECT 'HISTORY', jsonb_build_object(
                                'id_', h.id_, 'start_time_', h.start_time_, 'removal_time_', h.removal_time_)
                       FROM act_hi_procinst h WHERE h.id_ = (SELECT root_proc_inst_id_ FROM root))
            SELECT kind, jsonb_strip_nulls(entity) FROM r ORDER BY entity ->> 'id_'""";

    /** A table, and the engine's query whose mapping fits its rows. */
    private enum Kind {
        EXECUTION("selectExecution"),
        TASK("selectTask"),
        LINK("selectIdentityLinksByTask"),
        VARIABLE("selectVariablesByExecutionId"),
        JOB("selectJobsByExecutionId"),
        SUBSCRIPTION("selectEventSubscriptionsByExecution"),
        INCIDENT("selectIncidentsByConfiguration"),
        HISTORY("selectHistoricProcessInstanceEvent");

        private final String query;

        Kind(String query) {
            this.query = query;
        }
    }

    private final Configuration mappings;
    private final Map<Kind, List<DbEntity>> found = new EnumMap<>(Kind.class);

    private boolean trial;

    private CallRows(Configuration mappings) {
        this.mappings = mappings;
        for (Kind kind : Kind.values()) {
            found.put(kind, new ArrayList<>());
        }
    }

    /** Whether a question for one row of this type is the first of many about its call. */
    static boolean begins(Class<?> type) {
        return type == ExecutionEntity.class || type == TaskEntity.class;
    }

    /**
     * @param type the type of the row that is asked for first, see {@link #begins}
     * @param id its id
     */
    static CallRows read(SqlSession session, Class<?> type, String id) {
        CallRows rows = new CallRows(session.getConfiguration());
        String sql = READ.formatted(type == TaskEntity.class ? OF_TASK : OF_EXECUTION);
        try (PreparedStatement statement = session.getConnection().prepareStatement(sql)) {
            statement.setString(1, id);
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    rows.add(Kind.valueOf(result.getString(1)), JSON.readValue(result.getString(2), ROW));
                }
            }
        } catch (SQLException | JsonProcessingException e) {
            throw new ProcessEngineException("What the engine keeps of a call could not be read", e);
        }
        return rows;
    }

    private void add(Kind kind, Map<String, Object> row) {
        ResultMap mapping = EntityRows.mapping(mappings, kind.query);
        DbEntity entity = EntityRows.entity(mappings, mapping, row, CallRows::converted);
        trial |= entity instanceof ExecutionEntity execution && Trial.TENANT.equals(execution.getTenantId());
        of(kind).add(entity);
    }

    /** Whether the call tries drafts. */
    boolean areOfTrial() {
        return trial;
    }

    private List<DbEntity> of(Kind kind) {
        return Objects.requireNonNull(found.get(kind));
    }

    /** A value of JSON as the type of the property it is for. */
    private static Object converted(Class<?> type, Object value) {
        if (value instanceof Number number) {
            if (type == int.class || type == Integer.class) {
                return number.intValue();
            }
            if (type == long.class || type == Long.class) {
                return number.longValue();
            }
            if (type == double.class || type == Double.class) {
                return number.doubleValue();
            }
        }
        return type == Date.class ? Timestamp.valueOf(LocalDateTime.parse(value.toString())) : value;
    }

    /** A row of the call; null when it is not of this call, so that the database has to be asked. */
    @Nullable
    DbEntity byId(Class<?> type, String id) {
        Kind kind = type == ExecutionEntity.class
                ? Kind.EXECUTION
                : type == TaskEntity.class
                        ? Kind.TASK
                        : type == HistoricProcessInstanceEventEntity.class ? Kind.HISTORY : null;
        return kind == null
                ? null
                : of(kind).stream()
                        .filter(entity -> entity.getId().equals(id))
                        .findFirst()
                        .orElse(null);
    }

    /** The answer to one of the engine's queries; null when it asks for something else than rows of this call. */
    @Nullable
    List<DbEntity> list(String query, Object parameter) {
        if (!(parameter instanceof ListQueryParameterObject object)) {
            return null;
        }
        Map<?, ?> asked = object.getParameter() instanceof Map<?, ?> map ? map : Map.of();
        String id = String.valueOf(object.getParameter());
        return switch (query) {
            case "selectExecutionsByProcessInstanceId" ->
                among(
                        Kind.EXECUTION,
                        id,
                        Kind.EXECUTION,
                        ExecutionEntity.class,
                        e -> id.equals(e.getProcessInstanceId()));
            case "selectTasksByExecutionId" ->
                among(Kind.EXECUTION, id, Kind.TASK, TaskEntity.class, task -> id.equals(task.getExecutionId()));
            case "selectTasksByParentTaskId" ->
                among(Kind.TASK, id, Kind.TASK, TaskEntity.class, task -> id.equals(task.getParentTaskId()));
            case "selectIdentityLinksByTask" ->
                among(Kind.TASK, id, Kind.LINK, IdentityLinkEntity.class, link -> id.equals(link.getTaskId()));
            case "selectJobsByExecutionId" ->
                among(Kind.EXECUTION, id, Kind.JOB, JobEntity.class, job -> id.equals(job.getExecutionId()));
            case "selectEventSubscriptionsByExecution" ->
                among(
                        Kind.EXECUTION,
                        id,
                        Kind.SUBSCRIPTION,
                        EventSubscriptionEntity.class,
                        subscription -> id.equals(subscription.getExecutionId()));
            case "selectVariablesByExecutionId" -> variables(Kind.EXECUTION, asked.get("executionId"), asked);
            case "selectVariablesByTaskId" -> variables(Kind.TASK, asked.get("taskId"), asked);
            case "selectIncidentsByConfiguration" -> incidents(asked);
            case "selectJobsByConfiguration" -> jobs(asked);
            default -> null;
        };
    }

    /** Rows that belong to another row; null when that one is not of this call. */
    private <E extends DbEntity> @Nullable List<DbEntity> among(
            Kind owners, Object owner, Kind kind, Class<E> type, Predicate<E> belongs) {
        if (of(owners).stream().noneMatch(entity -> entity.getId().equals(owner))) {
            return null;
        }
        return of(kind).stream()
                .filter(entity -> belongs.test(type.cast(entity)))
                .toList();
    }

    private @Nullable List<DbEntity> variables(Kind owners, @Nullable Object owner, Map<?, ?> asked) {
        Collection<?> names = asked.get("variableNames") instanceof Collection<?> some ? some : List.of();
        return owner == null
                ? null
                : among(
                        owners,
                        owner,
                        Kind.VARIABLE,
                        VariableInstanceEntity.class,
                        variable -> owner.equals(
                                        owners == Kind.TASK
                                                ? variable.getTaskId()
                                                : variable.getTaskId() == null ? variable.getExecutionId() : null)
                                && (names.isEmpty() || names.contains(variable.getName())));
    }

    private @Nullable List<DbEntity> incidents(Map<?, ?> asked) {
        Object job = asked.get("configuration");
        Object type = asked.get("incidentType");
        return job == null
                ? null
                : among(
                        Kind.JOB,
                        job,
                        Kind.INCIDENT,
                        IncidentEntity.class,
                        incident -> job.equals(incident.getConfiguration())
                                && (type == null || type.equals(incident.getIncidentType())));
    }

    private @Nullable List<DbEntity> jobs(Map<?, ?> asked) {
        Object subscription = asked.get("handlerConfiguration");
        return subscription == null
                        || asked.get("tenantId") != null
                        || asked.get("handlerConfigurationWithFollowUpJobCreatedProperty") != null
                ? null
                : among(
                        Kind.SUBSCRIPTION,
                        subscription,
                        Kind.JOB,
                        JobEntity.class,
                        job -> subscription.equals(job.getJobHandlerConfigurationRaw())
                                && job.getJobHandlerType().equals(asked.get("handlerType"))
                                && job.getTenantId() == null);
    }
}
