package io.cordboard.flow.engine;

import io.cordboard.flow.Trial;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.impl.RepositoryServiceImpl;
import org.camunda.bpm.engine.impl.cmd.DeployCmd;
import org.camunda.bpm.engine.impl.db.DbEntity;
import org.camunda.bpm.engine.impl.db.entitymanager.DbEntityManager;
import org.camunda.bpm.engine.impl.interceptor.CommandContext;
import org.camunda.bpm.engine.impl.jobexecutor.TimerStartEventJobHandler;
import org.camunda.bpm.engine.impl.persistence.entity.AcquirableJobEntity;
import org.camunda.bpm.engine.impl.persistence.entity.DeploymentEntity;
import org.camunda.bpm.engine.impl.persistence.entity.EventSubscriptionEntity;
import org.camunda.bpm.engine.impl.persistence.entity.TimerEntity;
import org.camunda.bpm.engine.impl.repository.DeploymentBuilderImpl;
import org.camunda.bpm.engine.repository.DeploymentWithDefinitions;

/**
 * What somebody deploys in their own name is a draft, whatever tenant their request names; administrators who name none
 * deploy live. What the application deploys is left as it is.
 */
final class DraftingRepository extends RepositoryServiceImpl {

    private static final String REMEMBER =
            """
            INSERT INTO model_deployment (deployment_id, state, deployed_by)
            SELECT ?, ?, id FROM agent WHERE username = ? AND deleted_at IS NULL""";

    /** Whoever deploys again and again while they draw wants the last one. */
    private static final String SUPERSEDE =
            """
            UPDATE model_deployment m SET state = 'superseded', decided_by = m.deployed_by, decided_at = ?
              FROM model_deployment newest
             WHERE newest.deployment_id = ? AND m.deployed_by = newest.deployed_by AND m.state = 'draft'
               AND m.deployment_id <> newest.deployment_id
               AND NOT EXISTS (SELECT FROM act_ge_bytearray f WHERE f.deployment_id_ = m.deployment_id
                                  AND f.name_ <> ALL (?))""";

    @Override
    public DeploymentWithDefinitions deployWithResult(DeploymentBuilderImpl builder) {
        return commandExecutor.execute(new Deploy(builder));
    }

    private static final class Deploy extends DeployCmd {

        private static final long serialVersionUID = 1L;

        private Deploy(DeploymentBuilderImpl builder) {
            super(builder);
        }

        @Override
        public DeploymentWithDefinitions execute(CommandContext context) {
            String deployer = context.getAuthenticatedUserId();
            if (deployer == null) {
                return super.execute(context);
            }
            String tenant = deploymentBuilder.getDeployment().getTenantId();
            boolean live = context.getAuthorizationManager().isCamundaAdmin(context.getAuthentication())
                    && (tenant == null || tenant.isBlank());
            deploymentBuilder.tenantId(live ? null : Trial.TENANT);
            DeploymentWithDefinitions deployed = super.execute(context);
            if (deployed instanceof DeploymentEntity entity && entity.isNew()) {
                if (!live) {
                    waitForCalls(context.getDbEntityManager());
                }
                remember(context, entity, live, deployer);
            }
            return deployed;
        }

        /** A draft runs when a trial call comes, and never because of a timer, message or signal of its own. */
        private static void waitForCalls(DbEntityManager session) {
            session.getCachedEntitiesByType(EventSubscriptionEntity.class).stream()
                    .filter(start -> start.getExecutionId() == null && Trial.TENANT.equals(start.getTenantId()))
                    .forEach(session::delete);
            // Jobs of all kinds are kept under this one.
            List<? extends DbEntity> jobs = session.getCachedEntitiesByType(AcquirableJobEntity.class);
            jobs.stream()
                    .filter(job -> job instanceof TimerEntity start
                            && TimerStartEventJobHandler.TYPE.equals(start.getJobHandlerType())
                            && Trial.TENANT.equals(start.getTenantId()))
                    .forEach(session::delete);
        }

        private static void remember(CommandContext context, DeploymentEntity deployed, boolean live, String deployer) {
            var connection = context.getDbSqlSession().getSqlSession().getConnection();
            try (var remember = connection.prepareStatement(REMEMBER);
                    var supersede = connection.prepareStatement(SUPERSEDE)) {
                remember.setString(1, deployed.getId());
                remember.setString(2, live ? "live" : "draft");
                remember.setString(3, deployer);
                if (remember.executeUpdate() != 1) {
                    throw new ProcessEngineException("There is no account " + deployer + " any more.");
                }
                if (!live) {
                    supersede.setTimestamp(
                            1, Timestamp.from(deployed.getDeploymentTime().toInstant()));
                    supersede.setString(2, deployed.getId());
                    supersede.setArray(
                            3,
                            connection.createArrayOf(
                                    "text", deployed.getResources().keySet().toArray()));
                    supersede.executeUpdate();
                }
            } catch (SQLException e) {
                throw new ProcessEngineException("It could not be written down who deployed a model", e);
            }
        }
    }
}
