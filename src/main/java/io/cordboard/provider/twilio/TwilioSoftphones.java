package io.cordboard.provider.twilio;

import com.twilio.jwt.accesstoken.AccessToken;
import com.twilio.jwt.accesstoken.VoiceGrant;
import io.cordboard.telephony.Softphones;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Access tokens for Twilio's Voice SDK: incoming calls only, so no TwiML app is needed. */
@Component
class TwilioSoftphones implements Softphones {

    private static final Duration VALID = Duration.ofHours(1);

    private final TwilioSettings account;
    private final SoftphoneSettings settings;
    private final Clock clock;

    TwilioSoftphones(TwilioSettings account, SoftphoneSettings settings, Clock clock) {
        this.account = account;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public Optional<String> missing() {
        return account.missing().or(settings::missing);
    }

    @Override
    public Pass pass(String name) {
        missing().ifPresent(what -> {
            throw new IllegalStateException(what);
        });
        var token = new AccessToken.Builder(
                        account.accountSid(),
                        settings.apiKey(),
                        settings.apiSecret().getBytes(StandardCharsets.UTF_8))
                .identity(name)
                .ttl((int) VALID.toSeconds())
                .grant(new VoiceGrant().setIncomingAllow(true))
                .build();
        return new Pass(
                Twilio.NAME,
                token.toJwt(),
                clock.instant().plus(VALID),
                account.simulated() ? account.apiBaseUrl() : null);
    }
}
