package io.cordboard.simulator.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.twilio.jwt.accesstoken.AccessToken;
import com.twilio.jwt.accesstoken.VoiceGrant;
import com.twilio.rest.api.v2010.account.Call;
import com.twilio.type.Client;
import com.twilio.type.PhoneNumber;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** S1-48 · what a browser with Twilio's Voice SDK and the carrier tell each other; the SDK itself is in the pages' tests. */
class BrowserTests extends CarrierTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AtomicInteger NAMES = new AtomicInteger();

    private final String name = "browser" + NAMES.incrementAndGet();
    private Product.Line line;

    @BeforeEach
    void aLine() {
        line = line("").answers("answered", "<Pause length=\"60\"/>");
    }

    @Test
    void aRegisteredBrowserIsRungAnswersAndHangsUp() throws Exception {
        try (var browser = new Browser(name)) {
            browser.registers();
            var sid = call();
            var invitation = browser.hears("invite");
            assertThat(invitation.path("callsid").asText()).isEqualTo(sid);
            assertThat(invitation.at("/parameters/To").asText()).isEqualTo("client:" + name);

            browser.says("answer", Map.of("callsid", sid, "sdp", "v=0"));
            eventually().until(() -> status(sid).equals("in-progress"));
            browser.says("hangup", Map.of("callsid", sid));
            eventually().until(() -> status(sid).equals("completed"));
        }
    }

    @Test
    void ofTwoTheFirstToAnswerHasTheCallAndTheOtherIsToldSo() throws Exception {
        try (var first = new Browser(name);
                var second = new Browser(name)) {
            first.registers();
            second.registers();
            var sid = call();
            first.hears("invite");
            second.hears("invite");
            second.says("answer", Map.of("callsid", sid, "sdp", "v=0"));
            assertThat(first.hears("cancel").path("callsid").asText()).isEqualTo(sid);

            Call.updater(sid).setStatus(Call.UpdateStatus.COMPLETED).update(TWILIO);
            assertThat(second.hears("hangup").path("callsid").asText()).isEqualTo(sid);
        }
    }

    @Test
    void whoIsGoneOrDeclinesHasNoCall() throws Exception {
        String sid;
        try (var browser = new Browser(name)) {
            browser.registers();
            var declined = call();
            browser.hears("invite");
            browser.says("reject", Map.of("callsid", declined));
            eventually().until(() -> status(declined).equals("no-answer"));

            browser.heard.clear();
            sid = call();
            browser.hears("invite");
            browser.says("answer", Map.of("callsid", sid, "sdp", "v=0"));
            eventually().until(() -> status(sid).equals("in-progress"));
        }
        eventually().until(() -> status(sid).equals("completed"));
    }

    @Test
    void aTokenOfSomebodyElseRegistersNothing() throws Exception {
        try (var browser = new Browser(name)) {
            browser.says("listen", Map.of("token", token("a-secret-of-another-account-00000")));
            assertThat(browser.hears("error").at("/error/code").asInt()).isEqualTo(31204);
            browser.says("register", Map.of("media", Map.of("audio", true)));
            assertThat(browser.heard).noneMatch(message -> message.contains("ready"));
        }
    }

    private String call() {
        return Call.creator(
                        new Client("client:" + name), new PhoneNumber(line.number()), URI.create(line.url("answered")))
                .create(TWILIO)
                .getSid();
    }

    private static String status(String sid) {
        return String.valueOf(Call.fetcher(sid).fetch(TWILIO).getStatus());
    }

    private String token(String secret) {
        return new AccessToken.Builder("AC1", "SK1", secret.getBytes(StandardCharsets.UTF_8))
                .identity(name)
                .grant(new VoiceGrant().setIncomingAllow(true))
                .build()
                .toJwt();
    }

    /** The messages of one SDK. */
    private final class Browser implements AutoCloseable, java.net.http.WebSocket.Listener {

        private final List<String> heard = new CopyOnWriteArrayList<>();
        private final StringBuilder part = new StringBuilder();
        private final java.net.http.WebSocket socket;

        Browser(String name) {
            socket = java.net.http.HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(
                            URI.create(NETWORK.url("/simulator/carrier/signal").replace("http://", "ws://")), this)
                    .join();
        }

        @Override
        public java.util.concurrent.@org.jspecify.annotations.Nullable CompletionStage<?> onText(
                java.net.http.WebSocket from, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                heard.add(part.toString());
                part.setLength(0);
            }
            from.request(1);
            return null;
        }

        void registers() throws Exception {
            says("listen", Map.of("token", token(Network.API_SECRET)));
            assertThat(hears("connected").at("/token/identity").asText()).isEqualTo(name);
            says("register", Map.of("media", Map.of("audio", true)));
            hears("ready");
        }

        void says(String type, Map<String, ?> payload) throws Exception {
            socket.sendText(JSON.writeValueAsString(Map.of("type", type, "payload", payload)), true)
                    .join();
        }

        JsonNode hears(String type) throws Exception {
            eventually().untilAsserted(() -> assertThat(heard)
                    .anyMatch(message -> message.contains("\"type\":\"" + type + "\"")));
            for (var message : heard) {
                var read = JSON.readTree(message);
                if (read.path("type").asText().equals(type)) {
                    return read.path("payload");
                }
            }
            throw new AssertionError(type);
        }

        @Override
        public void close() {
            socket.sendClose(java.net.http.WebSocket.NORMAL_CLOSURE, "").join();
        }
    }
}
