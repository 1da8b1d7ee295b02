/** The engine: its configuration, what models may contain, their deployment, and the registry of steps. */
@NullMarked
@ApplicationModule(allowedDependencies = {"shared", "platform"})
package io.cordboard.flow;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
