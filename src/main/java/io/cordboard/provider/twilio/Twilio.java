package io.cordboard.provider.twilio;

import io.cordboard.telephony.CarrierEvent.LegEnd;
import java.util.Optional;

/** The words of this carrier that more than one class knows. */
public final class Twilio {

    /** This carrier in our tables. */
    public static final String NAME = "twilio";

    private Twilio() {}

    /** How a call with this {@code CallStatus} ended; empty while it lives. */
    public static Optional<LegEnd> end(String callStatus) {
        return Optional.ofNullable(
                switch (callStatus) {
                    case "completed" -> LegEnd.COMPLETED;
                    case "busy" -> LegEnd.BUSY;
                    case "no-answer" -> LegEnd.NO_ANSWER;
                    case "failed" -> LegEnd.FAILED;
                    case "canceled" -> LegEnd.CANCELED;
                    default -> null;
                });
    }
}
