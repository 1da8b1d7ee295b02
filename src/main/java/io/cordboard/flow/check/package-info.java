/** What a model, a decision or a form may contain: the rules that every deployment passes, whichever way it comes. */
@NullMarked
package io.cordboard.flow.check;

import org.jspecify.annotations.NullMarked;
