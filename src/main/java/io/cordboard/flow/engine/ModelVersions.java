package io.cordboard.flow.engine;

import io.cordboard.flow.Trial;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.camunda.bpm.engine.impl.db.DbEntity;
import org.camunda.bpm.engine.impl.db.ListQueryParameterObject;
import org.camunda.bpm.engine.repository.ResourceDefinition;
import org.jspecify.annotations.Nullable;

/**
 * What the key of a model means when the engine asks for its latest version: for a trial the newest draft, where there is
 * none the published model, and for everybody else the published model always. A numbered or tagged version is a
 * published one for all.
 */
final class ModelVersions {

    private static final String OF_TENANT = "AndTenantId";
    private static final String PUBLISHED = "WithoutTenantId";

    private static final Set<String> LATEST =
            Set.of("selectLatestProcessDefinitionByKey", "selectLatestDecisionDefinitionByKey");
    private static final String NUMBERED_DECISION = "selectDecisionDefinitionByKeyVersion";
    private static final String NUMBERED_PROCESS = "selectProcessDefinitionByKeyVersionAndTenantId";

    /** These find one version for each tenant. */
    private static final Set<String> LATEST_OF_EACH = Set.of(
            "selectLatestProcessDefinitionByKey",
            "selectLatestDecisionDefinitionByKey",
            "selectLatestCamundaFormDefinitionByKey");

    private ModelVersions() {}

    /** The answer to a question of a trial for one row; null when there is none. */
    static @Nullable Object ofTrial(
            String query, Object parameter, BiFunction<String, Object, @Nullable Object> database) {
        if (!(parameter instanceof Map<?, ?> asked)) {
            return database.apply(query, parameter);
        }
        String question = query.replace(OF_TENANT, "").replace(PUBLISHED, "");
        if (question.equals(NUMBERED_DECISION)) {
            return database.apply(question + PUBLISHED, parameter);
        }
        if (!LATEST.contains(question)) {
            return database.apply(query, parameter);
        }
        Map<Object, Object> ofDrafts = new HashMap<>(asked);
        ofDrafts.put("tenantId", Trial.TENANT);
        Object draft = database.apply(question + OF_TENANT, ofDrafts);
        return draft != null ? draft : database.apply(question + PUBLISHED, parameter);
    }

    /** Lets a trial that asks for a numbered version of a process find the published one. */
    @SuppressWarnings("unchecked")
    static void publishedOnly(String query, Object parameter) {
        if (query.equals(NUMBERED_PROCESS)
                && parameter instanceof ListQueryParameterObject list
                && list.getParameter() instanceof Map<?, ?> asked) {
            ((Map<Object, @Nullable Object>) asked).put("tenantId", null);
        }
    }

    static boolean areOfEachTenant(String query) {
        return LATEST_OF_EACH.contains(query);
    }

    /** Of the latest versions of each tenant the one that is meant, if there is one. */
    static List<DbEntity> meant(List<DbEntity> latest, boolean trial) {
        List<DbEntity> drafts = trial ? of(latest, Trial.TENANT::equals) : List.of();
        // Not "without tenant": the engine reads forms without one as if their version were it.
        return drafts.isEmpty() ? of(latest, tenant -> !Trial.UNPUBLISHED.contains(tenant)) : drafts;
    }

    private static List<DbEntity> of(List<DbEntity> latest, Predicate<String> tenant) {
        return latest.stream()
                .filter(entity -> tenant.test(String.valueOf(((ResourceDefinition) entity).getTenantId())))
                .toList();
    }
}
