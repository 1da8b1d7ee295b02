package io.cordboard.provider.twilio.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Twilio's signature of a webhook, by the rules of its page "Webhooks security": HMAC-SHA1 with the auth token over the
 * full address and, for a form, every parameter sorted by name; of a repeated one each different value, sorted. The
 * SDK's own validator knows one value a name only.
 */
final class TwilioSignature {

    private TwilioSignature() {}

    /** Whether one of the tokens signed this form for this address. */
    static boolean signsForm(List<String> tokens, String url, WebhookForm form, String signature) {
        var parameters = new StringBuilder();
        for (var name : new TreeSet<>(form.names())) {
            for (var value : new TreeSet<>(form.all(name))) {
                parameters.append(name).append(value);
            }
        }
        return signs(tokens, url, parameters.toString(), signature);
    }

    /** Whether one of the tokens signed this address, and its hash of the body is the body's. */
    static boolean signsBody(List<String> tokens, String url, String bodySha256, byte[] body, String signature) {
        var same = MessageDigest.isEqual(
                bodySha256.toLowerCase(java.util.Locale.ROOT).getBytes(StandardCharsets.UTF_8),
                sha256(body).getBytes(StandardCharsets.UTF_8));
        return signs(tokens, url, "", signature) && same;
    }

    private static boolean signs(List<String> tokens, String url, String parameters, String signature) {
        var given = signature.getBytes(StandardCharsets.UTF_8);
        var signed = false;
        for (var token : tokens) {
            for (var address : List.of(url, withOtherPort(url))) {
                var expected = sign(token, address + parameters).getBytes(StandardCharsets.UTF_8);
                signed |= MessageDigest.isEqual(expected, given);
            }
        }
        return signed;
    }

    /** Twilio signs some requests with the port in the address and some without it, as the SDK's validator knows too. */
    static String withOtherPort(String url) {
        var hostAt = url.indexOf("://") + 3;
        var pathAt = url.indexOf('/', hostAt);
        if (hostAt < 3 || pathAt < 0) {
            return url;
        }
        var authority = url.substring(hostAt, pathAt);
        var portAt = authority.indexOf(':', authority.lastIndexOf(']') + 1);
        var other =
                portAt >= 0 ? authority.substring(0, portAt) : authority + (url.startsWith("https") ? ":443" : ":80");
        return url.substring(0, hostAt) + other + url.substring(pathAt);
    }

    static String sign(String token, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(token.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String sha256(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
