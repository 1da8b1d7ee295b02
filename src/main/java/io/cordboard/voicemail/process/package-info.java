/** The process {@code timeout-to-voicemail}: its steps, and the facts that move it. */
@NullMarked
package io.cordboard.voicemail.process;

import org.jspecify.annotations.NullMarked;
