package io.cordboard.provider.twilio.webhook;

import static io.cordboard.provider.twilio.webhook.Twilio.ACCOUNT;
import static io.cordboard.provider.twilio.webhook.Twilio.CALL_SID;
import static io.cordboard.provider.twilio.webhook.Twilio.HOME;
import static io.cordboard.provider.twilio.webhook.Twilio.OLDER_TOKEN;
import static io.cordboard.provider.twilio.webhook.Twilio.TOKEN;
import static io.cordboard.provider.twilio.webhook.Twilio.encoded;
import static io.cordboard.provider.twilio.webhook.Twilio.signed;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.twilio.security.RequestValidator;
import io.cordboard.provider.twilio.TwilioSettings;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.mock.web.MockHttpServletResponse;

class WebhookGateTests {

    private static final MediaType FORM = MediaType.APPLICATION_FORM_URLENCODED;
    private static final String VOICE = HOME + "/webhooks/twilio/voice";
    private static final List<String> CALL = List.of(
            "AccountSid", ACCOUNT, "CallSid", CALL_SID, "From", "+15550100009", "To", "+15550100001", "CallerName", "");

    private final Twilio twilio = new Twilio();

    @Test
    void aSignedWebhookIsLetIn() {
        assertThat(twilio.post(VOICE, CALL).getStatus()).isEqualTo(200);
        assertThat(twilio.inbox.received).hasSize(1);
    }

    @Test
    void aReplayedWebhookGetsTheSameReply() throws Exception {
        var first = twilio.post(VOICE, CALL).getContentAsString();
        assertThat(twilio.post(VOICE, CALL).getContentAsString()).isEqualTo(first);
        assertThat(twilio.inbox.received).hasSize(2).allMatch(twilio.inbox.received.get(0)::equals);
    }

    @Test
    void anUnsignedWebhookIsRefused() throws Exception {
        assertRefused(403, send(VOICE, CALL, null), "missing");
        assertRefused(403, send(VOICE, CALL, " "), "missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "bm90IGEgc2lnbmF0dXJl", "\u00e4\u00f6", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="})
    void aMadeUpSignatureIsRefused(String signature) throws Exception {
        assertRefused(403, send(VOICE, CALL, signature), "wrong");
    }

