/** The HTTP API of queues and reservations. */
@NullMarked
package io.cordboard.routing.web;

import org.jspecify.annotations.NullMarked;
