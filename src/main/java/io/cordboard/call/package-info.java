/** The call itself: its row, its legs, its notes, how it starts and how it ends. */
@NullMarked
@ApplicationModule(allowedDependencies = {"shared", "platform", "flow", "telephony", "number", "events"})
package io.cordboard.call;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
