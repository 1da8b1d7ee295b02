package io.cordboard.customer.process;

import io.cordboard.customer.Accounts;
import io.cordboard.customer.Login;
import io.cordboard.customer.Passwords;
import io.cordboard.customer.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.cfg.auth.DefaultAuthorizationProvider;
import org.camunda.bpm.engine.impl.digest.PasswordEncryptor;
import org.camunda.bpm.engine.impl.identity.ReadOnlyIdentityProvider;
import org.camunda.bpm.engine.impl.interceptor.Session;
import org.camunda.bpm.engine.impl.interceptor.SessionFactory;
import org.camunda.bpm.engine.impl.persistence.entity.AuthorizationEntity;
import org.camunda.bpm.engine.impl.persistence.entity.AuthorizationManager;
import org.camunda.bpm.engine.task.Task;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Plugs our accounts, passwords and rights into the engine. */
@Component
class IdentityPlugin extends AbstractProcessEnginePlugin {

    /** Asked for late: the engine starts before the tables of the accounts are there. */
    private final ObjectProvider<Accounts> accounts;

    private final ObjectProvider<Login> login;
    private final Passwords passwords;

    IdentityPlugin(ObjectProvider<Accounts> accounts, ObjectProvider<Login> login, Passwords passwords) {
        this.accounts = accounts;
        this.login = login;
        this.passwords = passwords;
    }

    @Override
    public void preInit(ProcessEngineConfigurationImpl engine) {
        engine.setIdentityProviderSessionFactory(new Opens(
                ReadOnlyIdentityProvider.class, () -> new EngineIdentity(accounts.getObject(), login.getObject())));
        var sessions = new ArrayList<>(
                Optional.ofNullable(engine.getCustomSessionFactories()).orElse(List.of()));
        sessions.add(new Opens(AuthorizationManager.class, OwnTasks::new));
        engine.setCustomSessionFactories(sessions);
        engine.setPasswordEncryptor(new Argon2(passwords));
        engine.setResourceAuthorizationProvider(new NoRowsForTasks());
        engine.setAdminGroups(new ArrayList<>(List.of(Role.ADMIN.column())));
    }

    private record Opens(Class<?> type, Supplier<? extends Session> how) implements SessionFactory {

        @Override
        public Class<?> getSessionType() {
            return type;
        }

        @Override
        public Session openSession() {
            return how.get();
        }
    }

    private record Argon2(Passwords passwords) implements PasswordEncryptor {

        @Override
        public String encrypt(String password) {
            return passwords.hash(password);
        }

        @Override
        public boolean check(String password, String encrypted) {
            return passwords.matches(password, encrypted);
        }

        @Override
        public String hashAlgorithmName() {
            return "argon2id";
        }
    }

    /** {@link OwnTasks} makes them needless. */
    private static final class NoRowsForTasks extends DefaultAuthorizationProvider {

        @Override
        public AuthorizationEntity @Nullable [] newTaskAssignee(Task task, String oldAssignee, String newAssignee) {
            return null;
        }

        @Override
        public AuthorizationEntity @Nullable [] newTaskOwner(Task task, String oldOwner, String newOwner) {
            return null;
        }

        @Override
        public AuthorizationEntity @Nullable [] newTaskUserIdentityLink(Task task, String userId, String type) {
            return null;
        }

        @Override
        public AuthorizationEntity @Nullable [] newTaskGroupIdentityLink(Task task, String groupId, String type) {
            return null;
        }
    }
}