    @Test
    void aSignatureWithAnotherTokenIsRefused() throws Exception {
        assertRefused(403, send(VOICE, CALL, signed("somebody-elses", VOICE, CALL)), "wrong");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://calls.example.com/webhooks/twilio/voice",
                "https://calls.example.org/webhooks/twilio/voice",
                "https://calls.example.com/webhooks/twilio/ask",
                "https://calls.example.com/webhooks/twilio/voice?x=1",
                "https://calls.example.com/webhooks/twilio/voice/"
            })
    void aSignatureForAnotherAddressIsRefused(String other) throws Exception {
        assertRefused(403, send(VOICE, CALL, signed(TOKEN, other, CALL)), "wrong");
    }

    @Test
    void aChangedAddedOrLostParameterIsNoticed() throws Exception {
        var signature = signed(TOKEN, VOICE, CALL);
        var changed = new ArrayList<>(CALL);
        changed.set(5, "+15550100008");
        var added = new ArrayList<>(CALL);
        added.addAll(List.of("Digits", "1"));
        assertRefused(403, send(VOICE, changed, signature), "wrong");
        assertRefused(403, send(VOICE, added, signature), "wrong");
        assertRefused(403, send(VOICE, CALL.subList(0, 8), signature.replace('A', 'B') + "="), "wrong");
        assertRefused(403, send(VOICE, CALL.subList(2, 10), signature), "wrong");
    }

    @Test
    void theQueryCountsExactlyAsItWasSent() throws Exception {
        var url = HOME + "/webhooks/twilio/ask?t=a%2fb%20c&again=1&empty=";
        assertRefused(403, send(url.replace("%2f", "%2F"), CALL, signed(TOKEN, url, CALL)), "wrong");
        assertRefused(403, send(url.replace("&again=1", ""), CALL, signed(TOKEN, url, CALL)), "wrong");
        assertThat(send(url, CALL, signed(TOKEN, url, CALL)).getStatus()).isEqualTo(200);
    }

    @Test
    void duringARotationBothTokensAreGood() {
        assertThat(send(VOICE, CALL, signed(OLDER_TOKEN, VOICE, CALL)).getStatus())
                .isEqualTo(200);
        assertThat(send(VOICE, CALL, signed(TOKEN, VOICE, CALL)).getStatus()).isEqualTo(200);
    }

    @Test
    void repeatedEmptyAndPaddedParametersAreSignedAsTheyAre() {
        var form = new ArrayList<>(CALL);
        form.addAll(List.of("Tag", "b", "Tag", "a", "Tag", "b", "Blank", "", "Padded", "  x ", "Ünï", "ß€😀+&="));
        assertThat(send(VOICE, form, signed(TOKEN, VOICE, form)).getStatus()).isEqualTo(200);
    }

    @Test
    void ofARepeatedParameterNoValueCanBeTakenAway() throws Exception {
        var form = new ArrayList<>(CALL);
        form.addAll(List.of("Tag", "a", "Tag", "b"));
        var signature = signed(TOKEN, VOICE, form);
        assertRefused(403, send(VOICE, form.subList(0, form.size() - 2), signature), "wrong");
    }

    @ParameterizedTest
    @CsvSource({"https://calls.example.com:443/webhooks/twilio/voice", "https://calls.example.com/webhooks/twilio/voice"
    })
    void theUsualPortMayBeSignedOrNot(String signedFor) {
        assertThat(send(VOICE, CALL, signed(TOKEN, signedFor, CALL)).getStatus())
                .isEqualTo(200);
    }

    @Test
    void theSdksOwnValidatorAgreesOnAThousandForms() {
        var random = new Random(7);
        var validator = new RequestValidator(TOKEN);
        for (var i = 0; i < 1000; i++) {
            var form = new ArrayList<String>();
            var map = new LinkedHashMap<String, String>();
            for (var n = random.nextInt(12); n > 0; n--) {
                map.put(text(random, 8), text(random, 20));
            }
            map.forEach((name, value) -> form.addAll(List.of(name, value)));
            var url = VOICE + (random.nextBoolean() ? "?t=" + random.nextInt() : "");
            var signature = signed(random.nextInt(4) == 0 ? OLDER_TOKEN : TOKEN, url, form);

            assertThat(TwilioSignature.signsForm(List.of(TOKEN), url, WebhookForm.parse(encoded(form)), signature))
                    .isEqualTo(validator.validate(url, map, signature));
        }
    }

    private static String text(Random random, int longest) {
        var text = new StringBuilder("n");
        for (var n = random.nextInt(longest); n > 0; n--) {
            text.appendCodePoint(random.nextInt(10) == 0 ? 0x1F600 + random.nextInt(40) : 32 + random.nextInt(200));
        }
        return text.toString();
    }

    @Test
    void behindAProxyTheSettingSaysWhatTheAddressIs() {
        var inside = "http://10.0.0.7:8080/webhooks/twilio/voice";
        assertThat(send(inside, CALL, signed(TOKEN, VOICE, CALL)).getStatus()).isEqualTo(200);
        assertThat(send(inside, CALL, signed(TOKEN, inside, CALL)).getStatus()).isEqualTo(403);
    }

    @Test
    void withoutTheSettingTheRequestSaysWhatTheAddressIs() {
        var other = new Twilio("", new TwilioSettings(ACCOUNT, TOKEN, "", "", "en-US"));
        var url = "http://localhost:4711/webhooks/twilio/voice";
        assertThat(other.post(url, CALL).getStatus()).isEqualTo(200);
        assertThat(other.post(VOICE, CALL).getStatus()).isEqualTo(200);
        assertThat(other.send(HttpMethod.POST, url, encoded(CALL), FORM, signed(TOKEN, VOICE, CALL))
                        .getStatus())
                .isEqualTo(403);
    }

    @Test
    void anOversizedBodyIsRefusedBeforeItIsRead() throws Exception {
        var form = new ArrayList<>(CALL);
        form.addAll(List.of("Blob", "x".repeat(WebhookGate.LARGEST_BODY)));
        assertRefused(413, send(VOICE, form, signed(TOKEN, VOICE, form)), "65536");
        assertThat(twilio.inbox.received).isEmpty();
    }

    @Test
    void onlyFormsAreTaken() throws Exception {
        var body = "{\"CallSid\":\"" + CALL_SID + "\"}";
        var url = VOICE + "?bodySHA256=" + sha256(body);
        var signature = signed(TOKEN, url, List.of());
        assertRefused(415, twilio.send(HttpMethod.POST, url, body, MediaType.APPLICATION_JSON, signature), "form");
        assertThat(new RequestValidatorOnBody(TOKEN).accepts(url, body, signature))
                .isTrue();
    }

    @Test
    void aBodyThatIsNotTheSignedOneIsRefused() throws Exception {
        var url = VOICE + "?bodySHA256=" + sha256("{}");
        var signature = signed(TOKEN, url, List.of());
        assertRefused(403, twilio.send(HttpMethod.POST, url, "[]", MediaType.APPLICATION_JSON, signature), "wrong");
        assertRefused(
                403,
                twilio.send(HttpMethod.POST, VOICE, "{}", MediaType.APPLICATION_JSON, signed(TOKEN, VOICE, List.of())),
                "wrong");
    }

    @Test
    void onlyPostIsTaken() throws Exception {
        assertRefused(405, twilio.send(HttpMethod.GET, VOICE, "", null, signed(TOKEN, VOICE, List.of())), "POST");
        assertRefused(403, twilio.send(HttpMethod.GET, VOICE, "", null, null), "missing");
    }

    @Test
    void aWebhookWithoutCallOrOfAnotherAccountIsRefused() throws Exception {
        assertRefused(400, twilio.post(VOICE, List.of("AccountSid", ACCOUNT)), "CallSid");
        assertRefused(403, twilio.post(VOICE, List.of("AccountSid", "AC2", "CallSid", CALL_SID)), "account");
        assertRefused(403, twilio.post(VOICE, List.of("CallSid", CALL_SID)), "account");
    }

    @Test
    void aFormThatIsNoneIsRefused() throws Exception {
        assertRefused(403, twilio.send(HttpMethod.POST, VOICE, "a=%zz", FORM, "x"), "malformed");
    }

    @ParameterizedTest
    @CsvSource({"'', t, TWILIO_ACCOUNT_SID", "AC1, ' , ', TWILIO_AUTH_TOKEN", "SK1, t, starts with AC"})
    void withoutCredentialsTheRefusalNamesWhatIsMissing(String account, String token, String named) throws Exception {
        var off = new Twilio(HOME, new TwilioSettings(account, token, "", "", "en-US"));
        assertRefused(503, off.post(VOICE, CALL), named);
    }

    @Test
    void refusalsAndLatencyAreCounted() {
        send(VOICE, CALL, null);
        send(VOICE, CALL, "x");
        twilio.post(VOICE, CALL);
        assertThat(twilio.meters.get("cordboard.twilio.signature.refused").counters())
                .hasSize(2);
        assertThat(twilio.meters
                        .get("cordboard.twilio.webhook")
                        .tags("hook", "voice", "status", "403")
                        .timer()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void theHoldMusicIsOpenToEverybodyAndMayBeCached() {
        var music = twilio.get(HOME + "/media/hold-music.wav");
        assertThat(music.getStatus()).isEqualTo(200);
        assertThat(music.getContentType()).isEqualTo("audio/wav");
        assertThat(music.getHeader("Cache-Control")).contains("max-age=86400");
    }

    private MockHttpServletResponse send(String url, List<String> form, String signature) {
        return twilio.send(HttpMethod.POST, url, encoded(form), FORM, signature);
    }

    private void assertRefused(int status, MockHttpServletResponse response, String detail) throws Exception {
        assertThat(response.getStatus()).isEqualTo(status);
        assertThat(response.getContentType()).isEqualTo("application/problem+json");
        JsonNode problem = new ObjectMapper().readTree(response.getContentAsString());
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("detail").asText()).contains(detail);
        assertThat(problem.path("remedy").asText()).isNotBlank();
        assertThat(problem.path("instance").asText()).startsWith("/webhooks/twilio/");
        assertThat(response.getContentAsString()).doesNotContain("+1555").doesNotContain(TOKEN);
        assertThat(twilio.inbox.received).isEmpty();
    }

    private static String sha256(String body) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8)));
    }

    private record RequestValidatorOnBody(String token) {
        boolean accepts(String url, String body, String signature) throws URISyntaxException {
            return new RequestValidator(token).validate(url, body, signature);
        }
    }
}
