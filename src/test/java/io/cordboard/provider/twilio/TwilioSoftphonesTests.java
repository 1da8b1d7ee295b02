package io.cordboard.provider.twilio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** S1-48 · what is missing for phones in browsers is named by its variable. */
class TwilioSoftphonesTests {

    private static final TwilioSettings ACCOUNT = new TwilioSettings("AC1", "token", "", "", "en-US");

    @ParameterizedTest
    @CsvSource({
        "'', '', TWILIO_API_KEY is not set",
        "AC1, '', which starts with SK",
        "SK1, '', TWILIO_API_SECRET is not set",
        "SK1, short, which has 32 characters"
    })
    void saysWhatIsMissing(String key, String secret, String expected) {
        var softphones = new TwilioSoftphones(ACCOUNT, new SoftphoneSettings(key, secret), Clock.systemUTC());
        assertThat(softphones.missing()).get().asString().contains(expected);
        assertThatThrownBy(() -> softphones.pass("edith")).hasMessageContaining(expected);
        if (!secret.isEmpty()) {
            assertThat(new SoftphoneSettings(key, secret).toString()).doesNotContain(secret);
        }
    }
}
