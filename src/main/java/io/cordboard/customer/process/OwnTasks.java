package io.cordboard.customer.process;

import java.util.List;
import java.util.Set;
import org.camunda.bpm.engine.authorization.Permission;
import org.camunda.bpm.engine.authorization.Permissions;
import org.camunda.bpm.engine.authorization.Resource;
import org.camunda.bpm.engine.authorization.Resources;
import org.camunda.bpm.engine.impl.HistoricTaskInstanceQueryImpl;
import org.camunda.bpm.engine.impl.TaskQueryImpl;
import org.camunda.bpm.engine.impl.db.CompositePermissionCheck;
import org.camunda.bpm.engine.impl.db.ListQueryParameterObject;
import org.camunda.bpm.engine.impl.db.PermissionCheck;
import org.camunda.bpm.engine.impl.persistence.entity.AuthorizationManager;
import org.jspecify.annotations.Nullable;

/**
 * The engine's authorisations, with one rule added: whoever a task is assigned to may read it and complete it. The
 * engine knows that only from rows it would write and delete for every task; here the assignee itself is the proof.
 * Agents have no other right on tasks, so their task queries are narrowed to their own.
 */
public class OwnTasks extends AuthorizationManager {

    private static final Set<Permission> OF_ASSIGNEE = Set.of(Permissions.READ, Permissions.TASK_WORK);

    @Override
    public boolean isAuthorized(String userId, List<String> groupIds, CompositePermissionCheck check) {
        return isOwnTask(userId, check) || super.isAuthorized(userId, groupIds, check);
    }

    @Override
    public boolean isAuthorized(String userId, List<String> groupIds, PermissionCheck check) {
        return isOwnTask(userId, check) || super.isAuthorized(userId, groupIds, check);
    }

    /** Only one of several sufficient permissions proves anything; of several that are needed together none does. */
    private boolean isOwnTask(String userId, CompositePermissionCheck check) {
        return check.isDisjunctive() && check.getAtomicChecks().stream().anyMatch(atomic -> isOwnTask(userId, atomic));
    }

    private boolean isOwnTask(@Nullable String userId, PermissionCheck check) {
        if (userId == null
                || check.getResource() != Resources.TASK
                || check.getResourceId() == null
                || !OF_ASSIGNEE.contains(check.getPermission())) {
            return false;
        }
        var task = getCommandContext().getTaskManager().findTaskById(check.getResourceId());
        return task != null && userId.equals(task.getAssignee());
    }

    @Override
    public void configureTaskQuery(TaskQueryImpl query) {
        if (isOnlyAgent()) {
            withoutRows(query);
            query.addOrQuery((TaskQueryImpl) new TaskQueryImpl()
                    .taskAssigneeIn(getCurrentAuthentication().getUserId()));
        } else {
            super.configureTaskQuery(query);
        }
    }

    /** The engine looks a task up among the past ones before it takes a comment on it. */
    @Override
    public void configureHistoricTaskInstanceQuery(HistoricTaskInstanceQueryImpl query) {
        if (isOnlyAgent()) {
            withoutRows(query);
            query.addOrQuery(new HistoricTaskInstanceQueryImpl()
                    .taskAssignee(getCurrentAuthentication().getUserId()));
        } else {
            super.configureHistoricTaskInstanceQuery(query);
        }
    }

    private boolean isOnlyAgent() {
        return isAuthCheckExecuted() && Limits.isOnlyAgent(getCurrentAuthentication());
    }

    private void withoutRows(ListQueryParameterObject query) {
        configureQuery(query);
        query.getAuthCheck().setAuthorizationCheckEnabled(false);
    }

    /** All our groups have rows; the engine would read their names anew with every command. */
    @Override
    public List<String> filterAuthenticatedGroupIds(@Nullable List<String> authenticatedGroupIds) {
        return authenticatedGroupIds == null ? EMPTY_LIST : authenticatedGroupIds;
    }

    /** Nobody is granted a single task or instance, so there is nothing to clear away when it ends. */
    @Override
    public void deleteAuthorizationsByResourceId(Resource resource, String resourceId) {
        if (resource != Resources.TASK && resource != Resources.PROCESS_INSTANCE) {
            super.deleteAuthorizationsByResourceId(resource, resourceId);
        }
    }
}
