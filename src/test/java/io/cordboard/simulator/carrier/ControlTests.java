package io.cordboard.simulator.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import org.junit.jupiter.api.Test;

/** The control interface itself: log, events, refusals, speed, limits. */
class ControlTests extends CarrierTest {

    @Test
    void theLogTellsACallFromBeginningToEnd() {
        var call = dial(line("<Gather numDigits='1' action='next'/>").answers("next", "<Hangup/>"), "press 1")
                .untilStatus("completed");
        var page = NETWORK.get("/simulator/api/log?call=" + call.sid());

        assertThat(page.get("entries").findValuesAsText("what"))
                .contains("state", "heard", "webhook-sent", "webhook-answered", "twiml-verb", "input");
        var middle = page.get("entries").get(3).get("sequence").asLong();
        assertThat(NETWORK.get("/simulator/api/log?call=" + call.sid() + "&after=" + middle)
                        .get("entries"))
                .isNotEmpty()
                .allSatisfy(entry -> {
                    assertThat(entry.get("sequence").asLong()).isGreaterThan(middle);
                    assertThat(entry.get("call").asText()).isEqualTo(call.sid());
                });
    }

    @Test
    void unknownRestParametersAreNoted() throws Exception {
        var line = line("");
        var request = HttpRequest.newBuilder(
                        NETWORK.uri("/simulator/carrier/2010-04-01/Accounts/" + Network.ACCOUNT + "/Calls.json"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header(
                        "Authorization",
                        "Basic "
                                + java.util.Base64.getEncoder()
                                        .encodeToString((Network.ACCOUNT + ":" + Network.TOKEN).getBytes()))
                .POST(HttpRequest.BodyPublishers.ofString("To=%2B15550199001&From="
                        + line.number().replace("+", "%2B") + "&Url=" + line.url("voice") + "&StatusCalback=x"))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(201);

        assertThat(NETWORK.get("/simulator/api/log").toString()).contains("StatusCalback");
    }

    @Test
    void eventsAreReplayedAfterTheLastOneSeen() throws Exception {
        var call = dial(line("<Hangup/>")).untilStatus("completed");
        var first = NETWORK.get("/simulator/api/log?call=" + call.sid())
                .get("entries")
                .get(0)
                .get("sequence")
                .asLong();
        var request = HttpRequest.newBuilder(NETWORK.uri("/simulator/api/events"))
                .header("Last-Event-ID", Long.toString(first - 1))
                .build();
        var response = HttpClient.newHttpClient().send(request, BodyHandlers.ofLines());
        try (var lines = response.body()) {
            assertThat(lines.filter(line -> line.startsWith("id:")).findFirst()).contains("id:" + first);
        }
    }

    @Test
    void whatCannotBeDoneIsExplained() {
        var unknown = NETWORK.refused(
                "POST", "/simulator/api/calls", "{\"from\":\"+15550142001\",\"to\":\"+19999999999\"}", 404);
        assertThat(unknown.get("detail").asText()).contains("numbers in service");
        NETWORK.refused("POST", "/simulator/api/calls", "{\"from\":\"+15550142001\"}", 400);
        NETWORK.refused("POST", "/simulator/api/calls", "not json", 400);
        NETWORK.refused("GET", "/simulator/api/calls/CA0", "", 404);
        NETWORK.refused("PUT", "/simulator/api/speed", "{\"speed\":\"warp\"}", 409);
        NETWORK.refused("PUT", "/simulator/api/phones/+15550142001", "{\"script\":[\"jump\"]}", 409);
        NETWORK.refused("PUT", "/simulator/api/faults", "{\"rules\":[{\"on\":\"rest\",\"fault\":\"cut\"}]}", 400);
        var ended = dial(line("<Hangup/>")).untilStatus("completed");
        NETWORK.refused("POST", "/simulator/api/calls/" + ended.sid() + "/digits", "{\"digits\":\"1\"}", 409);
        NETWORK.refused("POST", "/simulator/api/calls/" + ended.sid() + "/answer", "", 409);
    }

    @Test
    void aWaitUnderWayGoesOnAtTheNewSpeed() {
        NETWORK.put("/simulator/api/speed", "{\"speed\":\"1\"}");
        var call = dial(line("<Pause length='600'/><Say>At last</Say>"));
        NETWORK.put("/simulator/api/speed", "{\"speed\":\"1000\"}");

        call.untilHears("say: At last");
    }

    @Test
    void magicNumbersAreListedAmongThePhones() {
        assertThat(NETWORK.get("/simulator/api/phones")
                        .get("+15550199001")
                        .get("behaviour")
                        .asText())
                .isEqualTo("busy");
    }

    @Test
    void endedCallsAndTheLogAreForgottenAndTheCarrierStopsWithinASecond() {
        var network = new Network(
                "cordboard.simulator.carrier.speed=instant",
                "cordboard.simulator.carrier.ended-calls=3",
                "cordboard.simulator.carrier.log-size=50",
                "cordboard.simulator.carrier.numbers[+15550100001].voice-url=/hello");
        network.put(
                "/simulator/api/numbers/+15550100001",
                "{\"voiceUrl\":\"%s\"}".formatted(network.product().base() + "/none"));
        for (var i = 0; i < 6; i++) {
            network.dial("+15550100001").untilStatus("completed");
        }
        assertThat(network.get("/simulator/api/calls").get("calls")).hasSize(3);
        var log = network.get("/simulator/api/log");
        assertThat(log.get("entries")).hasSize(50);
        assertThat(log.get("droppedUpTo").asLong()).isEqualTo(log.get("last").asLong() - 50);

        var carrier = network.carrier();
        var started = System.nanoTime();
        carrier.stop();
        assertThat(System.nanoTime() - started).isLessThan(1_000_000_000L);
        network.close();
    }

    @Test
    void withoutTheSwitchThereIsNoCarrier() {
        new org.springframework.boot.test.context.runner.ApplicationContextRunner()
                .withUserConfiguration(io.cordboard.simulator.carrier.web.CarrierConfiguration.class)
                .withBean(Clock.class, Clock::systemUTC)
                .run(context -> assertThat(context).doesNotHaveBean(Carrier.class));
    }
}
