/** The language between flows and carriers: events in, media steps and commands out; the inbox and the outbox. */
@NullMarked
@ApplicationModule(allowedDependencies = {"shared", "platform"})
package io.cordboard.telephony;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
