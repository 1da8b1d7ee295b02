/**
 * A telephone network in miniature that speaks Twilio's protocol: it executes TwiML, signs its webhooks and rings virtual
 * phones, and meets the product over HTTP only.
 */
@NullMarked
package io.cordboard.simulator.carrier;

import org.jspecify.annotations.NullMarked;
