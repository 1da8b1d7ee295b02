/** Agents: who they are, what they can do, and what they are doing. */
@NullMarked
@ApplicationModule(allowedDependencies = {"shared", "platform", "customer", "events"})
package io.cordboard.agent;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
