/** The process {@code queue-reservation}: its steps, and the matcher that moves it. */
@NullMarked
package io.cordboard.routing.process;

import org.jspecify.annotations.NullMarked;
