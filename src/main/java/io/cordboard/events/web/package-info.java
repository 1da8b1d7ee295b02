/** The live feed over HTTP. */
@NullMarked
package io.cordboard.events.web;

import org.jspecify.annotations.NullMarked;
