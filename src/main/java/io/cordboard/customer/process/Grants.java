package io.cordboard.customer.process;

import static org.camunda.bpm.engine.authorization.Authorization.ANY;
import static org.camunda.bpm.engine.authorization.Authorization.AUTH_TYPE_GLOBAL;
import static org.camunda.bpm.engine.authorization.Authorization.AUTH_TYPE_GRANT;
import static org.camunda.bpm.engine.authorization.Permissions.ACCESS;
import static org.camunda.bpm.engine.authorization.Permissions.ALL;
import static org.camunda.bpm.engine.authorization.Permissions.CREATE;
import static org.camunda.bpm.engine.authorization.Permissions.READ;
import static org.camunda.bpm.engine.authorization.Permissions.READ_HISTORY;
import static org.camunda.bpm.engine.authorization.Permissions.READ_INSTANCE;
import static org.camunda.bpm.engine.authorization.Permissions.READ_TASK;
import static org.camunda.bpm.engine.authorization.Resources.APPLICATION;
import static org.camunda.bpm.engine.authorization.Resources.DECISION_DEFINITION;
import static org.camunda.bpm.engine.authorization.Resources.DECISION_REQUIREMENTS_DEFINITION;
import static org.camunda.bpm.engine.authorization.Resources.DEPLOYMENT;
import static org.camunda.bpm.engine.authorization.Resources.FILTER;
import static org.camunda.bpm.engine.authorization.Resources.PROCESS_DEFINITION;

import io.cordboard.customer.Role;
import java.util.Map;
import org.camunda.bpm.engine.AuthorizationService;
import org.camunda.bpm.engine.FilterService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.authorization.Authorization;
import org.camunda.bpm.engine.authorization.Permission;
import org.camunda.bpm.engine.authorization.Resource;
import org.camunda.bpm.engine.authorization.Resources;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What each role may do in the engine, written at start where it is not written yet; outside the operator everybody is an
 * agent there, see {@link io.cordboard.customer.Account#roleInEngine}. The right of an agent to work on a task is not among
 * it: that comes from being its assignee, see {@link OwnTasks}.
 */
@Component
@Order(-90)
class Grants implements ApplicationRunner {

    private static final String MY_TASKS = "My tasks";

    private final AuthorizationService authorizations;
    private final FilterService filters;
    private final TaskService tasks;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    Grants(
            AuthorizationService authorizations,
            FilterService filters,
            TaskService tasks,
            JdbcClient jdbc,
            TransactionTemplate transaction) {
        this.authorizations = authorizations;
        this.filters = filters;
        this.tasks = tasks;
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        transaction.executeWithoutResult(status -> {
            // Nodes that start together take turns.
            jdbc.sql("SELECT 1 FROM pg_advisory_xact_lock(hashtext('cordboard grants'))")
                    .query(Integer.class)
                    .single();
            whoMayDoWhat();
            myTasks();
        });
    }

    private void whoMayDoWhat() {
        grant(Role.AGENT, APPLICATION, "tasklist", ACCESS);
        // The form of a task shows the name and the diagram of its flow.
        grant(Role.AGENT, PROCESS_DEFINITION, ANY, READ);

        grant(Role.SUPERVISOR, APPLICATION, "tasklist", ACCESS);
        grant(Role.SUPERVISOR, APPLICATION, "cockpit", ACCESS);
        grant(Role.SUPERVISOR, PROCESS_DEFINITION, ANY, READ, READ_INSTANCE, READ_TASK, READ_HISTORY);
        grant(Role.SUPERVISOR, DECISION_DEFINITION, ANY, READ, READ_HISTORY);
        grant(Role.SUPERVISOR, DECISION_REQUIREMENTS_DEFINITION, ANY, READ);
        grant(Role.SUPERVISOR, DEPLOYMENT, ANY, READ);

        grant(Role.ANALYST, APPLICATION, "tasklist", ACCESS);
        grant(Role.ANALYST, APPLICATION, "cockpit", ACCESS);
        // Models and no calls: those that try drafts are shown by our own API.
        grant(Role.ANALYST, PROCESS_DEFINITION, ANY, READ);
        grant(Role.ANALYST, DECISION_DEFINITION, ANY, READ);
        grant(Role.ANALYST, DECISION_REQUIREMENTS_DEFINITION, ANY, READ);
        grant(Role.ANALYST, DEPLOYMENT, ANY, READ, CREATE);

        for (Resource everything : Resources.values()) {
            grant(Role.ADMIN, everything, ANY, ALL);
        }
    }

    private void grant(Role role, Resource resource, String id, Permission... permissions) {
        boolean isThere = authorizations
                        .createAuthorizationQuery()
                        .authorizationType(AUTH_TYPE_GRANT)
                        .groupIdIn(role.column())
                        .resourceType(resource)
                        .resourceId(id)
                        .count()
                > 0;
        if (!isThere) {
            var grant = authorizations.createNewAuthorization(AUTH_TYPE_GRANT);
            grant.setGroupId(role.column());
            save(grant, resource, id, permissions);
        }
    }

    /** The list everybody finds in Tasklist, refreshed by itself. */
    private void myTasks() {
        if (filters.createFilterQuery().filterName(MY_TASKS).count() > 0) {
            return;
        }
        var filter = filters.newTaskFilter(MY_TASKS);
        filter.setQuery(tasks.createTaskQuery()
                .taskAssigneeExpression("${currentUser()}")
                .orderByTaskPriority()
                .desc()
                .orderByDueDate()
                .asc()
                .orderByTaskCreateTime()
                .asc());
        filter.setProperties(Map.of(
                "refresh", true, "priority", -10, "description", "What waits for you", "showUndefinedVariable", false));
        filters.saveFilter(filter);
        save(authorizations.createNewAuthorization(AUTH_TYPE_GLOBAL), FILTER, filter.getId(), READ);
    }

    private void save(Authorization authorization, Resource resource, String id, Permission... permissions) {
        authorization.setResource(resource);
        authorization.setResourceId(id);
        authorization.setPermissions(permissions);
        authorizations.saveAuthorization(authorization);
    }
}
