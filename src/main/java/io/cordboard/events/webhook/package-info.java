/** Outgoing webhooks: who is told of which events, and how they get there. */
@NullMarked
package io.cordboard.events.webhook;

import org.jspecify.annotations.NullMarked;
