package io.cordboard.provider.twilio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.cordboard.platform.PublicUrl;
import io.cordboard.shared.CallId;
import io.cordboard.shared.Ids;
import io.cordboard.shared.LegId;
import io.cordboard.telephony.CallLocks;
import io.cordboard.telephony.CarrierCommand;
import io.cordboard.telephony.CarrierEvent.LegEnd;
import io.cordboard.telephony.LegRef;
import io.cordboard.telephony.ListenMode;
import io.cordboard.telephony.MediaStep;
import io.cordboard.telephony.spi.Carrier.Ended;
import io.cordboard.telephony.spi.Carrier.Order;
import io.cordboard.telephony.spi.Carrier.Outcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

/** The genuine SDK against a server that writes down what it is asked and answers as told. */
class TwilioCarrierTests {

    private static final String SID = "CA00000000000000000000000000000001";
    private static final String ACCOUNT = "AC00000000000000000000000000000001";
    private static final CallId CALL = CallId.next();
    private static final LegId LEG = LegId.next();
    private static final CarrierCommand.Dial DIAL =
            new CarrierCommand.Dial(CALL, LEG, "+15550100002", "+15550100001", Duration.ofSeconds(20));

    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final Map<LegId, String> toldByWebhook = new HashMap<>();
    private final MovableClock clock = new MovableClock();
    private final CountDownLatch over = new CountDownLatch(1);
    private final java.util.concurrent.ExecutorService threads = Executors.newCachedThreadPool();
    private Duration patience = Duration.ofSeconds(20);
    private HttpServer server;
    private TwilioCarrier carrier;

    private record Asked(
            String method,
            String path,
            Map<String, List<String>> query,
            Map<String, List<String>> form,
            String authorization) {}

