package io.cordboard.customer.process;

import io.cordboard.customer.Account;
import io.cordboard.customer.Accounts;
import io.cordboard.customer.Login;
import io.cordboard.customer.Role;
import io.cordboard.customer.process.web.Caller;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.camunda.bpm.engine.BadUserRequestException;
import org.camunda.bpm.engine.identity.Group;
import org.camunda.bpm.engine.identity.GroupQuery;
import org.camunda.bpm.engine.identity.NativeUserQuery;
import org.camunda.bpm.engine.identity.Tenant;
import org.camunda.bpm.engine.identity.TenantQuery;
import org.camunda.bpm.engine.identity.User;
import org.camunda.bpm.engine.identity.UserQuery;
import org.camunda.bpm.engine.impl.GroupQueryImpl;
import org.camunda.bpm.engine.impl.Page;
import org.camunda.bpm.engine.impl.TenantQueryImpl;
import org.camunda.bpm.engine.impl.UserQueryImpl;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.identity.ReadOnlyIdentityProvider;
import org.camunda.bpm.engine.impl.interceptor.CommandContext;
import org.camunda.bpm.engine.impl.interceptor.CommandExecutor;
import org.camunda.bpm.engine.impl.persistence.entity.GroupEntity;
import org.camunda.bpm.engine.impl.persistence.entity.UserEntity;
import org.jspecify.annotations.Nullable;

/**
 * Our accounts as the engine's users, what they are there ({@link Account#roleInEngine}) as its groups. The engine cannot
 * change them and keeps none of its own; whoever is no more than an agent sees only themselves. No SQL is needed:
 * {@link Accounts} are in memory.
 */
class EngineIdentity implements ReadOnlyIdentityProvider {

    private final Accounts accounts;
    private final Login login;

    EngineIdentity(Accounts accounts, Login login) {
        this.accounts = accounts;
        this.login = login;
    }

    @Override
    public @Nullable User findUserById(String userId) {
        return users().filter(account -> account.username().equals(userId))
                .findFirst()
                .map(EngineIdentity::user)
                .orElse(null);
    }

    @Override
    public UserQuery createUserQuery() {
        return new Users(Context.getProcessEngineConfiguration().getCommandExecutorTxRequired());
    }

    @Override
    public UserQuery createUserQuery(CommandContext commandContext) {
        return new Users();
    }

    @Override
    public NativeUserQuery createNativeUserQuery() {
        throw new BadUserRequestException("Users are Cordboard's accounts: they cannot be queried by SQL.");
    }

    @Override
    public boolean checkPassword(String userId, String password) {
        if (userId == null || password == null) {
            return false;
        }
        return login.check(userId, password, Caller.address()) instanceof Login.Welcome;
    }

    @Override
    public @Nullable Group findGroupById(String groupId) {
        return groups().filter(role -> role.column().equals(groupId))
                .findFirst()
                .map(EngineIdentity::group)
                .orElse(null);
    }

    @Override
    public GroupQuery createGroupQuery() {
        return new Groups(Context.getProcessEngineConfiguration().getCommandExecutorTxRequired());
    }

    @Override
    public GroupQuery createGroupQuery(CommandContext commandContext) {
        return new Groups();
    }

    @Override
    public @Nullable Tenant findTenantById(String tenantId) {
        return null;
    }

    @Override
    public TenantQuery createTenantQuery() {
        return new NoTenants(Context.getProcessEngineConfiguration().getCommandExecutorTxRequired());
    }

