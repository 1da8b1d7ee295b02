/** What a caller hears and is asked: the steps Say, Play, Ask, and the opening hours. */
@NullMarked
@ApplicationModule(allowedDependencies = {"shared", "flow", "call", "telephony"})
package io.cordboard.ivr;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
