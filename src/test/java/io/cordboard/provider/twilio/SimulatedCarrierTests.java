package io.cordboard.provider.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cordboard.platform.PublicUrl;
import io.cordboard.shared.CallId;
import io.cordboard.shared.Ids;
import io.cordboard.shared.LegId;
import io.cordboard.simulator.carrier.web.CarrierConfiguration;
import io.cordboard.telephony.CarrierCommand;
import io.cordboard.telephony.CarrierEvent;
import io.cordboard.telephony.CarrierEvent.LegEnd;
import io.cordboard.telephony.HoldPrompts;
import io.cordboard.telephony.Inbox;
import io.cordboard.telephony.MediaStep;
import io.cordboard.telephony.spi.Carrier;
import io.cordboard.telephony.spi.Carrier.Order;
import io.cordboard.telephony.spi.Carrier.Outcome;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.autoconfigure.http.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.autoconfigure.jackson.JacksonAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.DispatcherServletAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.ServletWebServerFactoryAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.WebMvcAutoConfiguration;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataAccessResourceFailureException;

/**
 * The adapter against a carrier that was written from Twilio's pages by somebody else: real TwiML execution, real
 * signatures, the genuine SDK, everything over HTTP. Only what stands behind the inbox is played.
 */
class SimulatedCarrierTests {

    private static final String NUMBER = "+15550100001";
    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static ServletWebServerApplicationContext application;

    private final CallId call = CallId.next();
    private Flow flow;

    @Configuration(proxyBeanMethods = false)
    @Import({CarrierConfiguration.class, PublicUrl.class})
    @ComponentScan(
            basePackages = "io.cordboard.provider.twilio",
            excludeFilters =
                    @ComponentScan.Filter(
                            type = org.springframework.context.annotation.FilterType.REGEX,
                            pattern = ".*Tests.*"))
    @ImportAutoConfiguration({
        PropertyPlaceholderAutoConfiguration.class,
        ServletWebServerFactoryAutoConfiguration.class,
        DispatcherServletAutoConfiguration.class,
        WebMvcAutoConfiguration.class,
        HttpMessageConvertersAutoConfiguration.class,
        JacksonAutoConfiguration.class
    })
    static class CarrierAndAdapter {

        @Bean
        Flow flow() {
            return new Flow();
        }

        @Bean
        HoldPrompts musicOnly() {
            return (provider, leg, saidAt) -> Optional.empty();
        }

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }

