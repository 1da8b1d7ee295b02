/** The process {@code conversation}: its steps, and the facts that move it. */
@NullMarked
package io.cordboard.conversation.process;

import org.jspecify.annotations.NullMarked;
