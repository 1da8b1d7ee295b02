/** The language in which a queue says which agents it wants, see docs/queues.md. */
@NullMarked
package io.cordboard.routing.expression;

import org.jspecify.annotations.NullMarked;
