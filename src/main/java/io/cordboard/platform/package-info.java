/** What the whole house stands on: database, clock, public address, problem details, health, masking of logs. */
@NullMarked
@ApplicationModule(allowedDependencies = {"shared"})
package io.cordboard.platform;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