    @Override
    public TenantQuery createTenantQuery(CommandContext commandContext) {
        return new NoTenants();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    /** Everybody the one who asks may see; the application itself asks without a name and may see all. */
    private Stream<Account> users() {
        return whoIsLimited().map(me -> accounts.byUsername(me).stream()).orElseGet(() -> accounts.all().stream());
    }

    private Stream<Role> groups() {
        return whoIsLimited().isPresent() ? Stream.of(Role.AGENT) : Stream.of(Role.values());
    }

    private static Optional<String> whoIsLimited() {
        return Optional.ofNullable(Context.getCommandContext())
                .filter(CommandContext::isAuthorizationCheckEnabled)
                .map(CommandContext::getAuthentication)
                .filter(Limits::isOnlyAgent)
                .map(org.camunda.bpm.engine.impl.identity.Authentication::getUserId);
    }

    private static User user(Account account) {
        var user = new UserEntity(account.username());
        user.setFirstName(account.name());
        user.setLastName("");
        return user;
    }

    private static Group group(Role role) {
        var group = new GroupEntity(role.column());
        group.setName(role.name().charAt(0) + role.column().substring(1));
        group.setType("WORKFLOW");
        return group;
    }

    private static boolean fits(@Nullable String wanted, String value) {
        return wanted == null || wanted.equals(value);
    }

    private static boolean isAmong(String @Nullable [] wanted, String value) {
        return wanted == null || List.of(wanted).contains(value);
    }

    /** SQL's LIKE with {@code %} and {@code _}, in any case. */
    private static boolean isLike(@Nullable String pattern, String value) {
        if (pattern == null) {
            return true;
        }
        String regex = pattern.toLowerCase(Locale.ROOT)
                .codePoints()
                .mapToObj(c -> c == '%' ? ".*" : c == '_' ? "." : Pattern.quote(Character.toString(c)))
                .collect(Collectors.joining());
        return value.toLowerCase(Locale.ROOT).matches(regex);
    }

    private static <T> List<T> page(Stream<T> all, @Nullable Page page) {
        return page == null
                ? all.toList()
                : all.skip(page.getFirstResult()).limit(page.getMaxResults()).toList();
    }

    private final class Users extends UserQueryImpl {

        private static final long serialVersionUID = 1L;

        private Users() {}

        private Users(CommandExecutor executor) {
            super(executor);
        }

        @Override
        public long executeCount(CommandContext commandContext) {
            return found().count();
        }

        @Override
        public List<User> executeList(CommandContext commandContext, @Nullable Page page) {
            return page(found().map(EngineIdentity::user), page);
        }

        private Stream<Account> found() {
            boolean nobodyHasThese = tenantId != null || email != null || emailLike != null || procDefId != null;
            return nobodyHasThese
                    ? Stream.empty()
                    : users().filter(account -> fits(id, account.username())
                            && isAmong(ids, account.username())
                            && fits(firstName, account.name())
                            && isLike(firstNameLike, account.name())
                            && fits(lastName, "")
                            && isLike(lastNameLike, "")
                            && fits(groupId, account.roleInEngine().column()));
        }
    }

    private final class Groups extends GroupQueryImpl {

        private static final long serialVersionUID = 1L;

        private Groups() {}

        private Groups(CommandExecutor executor) {
            super(executor);
        }

        @Override
        public long executeCount(CommandContext commandContext) {
            return found().count();
        }

        @Override
        public List<Group> executeList(CommandContext commandContext, @Nullable Page page) {
            return page(found().map(EngineIdentity::group), page);
        }

        private Stream<Role> found() {
            if (tenantId != null || procDefId != null) {
                return Stream.empty();
            }
            var ofUser = userId == null
                    ? null
                    : users().filter(account -> account.username().equals(userId))
                            .map(Account::roleInEngine)
                            .findFirst()
                            .orElse(null);
            if (userId != null && ofUser == null) {
                return Stream.empty();
            }
            return groups().filter(role -> (ofUser == null || role == ofUser)
                    && fits(id, role.column())
                    && isAmong(ids, role.column())
                    && (name == null || name.equalsIgnoreCase(role.column()))
                    && isLike(nameLike, role.column())
                    && fits(type, "WORKFLOW"));
        }
    }

    /** Nobody belongs to the engine's tenants: they tell drafts from published models. */
    private static final class NoTenants extends TenantQueryImpl {

        private static final long serialVersionUID = 1L;

        private NoTenants() {}

        private NoTenants(CommandExecutor executor) {
            super(executor);
        }

        @Override
        public long executeCount(CommandContext commandContext) {
            return 0;
        }

        @Override
        public List<Tenant> executeList(CommandContext commandContext, @Nullable Page page) {
            return List.of();
        }
    }
}
