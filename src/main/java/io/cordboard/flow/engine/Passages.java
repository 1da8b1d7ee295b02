package io.cordboard.flow.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.impl.db.entitymanager.operation.DbEntityOperation;
import org.camunda.bpm.engine.impl.db.entitymanager.operation.DbOperationType;
import org.camunda.bpm.engine.impl.history.event.HistoricActivityInstanceEventEntity;

/**
 * Elements that a call passed without waiting: gateways, events, steps that are done at once. They are most of what happens
 * to a call, and nothing ever changes about them, so those of one transaction are written as one row
 * ({@code cordboard_passage}) instead of a row with two index entries for each. Where a call waits, the engine's own history
 * tells.
 */
final class Passages {

    /** The part of the statement that writes them. */
    static final String PART =
            """
            passages AS (
                INSERT INTO cordboard_passage (root_instance_id, passages)
                SELECT * FROM unnest(?, ?))""";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<DbEntityOperation> operations = new ArrayList<>();

    /** @return false when the operation is something else, to be written as the engine does */
    boolean take(DbEntityOperation operation) {
        boolean passage = operation.getOperationType() == DbOperationType.INSERT
                && operation.getEntity() instanceof HistoricActivityInstanceEventEntity activity
                && activity.getEndTime() != null
                && activity.getRootProcessInstanceId() != null;
        if (passage) {
            operations.add(operation);
        }
        return passage;
    }

    List<DbEntityOperation> operations() {
        return operations;
    }

    void bind(PreparedStatement statement, int index) throws SQLException {
        if (operations.isEmpty()) {
            return;
        }
        Map<String, Map<String, List<Object>>> roots = new LinkedHashMap<>();
        for (DbEntityOperation operation : operations) {
            var activity = (HistoricActivityInstanceEventEntity) operation.getEntity();
            long at = activity.getStartTime().getTime();
            List<Object> passed = roots.computeIfAbsent(
                            activity.getRootProcessInstanceId(), root -> new LinkedHashMap<>())
                    .computeIfAbsent(
                            activity.getProcessInstanceId(),
                            instance -> new ArrayList<>(List.<Object>of(instance, at)));
            List<Object> passage = new ArrayList<>(
                    List.of(activity.getActivityId(), at - (long) passed.get(1), activity.getSequenceCounter()));
            if (activity.isCanceled()) {
                passage.add(1);
            }
            passed.add(passage);
        }
        List<String> texts = new ArrayList<>();
        for (Map<String, List<Object>> instances : roots.values()) {
            texts.add(text(instances.values()));
        }
        var connection = statement.getConnection();
        statement.setArray(
                index, connection.createArrayOf("text", roots.keySet().toArray()));
        statement.setArray(index + 1, connection.createArrayOf("text", texts.toArray()));
    }

    private static String text(Object passages) {
        try {
            return JSON.writeValueAsString(passages);
        } catch (JsonProcessingException e) {
            throw new ProcessEngineException("The way of a call cannot be written", e);
        }
    }
}
