package io.cordboard.simulator.carrier;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The simulated carrier's account, numbers and limits.
 *
 * @param accountSid the only account there is
 * @param authToken its token: password of the REST interface and key of the webhook signatures
 * @param apiSecret secret of the account's only API key, which signs the access tokens of browsers
 * @param speed 1 is real time; see {@link Speed#parse}
 * @param baseUrl where this carrier is reached, without {@code /2010-04-01}; by default this application's own port
 * @param productUrl what voice URLs that begin with {@code /} are relative to; by default this application's own port
 * @param numbers numbers of the account, by E.164 number
 * @param phones virtual phones that behave differently from "answers after 600 ms", by number or address
 * @param musicLength how long one {@code Play} lasts while somebody is on hold
 * @param logSize entries the truth log keeps
 * @param endedCalls ended calls that are remembered
 * @param rememberFor how long ended calls are remembered
 */
@ConfigurationProperties("cordboard.simulator.carrier")
public record CarrierSettings(
        @DefaultValue("AC00000000000000000000000000000001") String accountSid,
        @DefaultValue("simulated-auth-token") String authToken,
        @DefaultValue("simulated-secret-of-the-api-key-0") String apiSecret,
        @DefaultValue("1") String speed,
        @Nullable String baseUrl,
        @Nullable String productUrl,
        @DefaultValue Map<String, Line> numbers,
        @DefaultValue Map<String, Phones.Phone> phones,
        @DefaultValue("PT20S") Duration musicLength,
        @DefaultValue("20000") int logSize,
        @DefaultValue("2000") int endedCalls,
        @DefaultValue("PT1H") Duration rememberFor) {

    /**
     * What answers a number.
     *
     * @param voiceUrl asked for TwiML when a call comes in
     * @param voiceMethod POST or GET
     * @param voiceFallbackUrl asked when the voice URL fails
     * @param statusCallback told when a call to the number has ended
     */
    public record Line(
            String voiceUrl,
            @DefaultValue("POST") String voiceMethod,
            @Nullable String voiceFallbackUrl,
            @Nullable String statusCallback) {}
}
