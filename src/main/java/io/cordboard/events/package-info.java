/** What happened, for people and programs that watch: the event log and the live feed. */
@NullMarked
@ApplicationModule(allowedDependencies = {"shared", "platform", "customer"})
package io.cordboard.events;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
