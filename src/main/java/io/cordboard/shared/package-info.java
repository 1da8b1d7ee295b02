/** Ids and value types that every module speaks of. No framework in here. */
@NullMarked
@ApplicationModule(type = ApplicationModule.Type.OPEN)
package io.cordboard.shared;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
