/** The pages for people: start, login, test phone, calls, operations. They know the rest only by its public API. */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package io.cordboard.workspace;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
