package io.cordboard.simulator.carrier;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Checks access tokens as Twilio does: signature, time, and whether they let a browser be called. */
final class AccessTokens {

    private static final JsonMapper JSON = new JsonMapper();

    private final byte[] secret;

    AccessTokens(String secret) {
        this.secret = secret.getBytes(StandardCharsets.UTF_8);
    }

    sealed interface Checked permits Good, Expired, Invalid {}

    /** @param seconds how long it is good */
    record Good(String identity, long seconds) implements Checked {}

    record Expired() implements Checked {}

    record Invalid() implements Checked {}

    Checked check(String token, Instant now) {
        try {
            var parts = token.split("\\.", -1);
            if (parts.length != 3 || !signed(parts)) {
                return new Invalid();
            }
            var claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
            var identity = claims.at("/grants/identity").asText();
            if (identity.isEmpty() || !claims.at("/grants/voice/incoming/allow").asBoolean()) {
                return new Invalid();
            }
            var left = claims.path("exp").asLong() - now.getEpochSecond();
            return left > 0 ? new Good(identity, left) : new Expired();
        } catch (IllegalArgumentException | IOException unreadable) {
            return new Invalid();
        }
    }

    private boolean signed(String[] parts) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            var expected = mac.doFinal((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
            return MessageDigest.isEqual(expected, Base64.getUrlDecoder().decode(parts[2]));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
