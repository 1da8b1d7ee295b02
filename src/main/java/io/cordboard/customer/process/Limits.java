package io.cordboard.customer.process;

import io.cordboard.customer.Role;
import org.camunda.bpm.engine.impl.identity.Authentication;

/** Who in the engine may do no more than their own tasks. */
final class Limits {

    private Limits() {}

    /** Whether somebody is in no other group than the agents; people of no group at all are limited likewise. */
    static boolean isOnlyAgent(Authentication who) {
        var groups = who.getGroupIds();
        return who.getUserId() != null && (groups == null || groups.stream().allMatch(Role.AGENT.column()::equals));
    }
}
