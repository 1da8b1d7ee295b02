package io.cordboard.provider.twilio.webhook;

import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.request;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cordboard.platform.PublicUrl;
import io.cordboard.provider.twilio.CallbackUrls;
import io.cordboard.provider.twilio.TwilioSettings;
import io.cordboard.provider.twilio.Twiml;
import io.cordboard.telephony.CarrierEvent;
import io.cordboard.telephony.Inbox;
import io.cordboard.telephony.MediaStep;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.converter.ByteArrayHttpMessageConverter;
import org.springframework.http.converter.StringHttpMessageConverter;
import org.springframework.http.converter.json.Jackson2ObjectMapperBuilder;
import org.springframework.http.converter.json.MappingJackson2HttpMessageConverter;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Twilio as the tests play it: signs by its own account of the rules and calls our webhooks. */
final class Twilio {

    static final String ACCOUNT = "AC00000000000000000000000000000001";
    static final String CALL_SID = "CA00000000000000000000000000000001";
    static final String HOME = "https://calls.example.com";
    static final String TOKEN = "the-new-token";
    static final String OLDER_TOKEN = "the-older-token";
    static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    private static final ObjectMapper JSON = Jackson2ObjectMapperBuilder.json().build();

    final PlayedInbox inbox = new PlayedInbox();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final MockMvc mvc;

    /** With the public address set. */
    Twilio() {
        this(HOME, new TwilioSettings(ACCOUNT, TOKEN + " , " + OLDER_TOKEN, "", "rc=5&rp=ct,rt,5xx", "en-US"));
    }

    Twilio(String publicUrl, TwilioSettings settings) {
        var address = new PublicUrl(publicUrl, 8080);
        var urls = new CallbackUrls(address, settings);
        var webhooks = new TwilioWebhooks(
                inbox,
                new Twiml(urls),
                urls,
                settings,
                (provider, leg, saidAt) -> Optional.empty(),
                Clock.fixed(NOW, ZoneOffset.UTC));
        this.mvc = MockMvcBuilders.standaloneSetup(webhooks, new HoldMusicController())
                .setMessageConverters(
                        new ByteArrayHttpMessageConverter(),
                        new StringHttpMessageConverter(),
                        new MappingJackson2HttpMessageConverter())
                .setControllerAdvice(new Problems())
                .addFilter(new WebhookGate(settings, address, JSON, meters), CallbackUrls.ROOT + "*")
                .build();
    }

    /** Not for the application, whose component scan reaches the tests. */
    @TestComponent
    @ControllerAdvice
    static class Problems extends ResponseEntityExceptionHandler {}

    /** A webhook as Twilio sends it: with the account, the call, and a good signature. */
    MockHttpServletResponse says(String hookAndQuery, String... namesAndValues) {
        var form = new ArrayList<String>(List.of("AccountSid", ACCOUNT, "CallSid", CALL_SID));
        form.addAll(List.of(namesAndValues));
        return post(HOME + CallbackUrls.ROOT + hookAndQuery, form);
    }

    MockHttpServletResponse post(String url, List<String> form) {
        return send(
                HttpMethod.POST, url, encoded(form), MediaType.APPLICATION_FORM_URLENCODED, signed(TOKEN, url, form));
    }

    MockHttpServletResponse send(HttpMethod method, String url, String body, MediaType type, String signature) {
        return send(method, url, body, type, signature, Map.of());
    }

    MockHttpServletResponse send(
            HttpMethod method, String url, String body, MediaType type, String signature, Map<String, String> headers) {
        try {
            var request = request(method, URI.create(url)).content(body.getBytes(StandardCharsets.UTF_8));
            if (type != null) {
                request.contentType(type);
            }
            if (signature != null) {
                request.header("X-Twilio-Signature", signature);
            }
            headers.forEach(request::header);
            return mvc.perform(request).andReturn().getResponse();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    MockHttpServletResponse get(String url) {
        return send(HttpMethod.GET, url, "", null, null);
    }

    static String encoded(List<String> form) {
        var body = new StringBuilder();
        for (var i = 0; i < form.size(); i += 2) {
            body.append(i == 0 ? "" : "&")
                    .append(URLEncoder.encode(form.get(i), StandardCharsets.UTF_8))
                    .append('=')
                    .append(URLEncoder.encode(form.get(i + 1), StandardCharsets.UTF_8));
        }
        return body.toString();
    }

    static String signed(String token, String url, List<String> form) {
        var sorted = new TreeMap<String, TreeSet<String>>();
        for (var i = 0; i < form.size(); i += 2) {
            sorted.computeIfAbsent(form.get(i), unseen -> new TreeSet<>()).add(form.get(i + 1));
        }
        var text = new StringBuilder(url);
        sorted.forEach(
                (name, values) -> values.forEach(value -> text.append(name).append(value)));
        try {
            var mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(token.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return Base64.getEncoder()
                    .encodeToString(mac.doFinal(text.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** Answers as it is told, and the same to the same event. */
    static final class PlayedInbox implements Inbox {

        final List<CarrierEvent> received = new ArrayList<>();
        final List<CarrierEvent> spooled = new ArrayList<>();
        List<MediaStep> steps = List.of(new MediaStep.Say("Hello", null));
        State state = State.DONE;
        RuntimeException trouble;
        private final Map<String, Receipt> replies = new LinkedHashMap<>();

        @Override
        public Receipt receive(CarrierEvent event) {
            if (trouble != null) {
                throw trouble;
            }
            received.add(event);
            return replies.computeIfAbsent(
                    event.key().value(), first -> new Receipt(state == State.DONE ? steps : List.of(), state));
        }

        @Override
        public void receiveOrSpool(CarrierEvent event) {
            if (trouble != null) {
                throw trouble;
            }
            spooled.add(event);
        }
    }
}