    /** @param status 0 for a connection that is closed without an answer, -1 for silence */
    private record Answer(int status, String body, Map<String, String> headers) {
        private static Answer of(int status, String body) {
            return new Answer(status, body, Map.of());
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.setExecutor(threads);
        server.start();
        carrier = carrier("http://localhost:" + server.getAddress().getPort() + "/twilio");
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void aDialRingsThePhoneAndHandsOutAddressesThatCarryOurLeg() {
        answers.add(Answer.of(201, call(SID)));

        assertThat(execute(DIAL)).isEqualTo(new Outcome.Done(SID));

        var request = asked.get(0);
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.path()).isEqualTo("/twilio/2010-04-01/Accounts/" + ACCOUNT + "/Calls.json");
        assertThat(request.authorization())
                .isEqualTo("Basic "
                        + Base64.getEncoder().encodeToString((ACCOUNT + ":secret").getBytes(StandardCharsets.UTF_8)));
        assertThat(request.form())
                .containsEntry("To", List.of("+15550100002"))
                .containsEntry("From", List.of("+15550100001"))
                .containsEntry("Timeout", List.of("20"))
                .containsEntry("Url", List.of(hook("leg?leg=" + LEG)))
                .containsEntry("Method", List.of("POST"))
                .containsEntry("StatusCallback", List.of(hook("status?leg=" + LEG)))
                .containsEntry("StatusCallbackEvent", List.of("ringing", "completed"))
                .containsEntry("StatusCallbackMethod", List.of("POST"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sip:edith@pbx.example.com", "client:edith"})
    void aDialReachesSipAddressesAndBrowsers(String to) {
        answers.add(Answer.of(201, call(SID)));
        var outcome = execute(new CarrierCommand.Dial(CALL, LEG, to, "+15550100001", Duration.ofSeconds(20)));
        assertThat(outcome).isEqualTo(new Outcome.Done(SID));
        assertThat(asked.get(0).form()).containsEntry("To", List.of(to));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5550100", "+1555abc", "sip:nobody", "client:", "http://x"})
    void anAddressThatCannotBeDialledIsRefusedWithoutARequest(String to) {
        assertThat(execute(new CarrierCommand.Dial(CALL, LEG, to, "+15550100001", Duration.ofSeconds(20))))
                .isInstanceOf(Outcome.Refused.class);
        assertThat(asked).isEmpty();
    }

    @Test
    void aRefusedDialNamesTwiliosReason() {
        answers.add(Answer.of(400, error(21211, "Invalid 'To' Phone Number", 400)));
        assertThat(execute(DIAL)).isEqualTo(new Outcome.Refused("Twilio 21211: Invalid 'To' Phone Number"));
        assertThat(asked).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504})
    void aFailureOfTwilioIsAskedOnceAndNobodyKnowsWhetherItRang(int status) {
        answers.add(Answer.of(status, status == 502 ? "<html>Bad Gateway</html>" : error(20500, "Internal", status)));
        assertThat(execute(DIAL)).isInstanceOf(Outcome.Unknown.class);
        assertThat(asked).hasSize(1);
    }

    @Test
    void tooManyRequestsAreTriedAgainWhenTwilioWishes() {
        answers.add(new Answer(429, error(20429, "Too Many Requests", 429), Map.of("Retry-After", "7")));
        assertThat(execute(DIAL))
                .isEqualTo(new Outcome.TryLater("Twilio 20429: Too Many Requests", Duration.ofSeconds(7)));
        assertThat(asked).hasSize(1);
    }

    @Test
    void aConnectionThatBreaksAfterTheRequestLeavesItUnknown() {
        answers.add(Answer.of(0, ""));
        assertThat(execute(DIAL)).isInstanceOf(Outcome.Unknown.class);
        assertThat(asked).hasSize(1);
    }

    @Test
    void anAnswerThatDoesNotComeInTimeLeavesItUnknown() {
        patience = Duration.ofMillis(400);
        carrier = carrier("http://localhost:" + server.getAddress().getPort());
        answers.add(Answer.of(-1, ""));
        assertThat(execute(DIAL)).isInstanceOf(Outcome.Unknown.class);
        assertThat(asked).hasSize(1);
    }

    @Test
    void anAnswerThatIsNoCallLeavesItUnknown() {
        answers.add(Answer.of(201, "{\"sid\":"));
        answers.add(Answer.of(201, "{}"));
        assertThat(execute(DIAL)).isInstanceOf(Outcome.Unknown.class);
        assertThat(execute(DIAL)).isInstanceOf(Outcome.Unknown.class);
    }

    @Test
    void aServerThatIsNotThereMayBeTriedAgainAtOnceBecauseNothingWasSent() throws IOException {
        int nobodyListens;
        try (var socket = new ServerSocket(0)) {
            nobodyListens = socket.getLocalPort();
        }
        carrier = carrier("http://localhost:" + nobodyListens);
        assertThat(execute(DIAL)).isInstanceOf(Outcome.TryLater.class);
    }

    @Test
    void aLostDialThatAWebhookToldOfIsNotRepeated() {
        toldByWebhook.put(LEG, SID);
        assertThat(again(DIAL)).isEqualTo(new Outcome.Done(SID));
        assertThat(asked).isEmpty();
    }

    @Test
    void aLostDialThatTwilioListsIsNotRepeated() {
        answers.add(Answer.of(200, calls(call(SID))));
        assertThat(again(DIAL)).isEqualTo(new Outcome.Done(SID));
        assertThat(asked).singleElement().satisfies(request -> {
            assertThat(request.method()).isEqualTo("GET");
            assertThat(request.query())
                    .containsEntry("To", List.of("+15550100002"))
                    .containsEntry("From", List.of("+15550100001"));
        });
    }

    @Test
    void aLostDialIsNotTakenForAnOlderCallOrForSomebodyCallingUs() {
        var older = call(SID).replace(now(), rfc2822(Instant.now().minusSeconds(600)));
        var inbound = call(SID).replace("outbound-api", "inbound");
        answers.add(Answer.of(200, calls(older, inbound)));
        assertThat(again(DIAL)).isInstanceOf(Outcome.Unknown.class);
    }

    @Test
    void aLostDialIsRepeatedOnlyWhenTheListCanBeBelieved() {
        var order = order(DIAL, null, false);
        answers.add(Answer.of(0, ""));
        assertThat(carrier.execute(order)).isInstanceOf(Outcome.Unknown.class);

        var retry = new Order(order.id(), DIAL, null, 2, true);
        answers.add(Answer.of(200, calls()));
        clock.forward(LostDials.SETTLED.minusSeconds(1));
        assertThat(carrier.execute(retry)).isInstanceOf(Outcome.Unknown.class);

        answers.add(Answer.of(200, calls()));
        answers.add(Answer.of(201, call(SID)));
        clock.forward(Duration.ofSeconds(1));
        assertThat(carrier.execute(retry)).isEqualTo(new Outcome.Done(SID));
        assertThat(asked).extracting(Asked::method).containsExactly("POST", "GET", "GET", "POST");
    }

    @Test
    void aDialThatTwilioItselfCalledFailedIsRepeatedAfterOneLook() {
        var order = order(DIAL, null, false);
        answers.add(Answer.of(503, error(20503, "Service Unavailable", 503)));
        answers.add(Answer.of(200, calls()));
        answers.add(Answer.of(201, call(SID)));
        assertThat(carrier.execute(order)).isInstanceOf(Outcome.Unknown.class);
        assertThat(carrier.execute(new Order(order.id(), DIAL, null, 2, true))).isEqualTo(new Outcome.Done(SID));
        assertThat(asked).extracting(Asked::method).containsExactly("POST", "GET", "POST");
    }

    @Test
    void aDialIsNotRepeatedWhileTheListCannotBeAsked() {
        clock.forward(Duration.ofMinutes(1));
        answers.add(Answer.of(500, ""));
        assertThat(again(DIAL)).isInstanceOf(Outcome.Unknown.class);
        assertThat(asked).extracting(Asked::method).containsExactly("GET");
    }

    @Test
    void anotherLegsCallToTheSamePhoneIsNotTakenForALostDial() {
        answers.add(Answer.of(201, call(SID)));
        execute(new CarrierCommand.Dial(CALL, LegId.next(), DIAL.to(), DIAL.callerId(), DIAL.ringTimeout()));
        answers.add(Answer.of(200, calls(call(SID))));
        assertThat(again(DIAL)).isInstanceOf(Outcome.Unknown.class);
    }

    @Test
    void aLiveLegDoesSomethingElse() {
        answers.add(Answer.of(200, call(SID)));
        var steps = List.<MediaStep>of(
                new MediaStep.Say("Hello", null), new MediaStep.Conference(CALL, "caller", true, true));

        assertThat(execute(new CarrierCommand.Perform(CALL, LEG, steps), SID)).isEqualTo(new Outcome.Done(SID));

        var request = asked.get(0);
        assertThat(request.path()).isEqualTo("/twilio/2010-04-01/Accounts/" + ACCOUNT + "/Calls/" + SID + ".json");
        assertThat(request.form().get("Twiml").get(0)).contains("<Say>Hello</Say>", "webhooks/twilio/left");
    }

    @Test
    void moreThanTwilioTakesForALiveLegIsRefusedWithAReason() {
        var steps = List.<MediaStep>of(new MediaStep.Say("x".repeat(4000), null));
        assertThat(execute(new CarrierCommand.Perform(CALL, LEG, steps), SID))
                .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.reason())
                        .contains("4000"));
        assertThat(asked).isEmpty();
    }

    @Test
    void aLegIsHungUpInEveryState() {
        answers.add(Answer.of(200, call(SID)));
        assertThat(execute(new CarrierCommand.HangUpLeg(CALL, LEG), SID)).isEqualTo(new Outcome.Done(SID));
        assertThat(asked.get(0).form()).containsEntry("Status", List.of("completed"));
    }

    @Test
    void whatIsOverNeedsNoEnding() {
        answers.add(Answer.of(400, error(21220, "Call is not in-progress", 400)));
        answers.add(Answer.of(404, error(20404, "The requested resource was not found", 404)));
        answers.add(Answer.of(404, error(20404, "The requested resource was not found", 404)));
        assertThat(execute(new CarrierCommand.HangUpLeg(CALL, LEG), SID)).isInstanceOf(Outcome.Done.class);
        assertThat(execute(new CarrierCommand.Perform(CALL, LEG, List.of()), SID))
                .isInstanceOf(Outcome.Done.class);
        assertThat(execute(new CarrierCommand.DeleteRecording(CALL, LEG, "RE1")))
                .isInstanceOf(Outcome.Done.class);
        assertThat(execute(new CarrierCommand.HangUpLeg(CALL, LEG))).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void aRecordingIsRemoved() {
        answers.add(Answer.of(204, ""));
        assertThat(execute(new CarrierCommand.DeleteRecording(CALL, LEG, "RE1"), SID))
                .isEqualTo(new Outcome.Done(SID));
        assertThat(asked.get(0).method()).isEqualTo("DELETE");
        assertThat(asked.get(0).path()).endsWith("/Recordings/RE1.json");
    }

    @Test
    void whatMayBeDoneTwiceIsTriedLater() {
        answers.add(Answer.of(503, ""));
        answers.add(Answer.of(0, ""));
        assertThat(execute(new CarrierCommand.HangUpLeg(CALL, LEG), SID)).isInstanceOf(Outcome.TryLater.class);
        assertThat(execute(new CarrierCommand.HangUpLeg(CALL, LEG), SID)).isInstanceOf(Outcome.TryLater.class);
        assertThat(asked).hasSize(2);
    }

    @Test
    void whoHearsAListenerIsChangedInOneRequest() {
        answers.add(Answer.of(200, conferences("CF1")));
        answers.add(Answer.of(200, "{\"call_sid\":\"%s\"}".formatted(SID)));

        assertThat(execute(new CarrierCommand.ChangeListening(CALL, LEG, ListenMode.WHISPER, "CA2"), SID))
                .isEqualTo(new Outcome.Done(SID));

        assertThat(asked.get(0).query())
                .containsEntry("FriendlyName", List.of(CALL.toString()))
                .containsEntry("Status", List.of("in-progress"));
        assertThat(asked.get(1).path()).endsWith("/Conferences/CF1/Participants/" + SID + ".json");
        assertThat(asked.get(1).form())
                .containsEntry("Muted", List.of("false"))
                .containsEntry("Coaching", List.of("true"))
                .containsEntry("CallSidToCoach", List.of("CA2"));
        assertThat(asked).hasSize(2);
    }

    @Test
    void aListenerWhoIsNotInTheConferenceYetIsChangedALittleLater() {
        var barge = new CarrierCommand.ChangeListening(CALL, LEG, ListenMode.BARGE, "CA2");
        answers.add(Answer.of(200, conferences()));
        assertThat(execute(barge, SID)).isInstanceOf(Outcome.TryLater.class);

        answers.add(Answer.of(200, conferences("CF1")));
        answers.add(Answer.of(404, error(20404, "not found", 404)));
        assertThat(execute(barge, SID)).isInstanceOf(Outcome.TryLater.class);
    }

    /** S1-48 · the music is that of the queue, by a webhook that Twilio signs. */
    @Test
    void aCallerIsHeldWithOurMusicAndTakenOffHold() {
        answers.add(Answer.of(200, conferences("CF1")));
        answers.add(Answer.of(200, "{\"call_sid\":\"%s\"}".formatted(SID)));
        assertThat(execute(new CarrierCommand.Hold(CALL, LEG, true, 1), SID)).isEqualTo(new Outcome.Done(SID));
        assertThat(asked.get(1).path()).endsWith("/Conferences/CF1/Participants/" + SID + ".json");
        assertThat(asked.get(1).form())
                .containsEntry("Hold", List.of("true"))
                .containsEntry("HoldMethod", List.of("POST"))
                .hasEntrySatisfying("HoldUrl", url -> assertThat(url.get(0)).contains("/webhooks/twilio/hold"));

        answers.add(Answer.of(200, conferences("CF1")));
        answers.add(Answer.of(200, "{\"call_sid\":\"%s\"}".formatted(SID)));
        assertThat(execute(new CarrierCommand.Hold(CALL, LEG, false, 2), SID)).isEqualTo(new Outcome.Done(SID));
        assertThat(asked.get(3).form()).containsEntry("Hold", List.of("false")).doesNotContainKey("HoldUrl");

        answers.add(Answer.of(200, conferences()));
        assertThat(execute(new CarrierCommand.Hold(CALL, LEG, true, 3), SID)).isInstanceOf(Outcome.TryLater.class);
    }

    private static String conferences(String... sids) {
        return "{\"conferences\":["
                + Arrays.stream(sids)
                        .map(sid -> "{\"sid\":\"%s\",\"status\":\"in-progress\"}".formatted(sid))
                        .collect(Collectors.joining(","))
                + "],\"page\":0,\"page_size\":1,\"next_page_uri\":null,\"uri\":\"/\"}";
    }

    @Test
    void aWrongTokenIsRefusedWithTwiliosWords() {
        answers.add(Answer.of(401, error(20003, "Authenticate", 401)));
        assertThat(execute(new CarrierCommand.HangUpLeg(CALL, LEG), SID))
                .isEqualTo(new Outcome.Refused("Twilio 20003: Authenticate"));
    }

    @Test
    void withoutCredentialsEveryCommandIsRefusedWithTheVariableThatIsMissing() {
        carrier = carrier(new TwilioSettings("", "", "", "", "en-US"), "");
        assertThat(execute(DIAL))
                .isEqualTo(new Outcome.Refused("Twilio is switched off: TWILIO_ACCOUNT_SID is not set"));
    }

    @Test
    void howALegEndedIsAskedAtTwilio() throws IOException {
        answers.add(Answer.of(200, "{\"sid\":\"%s\",\"status\":\"completed\",\"duration\":\"42\"}".formatted(SID)));
        assertThat(carrier.endOf(SID)).contains(new Ended(LegEnd.COMPLETED, Duration.ofSeconds(42)));
        assertThat(asked.get(0).method()).isEqualTo("GET");
        assertThat(asked.get(0).path()).isEqualTo("/twilio/2010-04-01/Accounts/" + ACCOUNT + "/Calls/" + SID + ".json");

        answers.add(Answer.of(200, "{\"sid\":\"%s\",\"status\":\"no-answer\"}".formatted(SID)));
        assertThat(carrier.endOf(SID)).contains(new Ended(LegEnd.NO_ANSWER, Duration.ZERO));
    }

    @ParameterizedTest
    @ValueSource(strings = {"queued", "ringing", "in-progress"})
    void aLegThatLivesHasNoEnd(String status) throws IOException {
        answers.add(Answer.of(200, "{\"sid\":\"%s\",\"status\":\"%s\"}".formatted(SID, status)));
        assertThat(carrier.endOf(SID)).isEmpty();
    }

    @Test
    void aLegThatTwilioHasNeverHeardOfIsOverButA404OfSomebodyElseSaysNothing() throws IOException {
        answers.add(Answer.of(404, error(20404, "The requested resource was not found", 404)));
        assertThat(carrier.endOf(SID)).contains(new Ended(LegEnd.FAILED, Duration.ZERO));

        answers.add(Answer.of(404, "<html>no such page</html>"));
        assertThatThrownBy(() -> carrier.endOf(SID)).isInstanceOf(IOException.class);
        answers.add(Answer.of(503, error(20503, "Service unavailable", 503)));
        assertThatThrownBy(() -> carrier.endOf(SID)).isInstanceOf(IOException.class);
    }

    private Outcome execute(CarrierCommand command) {
        return execute(command, null);
    }

    private Outcome execute(CarrierCommand command, String providerLegId) {
        return carrier.execute(order(command, providerLegId, false));
    }

    private Outcome again(CarrierCommand command) {
        return carrier.execute(order(command, null, true));
    }

    private static Order order(CarrierCommand command, String providerLegId, boolean mayHaveBeenDone) {
        return new Order(Ids.next(), command, providerLegId, mayHaveBeenDone ? 2 : 1, mayHaveBeenDone);
    }

    private static String hook(String path) {
        return "https://calls.example.com/webhooks/twilio/" + path + (path.endsWith("=") ? "" : "#rc=5&rp=ct,rt,5xx");
    }

    private TwilioCarrier carrier(String baseUrl) {
        return carrier(new TwilioSettings(ACCOUNT, "secret,older", baseUrl, "rc=5&rp=ct,rt,5xx", "en-US"), baseUrl);
    }

    private TwilioCarrier carrier(TwilioSettings settings, String baseUrl) {
        var urls = new CallbackUrls(new PublicUrl("https://calls.example.com", 8080), settings);
        var transport = new RestTransport(() -> baseUrl, patience, patience);
        var legs = new StaticListableBeanFactory(Map.of("legs", new KnownLegs())).getBeanProvider(CallLocks.class);
        return new TwilioCarrier(settings, transport, urls, new Twiml(urls), legs, clock, new SimpleMeterRegistry());
    }

    private void serve(HttpExchange exchange) throws IOException {
        var uri = exchange.getRequestURI();
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(new Asked(
                exchange.getRequestMethod(),
                uri.getPath(),
                parameters(uri.getRawQuery()),
                parameters(body),
                exchange.getRequestHeaders().getFirst("Authorization")));
        var answer = Optional.ofNullable(answers.poll()).orElse(Answer.of(500, "nothing more was expected"));
        if (answer.status() == -1) {
            try {
                over.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
        if (answer.status() <= 0) {
            exchange.close();
            return;
        }
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        var bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static Map<String, List<String>> parameters(String encoded) {
        var parameters = new HashMap<String, List<String>>();
        for (var pair : (encoded == null ? "" : encoded).split("&")) {
            var parts = pair.split("=", 2);
            if (parts.length == 2) {
                parameters
                        .computeIfAbsent(URLDecoder.decode(parts[0], StandardCharsets.UTF_8), n -> new ArrayList<>())
                        .add(URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
            }
        }
        return parameters;
    }

    private static String error(int code, String message, int status) {
        return "{\"code\":%d,\"message\":\"%s\",\"more_info\":\"\",\"status\":%d}".formatted(code, message, status);
    }

    private static String call(String sid) {
        return """
                {"sid":"%s","account_sid":"%s","to":"+15550100002","from":"+15550100001","status":"queued",\
                "direction":"outbound-api","date_created":"%s","start_time":null}"""
                .formatted(sid, ACCOUNT, now());
    }

    private static String calls(String... calls) {
        return "{\"calls\":[" + String.join(",", calls)
                + "],\"page\":0,\"page_size\":20,\"next_page_uri\":null,\"uri\":\"/\"}";
    }

    private static final Instant START = Instant.now();

    private static String now() {
        return rfc2822(START);
    }

    private static String rfc2822(Instant at) {
        return DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
                .format(at.atOffset(ZoneOffset.UTC));
    }

    private final class KnownLegs implements CallLocks {

        @Override
        public Optional<LockedCall> lock(LegRef leg) {
            return Optional.empty();
        }

        @Override
        public Map<LegRef, LockedCall> lockAll(Set<LegRef> legs) {
            return Map.of();
        }

        @Override
        public Optional<LockedCall> lock(CallId call, LegId leg) {
            return Optional.empty();
        }

        @Override
        public Optional<String> providerLegId(LegId leg) {
            return Optional.ofNullable(toldByWebhook.get(leg));
        }
    }

    private static final class MovableClock extends Clock {

        private Instant now = Instant.now();

        private void forward(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
