/** Queues, the matching of callers and agents, and the offers made to agents. */
@NullMarked
@ApplicationModule(
        allowedDependencies = {"shared", "platform", "flow", "call", "agent", "customer", "telephony", "events"})
package io.cordboard.routing;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
