/** What Twilio calls: the check of its signature, the translation into our events, the reply. */
@NullMarked
package io.cordboard.provider.twilio.webhook;

import org.jspecify.annotations.NullMarked;
