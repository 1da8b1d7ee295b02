package io.cordboard.flow.engine;

import io.cordboard.flow.check.Fault;
import io.cordboard.flow.check.ModelCheck;
import io.cordboard.flow.check.ModelRefused;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.camunda.bpm.engine.impl.persistence.deploy.Deployer;
import org.camunda.bpm.engine.impl.persistence.entity.DeploymentEntity;

/** The first to see every deployment, whichever way it comes; what it refuses is never stored. */
final class RefusingDeployer implements Deployer {

    private static final ThreadLocal<Boolean> OURS = ThreadLocal.withInitial(() -> false);

    private final ModelCheck check;

    RefusingDeployer(ModelCheck check) {
        this.check = check;
    }

    /** Deploys files of our own folders, which may hold pages. Nothing that a deployment says of itself counts for this. */
    static <T> T asOurs(Supplier<T> deployment) {
        OURS.set(true);
        try {
            return deployment.get();
        } finally {
            OURS.remove();
        }
    }

    @Override
    public void deploy(DeploymentEntity deployment) {
        if (!deployment.isNew()) {
            // Read back from the database: what was accepted once keeps running.
            return;
        }
        Map<String, byte[]> files = new HashMap<>();
        deployment.getResources().forEach((name, resource) -> files.put(name, resource.getBytes()));
        List<Fault> faults = check.faults(files, OURS.get());
        if (!faults.isEmpty()) {
            throw new ModelRefused(faults);
        }
    }
}
