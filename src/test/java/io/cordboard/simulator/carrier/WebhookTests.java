package io.cordboard.simulator.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import com.twilio.security.RequestValidator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Signatures, timeouts, retries and faults of webhooks. */
class WebhookTests extends CarrierTest {

    private static void voiceUrl(Product.Line line, String fragment) {
        NETWORK.put(
                "/simulator/api/numbers/" + line.number(),
                "{\"voiceUrl\":\"%s\",\"statusCallback\":\"%s\"}"
                        .formatted(line.url("voice") + fragment, line.url("status")));
    }

    @Test
    void signaturesAreTheOnesThatTheSdkComputes() {
        var fields = Map.of("b", "2", "a", "ü & ö", "A", "", "CallSid", "CA1");
        var url = "https://example.org/voice?x=1&y=%20";
        var signature = new Signature("secret").of(url, fields);

        assertThat(new RequestValidator("secret").validate(url, fields, signature))
                .isTrue();
        assertThat(new RequestValidator("other").validate(url, fields, signature))
                .isFalse();
        assertThat(new RequestValidator("secret").validate(url, Map.of(), signature))
                .isFalse();
    }

    @Test
    void serverErrorsAreRetriedOnlyWhenTheUrlAsksForIt() {
        var tries = new AtomicInteger();
        var line = line("").answers(
                        "voice",
                        any -> tries.getAndIncrement() < 2 ? Product.Reply.status(503) : Product.Reply.twiml(""));
        voiceUrl(line, "#rc=2&rp=ct,5xx");
        dial(line).untilStatus("completed");

        assertThat(line.requests("voice")).hasSize(3);
        assertThat(line.requests("voice"))
                .extracting(request -> request.headers().get("i-twilio-idempotency-token"))
                .doesNotContainNull()
                .containsOnly(line.request("voice").headers().get("i-twilio-idempotency-token"));
        var once = line("").answers("voice", any -> Product.Reply.status(503));
        dial(once).untilStatus("completed");
        assertThat(once.requests("voice")).hasSize(1);
    }

    @Test
    void aReadTimeoutFromTheUrlIsHonoured() {
        var line = line("").answers("voice", any -> new Product.Reply(200, "text/xml", "<Response/>", 2_000));
        voiceUrl(line, "#rt=200");
        var call = dial(line).untilStatus("completed");

        assertThat(NETWORK.get("/simulator/api/log?call=" + call.sid()).toString())
                .contains("\"trouble\":\"rt\"", "\"code\":11200");
    }

    @Test
    void aProductThatIsDownIsTriedTwiceByDefault() {
        var line = line("");
        NETWORK.put("/simulator/api/numbers/" + line.number(), "{\"voiceUrl\":\"http://localhost:1/voice\"}");
        var call = dial(line).untilStatus("completed");
        var log = NETWORK.get("/simulator/api/log?call=" + call.sid()).get("entries");
        var sent = log.findValuesAsText("what").stream()
                .filter("webhook-sent"::equals)
                .count();

        assertThat(sent).isEqualTo(2);
        assertThat(log.toString()).contains("11205");
    }

    @Test
    void webhooksAreDuplicatedLostAndLate() {
        NETWORK.faults("{\"on\":\"webhook:status\",\"fault\":\"duplicate\",\"next\":1,\"copies\":3}");
        var tripled = line("<Hangup/>");
        dial(tripled).untilStatus("completed");
        eventually().until(() -> tripled.requests("status").size() == 3);
        assertThat(tripled.requests("status"))
                .extracting(request -> request.headers().get("i-twilio-idempotency-token"))
                .containsOnly(tripled.request("status").headers().get("i-twilio-idempotency-token"));

        NETWORK.faults("{\"on\":\"webhook:voice\",\"fault\":\"lose\",\"next\":1}");
        var lost = line("<Say>Never</Say>");
        assertThat(dial(lost).untilStatus("completed").heard()).doesNotContain("say: Never");
        assertThat(lost.requests("voice")).isEmpty();

        NETWORK.faults("{\"on\":\"webhook\",\"fault\":\"delay\",\"probability\":1,\"milliseconds\":300}");
        var late = line("<Hangup/>");
        var started = System.nanoTime();
        dial(late).untilStatus("completed");
        assertThat(System.nanoTime() - started).isGreaterThan(300_000_000L);
    }

    @Test
    void aReorderedWebhookComesAfterTheNextOne() {
        var person = Network.newPerson();
        var line = line("<Dial><Number statusCallback='progress' statusCallbackEvent='initiated ringing'>" + person
                + "</Number></Dial>");
        NETWORK.faults("{\"on\":\"webhook:status\",\"fault\":\"reorder\",\"next\":1}");
        var call = dial(line);
        eventually().until(() -> line.requests("progress").size() == 2);
        call.hangsUp();

        var log = NETWORK.get("/simulator/api/log").get("entries");
        var sent = new java.util.ArrayList<String>();
        log.forEach(entry -> {
            var parameters = entry.get("detail").path("parameters");
            if (entry.get("what").asText().equals("webhook-sent")
                    && parameters.path("To").asText().equals(person)) {
                sent.add(parameters.get("CallStatus").asText());
            }
        });
        assertThat(sent).startsWith("ringing", "initiated");
    }
}
