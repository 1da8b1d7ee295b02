package io.cordboard.customer;

import io.cordboard.shared.AgentId;
import io.cordboard.shared.CustomerId;

/**
 * Somebody who can log in. The principal of every request that is logged in:
 * {@code @AuthenticationPrincipal Account me}.
 *
 * @param username lower-case and unique in the whole installation; tasks are assigned to it
 * @param name how people call them
 * @param version changes with the role, the user name and the password; logins of an older version are over
 * @param operator whether they are of the customer that runs the installation
 */
public record Account(
        AgentId id, CustomerId customer, String username, String name, Role role, String version, boolean operator) {

    /** Whether they administer the installation, and not only their customer. */
    public boolean administersInstallation() {
        return operator && role == Role.ADMIN;
    }

    /** Whether they draw models, and see the calls that try them. */
    public boolean drawsModels() {
        return operator && (role == Role.ANALYST || role == Role.ADMIN);
    }

    /**
     * What they are in the engine and its consoles. Models are shared by all customers, and processes of all lie side by
     * side there: whoever is not of the operator works on their own tasks and sees nothing else.
     */
    public Role roleInEngine() {
        return operator || role == Role.GUEST ? role : Role.AGENT;
    }
}
