/**
 * Operations at hand: the sub-command {@code ops} of the executable, for people who look after a running Cordboard from a
 * terminal. It speaks HTTP with the node and knows nothing else of it.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package io.cordboard.ops;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