        @Bean
        MeterRegistry meters() {
            return new SimpleMeterRegistry();
        }
    }

    /** Answers each kind of event as the test says, and the same to the same event. */
    static final class Flow implements Inbox {

        final List<CarrierEvent> events = new CopyOnWriteArrayList<>();
        final Map<Class<?>, Function<CarrierEvent, List<MediaStep>>> answers = new ConcurrentHashMap<>();
        private final Map<String, Receipt> receipts = new ConcurrentHashMap<>();
        volatile boolean down;

        <E extends CarrierEvent> void on(Class<E> kind, MediaStep... steps) {
            answers.put(kind, event -> List.of(steps));
        }

        @Override
        public Receipt receive(CarrierEvent event) {
            if (down) {
                throw new DataAccessResourceFailureException("down");
            }
            return receipts.computeIfAbsent(event.key().value(), first -> {
                events.add(event);
                return new Receipt(
                        answers.getOrDefault(event.getClass(), any -> List.of()).apply(event), State.DONE);
            });
        }

        @Override
        public void receiveOrSpool(CarrierEvent event) {
            receive(event);
        }

        <E extends CarrierEvent> E next(Class<E> kind, Predicate<E> which) {
            return Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(10))
                    .until(
                            () -> events.stream()
                                    .filter(kind::isInstance)
                                    .map(kind::cast)
                                    .filter(which)
                                    .findFirst(),
                            java.util.Optional::isPresent)
                    .get();
        }
    }

    @BeforeAll
    static void start() {
        var it = new SpringApplication(CarrierAndAdapter.class);
        it.setRegisterShutdownHook(false);
        application = (ServletWebServerApplicationContext) it.run(
                "--spring.config.name=none",
                "--spring.main.banner-mode=off",
                "--server.port=0",
                "--cordboard.public-url=",
                "--cordboard.simulator=true",
                "--cordboard.simulator.carrier.speed=instant");
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @BeforeEach
    void aNewFlow() {
        flow = application.getBean(Flow.class);
        flow.events.clear();
        flow.answers.clear();
        flow.down = false;
        api("PUT", "/faults", "{\"seed\":1,\"rules\":[]}");
    }

    @Test
    void aCallerIsAskedWaitsAndTalksWithAnAgentInAConference() {
        flow.on(CarrierEvent.IncomingCall.class, ask("menu"));
        flow.on(CarrierEvent.Answered.class, new MediaStep.Enqueue(call, "support"));
        flow.on(CarrierEvent.LegPickedUp.class, new MediaStep.Conference(call, "agent", true, false));
        var agent = behaves("+15550140001", "answer");

        var caller = dials("press 1");
        assertThat(flow.next(CarrierEvent.Answered.class, any -> true).digits()).isEqualTo("1");
        eventually(() -> where(caller).equals("queued"));

        var leg = LegId.next();
        var dialled =
                (Outcome.Done) execute(new CarrierCommand.Dial(call, leg, agent, NUMBER, Duration.ofSeconds(20)), null);
        var rings = flow.next(CarrierEvent.LegRinging.class, any -> true);
        assertThat(rings.leg().leg()).isEqualTo(leg);
        assertThat(rings.leg().providerLegId()).isEqualTo(dialled.providerLegId());
        assertThat(flow.next(CarrierEvent.LegPickedUp.class, any -> true).leg()).isEqualTo(rings.leg());

        var connect = List.<MediaStep>of(new MediaStep.Conference(call, "caller", true, true));
        assertThat(execute(new CarrierCommand.Perform(call, LegId.next(), connect), caller))
                .isEqualTo(new Outcome.Done(caller));
        var started = flow.next(CarrierEvent.ConferenceStarted.class, any -> true);
        assertThat(started.call()).isEqualTo(call);

        api("POST", "/calls/" + caller + "/hangup", "");
        var ended = flow.next(CarrierEvent.ConferenceEnded.class, any -> true);
        assertThat(ended.conferenceId()).isEqualTo(started.conferenceId());
        for (var sid : List.of(caller, dialled.providerLegId())) {
            var end = flow.next(
                    CarrierEvent.LegEnded.class, it -> sid.equals(it.leg().providerLegId()));
            assertThat(end.how()).isEqualTo(LegEnd.COMPLETED);
        }
        assertThat(execute(new CarrierCommand.HangUpLeg(call, leg), dialled.providerLegId()))
                .isInstanceOf(Outcome.Done.class);
    }

    @Test
    void aMessageIsRecordedFetchedWrittenDownAndRemoved() throws Exception {
        flow.on(
                CarrierEvent.IncomingCall.class,
                new MediaStep.Say("After the tone", "en-US"),
                new MediaStep.Record("m1", Duration.ofSeconds(60), Duration.ofSeconds(4), "#", true));
        flow.on(CarrierEvent.MessageRecorded.class, new MediaStep.Say("Thank you", null), new MediaStep.HangUp());

        dials("say please call me back", "press #");

        assertThat(flow.next(CarrierEvent.MessageRecorded.class, any -> true).token())
                .isEqualTo("m1");
        var recording = flow.next(CarrierEvent.RecordingReady.class, any -> true);
        assertThat(flow.next(CarrierEvent.TranscriptionReady.class, any -> true).recordingId())
                .isEqualTo(recording.recordingId());
        assertThat(execute(new CarrierCommand.DeleteRecording(call, LegId.next(), recording.recordingId()), null))
                .isInstanceOf(Outcome.Done.class);
        assertThat(execute(new CarrierCommand.DeleteRecording(call, LegId.next(), recording.recordingId()), null))
                .isInstanceOf(Outcome.Done.class);
    }

    @Test
    void aDialWhoseAnswerGotLostIsFoundAndRingsOnce() {
        var agent = behaves("+15550140002", "manual");
        api(
                "PUT",
                "/faults",
                "{\"seed\":1,\"rules\":[{\"on\":\"rest:calls.create\",\"fault\":\"lost-reply\",\"next\":1}]}");
        var order = new Order(
                Ids.next(),
                new CarrierCommand.Dial(call, LegId.next(), agent, NUMBER, Duration.ofSeconds(20)),
                null,
                1,
                false);
        assertThat(carrier().execute(order)).isInstanceOf(Outcome.Unknown.class);

        var found = carrier().execute(new Order(order.id(), order.command(), null, 2, true));

        assertThat(callsTo(agent)).hasSize(1);
        assertThat(found).isEqualTo(new Outcome.Done(callsTo(agent).get(0)));
        assertThat(execute(
                        new CarrierCommand.HangUpLeg(call, order.command().leg()),
                        callsTo(agent).get(0)))
                .isInstanceOf(Outcome.Done.class);
        assertThat(flow.next(CarrierEvent.LegEnded.class, any -> true).how()).isEqualTo(LegEnd.CANCELED);
    }

    @Test
    void aDialThatTwilioCouldNotTakeIsRepeatedAndRingsOnce() {
        var agent = behaves("+15550140003", "manual");
        api(
                "PUT",
                "/faults",
                "{\"seed\":1,\"rules\":[{\"on\":\"rest:calls.create\",\"fault\":\"error\",\"status\":503,\"next\":1}]}");
        var order = new Order(
                Ids.next(),
                new CarrierCommand.Dial(call, LegId.next(), agent, NUMBER, Duration.ofSeconds(20)),
                null,
                1,
                false);
        assertThat(carrier().execute(order)).isInstanceOf(Outcome.Unknown.class);
        assertThat(carrier().execute(new Order(order.id(), order.command(), null, 2, true)))
                .isInstanceOf(Outcome.Done.class);
        assertThat(callsTo(agent)).hasSize(1);
    }

    @Test
    void everyWayNotToAnswerHasItsWord() {
        Map.of("busy", LegEnd.BUSY, "no-answer", LegEnd.NO_ANSWER, "failed", LegEnd.FAILED)
                .forEach((behaviour, end) -> {
                    var phone = behaves("+1555014001" + end.ordinal(), behaviour);
                    var leg = LegId.next();
                    execute(new CarrierCommand.Dial(call, leg, phone, NUMBER, Duration.ofSeconds(10)), null);
                    assertThat(flow.next(CarrierEvent.LegEnded.class, it -> leg.equals(it.ourLeg()))
                                    .how())
                            .isEqualTo(end);
                });
    }

    @Test
    void whileNothingCanBeStoredTheCallerWaitsAndTheAnswerIsNotLost() {
        flow.on(CarrierEvent.IncomingCall.class, ask("menu"));
        flow.on(CarrierEvent.Answered.class, new MediaStep.Say("Welcome", null), new MediaStep.HangUp());
        api("PUT", "/speed", "{\"speed\":\"10\"}");
        try {
            var caller = dials();
            eventually(() -> api("GET", "/calls/" + caller, null).get("listens").asBoolean());
            flow.down = true;
            api("POST", "/calls/" + caller + "/digits", "{\"digits\":\"7\"}");
            eventually(() -> heard(caller).contains("One moment please."));
            flow.down = false;
            assertThat(flow.next(CarrierEvent.Answered.class, any -> true).digits())
                    .isEqualTo("7");
            eventually(() -> heard(caller).contains("Welcome"));
        } finally {
            api("PUT", "/speed", "{\"speed\":\"instant\"}");
        }
    }

    @Test
    void duplicatedAndReorderedWebhooksAreTheSameEvents() {
        flow.on(CarrierEvent.IncomingCall.class, new MediaStep.Say("Bye", null), new MediaStep.HangUp());
        api(
                "PUT",
                "/faults",
                "{\"seed\":1,\"rules\":[{\"on\":\"webhook:status\",\"fault\":\"duplicate\",\"probability\":1,\"copies\":3}]}");
        var caller = dials();
        flow.next(CarrierEvent.LegEnded.class, it -> caller.equals(it.leg().providerLegId()));
        assertThat(flow.events)
                .filteredOn(it -> caller.equals(it.leg().providerLegId()))
                .extracting(it -> it.key().value())
                .containsExactly("voice:" + caller, "status:" + caller + ":0");
    }

    private static MediaStep ask(String token) {
        var prompt = new MediaStep.Say("Press 1", "en-US");
        return new MediaStep.Ask(
                token, List.of(prompt), 1, "#", Duration.ofSeconds(5), true, "en-US", List.of("sales"));
    }

    private static Carrier carrier() {
        return application.getBean(TwilioCarrier.class);
    }

    private static Outcome execute(CarrierCommand command, String providerLegId) {
        return carrier().execute(new Order(Ids.next(), command, providerLegId, 1, false));
    }

    /** @return the call's SID */
    private static String dials(String... script) {
        api(
                "PUT",
                "/numbers/" + NUMBER,
                "{\"voiceUrl\":\"/webhooks/twilio/voice\",\"statusCallback\":\"/webhooks/twilio/status\"}");
        try {
            var call = Map.of("from", "+15550149999", "to", NUMBER, "script", List.of(script));
            return api("POST", "/calls", JSON.writeValueAsString(call))
                    .get("sid")
                    .asText();
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static String behaves(String phone, String behaviour) {
        api("PUT", "/phones/" + phone, "{\"behaviour\":\"" + behaviour + "\",\"script\":[]}");
        return phone;
    }

    private static String where(String sid) {
        return api("GET", "/calls/" + sid, null).get("where").asText();
    }

    private static String heard(String sid) {
        return api("GET", "/calls/" + sid, null).get("heard").toString();
    }

    private static List<String> callsTo(String phone) {
        var calls = new java.util.ArrayList<String>();
        api("GET", "/calls", null).get("calls").forEach(it -> {
            if (it.get("to").asText().equals(phone)) {
                calls.add(it.get("sid").asText());
            }
        });
        return calls;
    }

    private static void eventually(java.util.concurrent.Callable<Boolean> what) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(what);
    }

    private static JsonNode api(String method, String path, String body) {
        var uri = URI.create("http://localhost:" + application.getWebServer().getPort() + "/simulator/api" + path);
        var request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            var response = HTTP.send(request, BodyHandlers.ofString());
            if (response.statusCode() >= 300) {
                throw new AssertionError(method + " " + path + ": " + response.statusCode() + " " + response.body());
            }
            return JSON.readTree(response.body());
        } catch (IOException failed) {
            throw new AssertionError(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopped);
        }
    }
}
