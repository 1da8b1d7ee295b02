/** What a carrier's adapter implements. */
@NullMarked
@NamedInterface("spi")
package io.cordboard.telephony.spi;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
