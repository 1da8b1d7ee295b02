package io.cordboard.customer.web;

import io.cordboard.customer.Account;
import java.util.stream.Stream;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** A request of somebody we know. Its principal is the {@link Account}. */
final class LoggedIn extends AbstractAuthenticationToken {

    /** What administrators of the installation may beside what their role may. */
    static final String OPERATOR = "OPERATOR";

    /** Begins what somebody may at the engine, such as {@code ENGINE_ANALYST}. */
    static final String ENGINE = "ENGINE_";

    private static final long serialVersionUID = 1L;

    private final transient Account account;

    LoggedIn(Account account) {
        super(Stream.of(
                        account.role().name(),
                        ENGINE + account.roleInEngine().name(),
                        account.administersInstallation() ? OPERATOR : "")
                .filter(role -> !role.isEmpty())
                .map(role -> new SimpleGrantedAuthority("ROLE_" + role))
                .toList());
        this.account = account;
        setAuthenticated(true);
    }

    @Override
    public Account getPrincipal() {
        return account;
    }

    @Override
    public String getName() {
        return account.username();
    }

    @Override
    public String getCredentials() {
        return "";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LoggedIn that && account.equals(that.account);
    }

    @Override
    public int hashCode() {
        return account.hashCode();
    }
}
