/** Our accounts and roles as the engine and its web applications see them. */
@NullMarked
package io.cordboard.customer.process;

import org.jspecify.annotations.NullMarked;
