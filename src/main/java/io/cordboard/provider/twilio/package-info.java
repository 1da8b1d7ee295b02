/** Twilio as a carrier: signed webhooks come in, TwiML and REST calls go out; Twilio's words and types end here. */
@NullMarked
@ApplicationModule(allowedDependencies = {"telephony", "telephony :: spi", "platform", "shared"})
package io.cordboard.provider.twilio;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
