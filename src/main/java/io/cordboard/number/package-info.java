/** Phone numbers and what answers them. */
@NullMarked
@ApplicationModule(allowedDependencies = {"shared", "customer", "agent"})
package io.cordboard.number;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
