/** The process {@code inbound-call}: how it starts, its steps, and the facts that move it. */
@NullMarked
package io.cordboard.call.process;

import org.jspecify.annotations.NullMarked;
