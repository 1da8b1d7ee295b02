package io.cordboard.flow.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.ibatis.mapping.ResultMap;
import org.apache.ibatis.session.Configuration;
import org.camunda.bpm.engine.impl.db.DbEntity;
import org.camunda.bpm.engine.impl.dmn.entity.repository.DecisionDefinitionEntity;
import org.camunda.bpm.engine.impl.persistence.entity.JobDefinitionEntity;
import org.camunda.bpm.engine.impl.persistence.entity.ProcessDefinitionEntity;

/**
 * The models that calls run through, kept for a moment: the engine reads them anew in every command, though they change
 * only when something is deployed or suspended. This node sees such a change at once, another one after five seconds.
 */
final class KnownDefinitions {

    private static final Duration FRESH = Duration.ofSeconds(5);
    private static final Set<Class<?>> KINDS =
            Set.of(ProcessDefinitionEntity.class, JobDefinitionEntity.class, DecisionDefinitionEntity.class);
    private static final Set<String> QUERIES = Set.of(
            "selectProcessDefinition",
            "selectJobDefinition",
            "selectLatestProcessDefinitionByKeyWithoutTenantId",
            "selectLatestProcessDefinitionByKeyAndTenantId",
            "selectLatestDecisionDefinitionByKeyWithoutTenantId",
            "selectLatestDecisionDefinitionByKeyAndTenantId");

    /** Rows and not entities, because every command changes entities of its own. */
    private final Cache<String, List<Map<String, Object>>> rows =
            Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(FRESH).build();

    static boolean concerns(Class<?> kind) {
        return KINDS.contains(kind);
    }

    static boolean answers(String query) {
        return QUERIES.contains(query);
    }

    void forget() {
        rows.invalidateAll();
    }

    /** The entities of a query, new ones each time; nothing is kept of a query that found none. */
    List<DbEntity> find(Configuration mappings, String query, Object parameter, Supplier<List<DbEntity>> read) {
        ResultMap mapping = EntityRows.mapping(mappings, query);
        String key = query + " " + parameter;
        List<Map<String, Object>> known = rows.getIfPresent(key);
        if (known == null) {
            List<DbEntity> found = read.get();
            if (!found.isEmpty()) {
                rows.put(
                        key,
                        found.stream()
                                .map(entity -> EntityRows.row(mappings, mapping, entity))
                                .toList());
            }
            return found;
        }
        return known.stream()
                .map(row -> EntityRows.entity(mappings, mapping, row, (type, value) -> value))
                .toList();
    }
}
