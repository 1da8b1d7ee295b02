package io.cordboard.provider.twilio;

import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The API key that signs access tokens for browsers. The account's auth token cannot: a browser must not be able to do what
 * it allows.
 *
 * @param apiKey {@code TWILIO_API_KEY}, the key's SID
 * @param apiSecret {@code TWILIO_API_SECRET}, shown by Twilio once when the key is made
 */
@ConfigurationProperties("cordboard.twilio")
record SoftphoneSettings(@DefaultValue("") String apiKey, @DefaultValue("") String apiSecret) {

    /** What HS256 needs, and what Twilio gives. */
    private static final int SECRET_LENGTH = 32;

    SoftphoneSettings {
        apiKey = apiKey.strip();
        apiSecret = apiSecret.strip();
    }

    Optional<String> missing() {
        if (apiKey.isEmpty()) {
            return Optional.of("TWILIO_API_KEY is not set");
        }
        if (!apiKey.startsWith("SK")) {
            return Optional.of("TWILIO_API_KEY is not an API key's SID, which starts with SK");
        }
        if (apiSecret.isEmpty()) {
            return Optional.of("TWILIO_API_SECRET is not set");
        }
        return apiSecret.length() < SECRET_LENGTH
                ? Optional.of("TWILIO_API_SECRET is not an API key's secret, which has 32 characters")
                : Optional.empty();
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "SoftphoneSettings[apiKey=" + apiKey + "]";
    }
}
