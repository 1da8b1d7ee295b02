/** What happened, for people and programs that watch: the event log, the live feed and outgoing webhooks. */
@NullMarked
@ApplicationModule(allowedDependencies = {"shared", "platform", "customer"})
package io.cordboard.events;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
