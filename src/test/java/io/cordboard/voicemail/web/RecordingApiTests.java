package io.cordboard.voicemail.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.cordboard.testing.Caller;
import io.cordboard.testing.Http;
import io.cordboard.testing.ScenarioTest;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** S1-46 · {@code GET /v1/voicemails/{id}/recording}: the message a caller left, streamed from the carrier. */
class RecordingApiTests extends ScenarioTest {

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void theOneWhoseWorkItIsHearsTheMessage() throws Exception {
        JsonNode message = message();
        assertThat(message.get("agent").asText()).isEqualTo("Dave");
        assertThat(message.get("transcription").asText()).isEqualTo("Please call me back.");
        assertThat(message.get("state").asText()).isEqualTo("new");
        String path = message.get("recording_url").asText();

        HttpResponse<byte[]> whole = listen(dave.http(), path, null);
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.headers().firstValue("Content-Type").orElseThrow()).startsWith("audio/");
        assertThat(whole.headers().firstValue("Cache-Control")).hasValue("private, no-store");
        assertThat(new String(whole.body(), 0, 4, StandardCharsets.US_ASCII)).isEqualTo("RIFF");
        assertThat(whole.headers().firstValueAsLong("Content-Length")).hasValue(whole.body().length);

        HttpResponse<byte[]> part = listen(dave.http(), path, "bytes=8-11");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.headers().firstValue("Content-Range")).hasValue("bytes 8-11/" + whole.body().length);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(whole.body(), 8, 12));

        assertThat(listen(sam, path, null).body()).isEqualTo(whole.body());
        HttpResponse<byte[]> nonsense = listen(dave.http(), path, "lines=1-2, \"x\"");
        assertThat(nonsense.statusCode()).isEqualTo(200);
        assertThat(nonsense.body()).isEqualTo(whole.body());
        assertThat(opened(message.get("id").asText())).isPositive();
    }

    @Test
    void nobodyElseDoes() {
        String path = message().get("recording_url").asText();
        assertThat(charles.http().get(path).refusal(404).get("detail").asText()).isNotBlank();
        charles.http().get("/v1/voicemails/" + UUID.randomUUID() + "/recording").refusal(404);
        charles.http().get("/v1/voicemails/1/recording").refusal(400);
    }

    /** Somebody leaves a message for sales, which is the work of Dave. */
    private JsonNode message() {
        setQueues("10 seconds", "1 second", "60 seconds");
        Caller caller =
                someoneDials(NUMBER, "press 2", "say Please call me back.").isIn("ended");
        UUID call = callOf(caller);
        return await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> sam.get("/v1/calls/" + call).ok().get("voicemails"),
                        found -> found.size() == 1
                                && found.get(0).has("recording_url")
                                && found.get(0).has("agent"))
                .get(0);
    }

    private HttpResponse<byte[]> listen(Http who, String path, String range) throws Exception {
        var request = who.request(path);
        if (range != null) {
            request.header("Range", range);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private int opened(String voicemail) {
        return jdbc.sql("SELECT count(*) FROM event_log WHERE type = 'voicemail.opened' AND data ->> 'voicemail' = :id")
                .param("id", voicemail)
                .query(Integer.class)
                .single();
    }
}
