/** Ringing the agent, talking, ending, and wrapping up. */
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
            "events"
        })
package io.cordboard.conversation;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
