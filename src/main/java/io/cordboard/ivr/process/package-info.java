/** The steps of the process {@code ivr}. */
@NullMarked
package io.cordboard.ivr.process;

import org.jspecify.annotations.NullMarked;
