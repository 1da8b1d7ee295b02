package io.cordboard.provider.twilio;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The account at Twilio.
 *
 * @param accountSid {@code TWILIO_ACCOUNT_SID}
 * @param authToken {@code TWILIO_AUTH_TOKEN}; during a rotation the new and the old one, separated by a comma: the first
 *     is used for REST calls, each of them verifies webhooks
 * @param apiBaseUrl {@code TWILIO_API_BASE_URL}: another server instead of Twilio's, as an absolute address or as a path
 *     on this machine; empty for Twilio itself
 * @param callbackRetries Twilio's connection overrides, sent as the fragment of every address that we hand out; empty
 *     for Twilio's defaults
 * @param language BCP 47 tag of the words a caller hears when nothing else can be reached; English and German are known
 */
@ConfigurationProperties("cordboard.twilio")
public record TwilioSettings(
        @DefaultValue("") String accountSid,
        @DefaultValue("") String authToken,
        @DefaultValue("") String apiBaseUrl,
        @DefaultValue("rc=5&rp=ct,rt,5xx") String callbackRetries,
        @DefaultValue("en-US") String language) {

    public TwilioSettings {
        accountSid = accountSid.strip();
        apiBaseUrl = apiBaseUrl.strip().replaceAll("/+$", "");
    }

    /** What keeps Twilio switched off, in words for the operator; empty when it can be used. */
    public Optional<String> missing() {
        if (accountSid.isEmpty()) {
            return Optional.of("TWILIO_ACCOUNT_SID is not set");
        }
        if (!accountSid.startsWith("AC")) {
            return Optional.of("TWILIO_ACCOUNT_SID is not an account's SID, which starts with AC");
        }
        if (authTokens().isEmpty()) {
            return Optional.of("TWILIO_AUTH_TOKEN is not set");
        }
        return Optional.empty();
    }

    /** Whether it is not Twilio but something on this machine. */
    boolean simulated() {
        return apiBaseUrl.startsWith("/");
    }

    /** The tokens that may have signed a webhook; the first is used for REST calls. */
    public List<String> authTokens() {
        return Arrays.stream(authToken.split(","))
                .map(String::strip)
                .filter(token -> !token.isEmpty())
                .toList();
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "TwilioSettings[accountSid=" + accountSid + ", apiBaseUrl=" + apiBaseUrl + "]";
    }
}
