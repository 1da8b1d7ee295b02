/** What people look at: the pages, and calls put together for them from all that is known. */
@NullMarked
@ApplicationModule(allowedDependencies = {"shared", "platform", "flow", "customer"})
package io.cordboard.workspace;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
