/** Messages of callers nobody had time for, and the work they become. */
@NullMarked
@ApplicationModule(
        allowedDependencies = {
            "shared",
            "platform",
            "flow",
            "call",
            "agent",
            "customer",
            "routing",
            "telephony",
            "telephony :: spi",
            "events"
        })
package io.cordboard.voicemail;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
