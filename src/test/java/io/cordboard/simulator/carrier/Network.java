package io.cordboard.simulator.carrier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.twilio.exception.ApiConnectionException;
import com.twilio.http.HttpClient;
import com.twilio.http.Request;
import com.twilio.http.Response;
import com.twilio.http.TwilioRestClient;
import io.cordboard.simulator.carrier.web.CarrierConfiguration;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.http.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.autoconfigure.jackson.JacksonAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.DispatcherServletAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.ServletWebServerFactoryAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.WebMvcAutoConfiguration;
import org.springframework.boot.autoconfigure.websocket.servlet.WebSocketServletAutoConfiguration;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Import;

/** A carrier on a port of its own, without the rest of Cordboard. */
final class Network implements AutoCloseable {

    static final String ACCOUNT = "AC0123456789abcdef0123456789abcdef";
    static final String TOKEN = "a-token-for-tests";
    static final String API_SECRET = "a-secret-for-tests-32-characters";

    private static final JsonMapper JSON = new JsonMapper();
    private static final AtomicInteger PEOPLE = new AtomicInteger();
    private static Network shared;

    @TestConfiguration(proxyBeanMethods = false)
    @Import(CarrierConfiguration.class)
    @ImportAutoConfiguration({
        ServletWebServerFactoryAutoConfiguration.class,
        DispatcherServletAutoConfiguration.class,
        WebMvcAutoConfiguration.class,
        WebSocketServletAutoConfiguration.class,
        HttpMessageConvertersAutoConfiguration.class,
        JacksonAutoConfiguration.class
    })
    static class OnlyTheCarrier {}

    private final java.net.http.HttpClient http = java.net.http.HttpClient.newHttpClient();
    private final ServletWebServerApplicationContext context;
    private final Product product = new Product(TOKEN);
    private final int port;

    Network(String... properties) {
        var application = new SpringApplication(OnlyTheCarrier.class);
        application.setRegisterShutdownHook(false);
        var settings = Stream.concat(
                        Stream.of(
                                "cordboard.simulator=true",
                                "cordboard.simulator.carrier.account-sid=" + ACCOUNT,
                                "cordboard.simulator.carrier.auth-token=" + TOKEN,
                                "cordboard.simulator.carrier.api-secret=" + API_SECRET,
                                "server.port=0",
                                "spring.config.name=none",
                                "spring.main.banner-mode=off"),
                        Stream.of(properties))
                .map(property -> "--" + property)
                .toArray(String[]::new);
        context = (ServletWebServerApplicationContext) application.run(settings);
        port = context.getWebServer().getPort();
    }

    static synchronized Network shared() {
        if (shared == null) {
            shared = new Network("cordboard.simulator.carrier.speed=instant");
        }
        return shared;
    }

    String url(String path) {
        return "http://localhost:" + port + path;
    }

    Product product() {
        return product;
    }

    Carrier carrier() {
        return context.getBean(Carrier.class);
    }

    URI uri(String path) {
        return URI.create("http://localhost:" + port + path);
    }

    Phone dial(String number, String... script) {
        return dial(Map.of("from", newPerson(), "to", number, "script", List.of(script)));
    }

    Phone dial(Map<String, Object> call) {
        try {
            return new Phone(this, post("/simulator/api/calls", JSON.writeValueAsString(call)));
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A number that nobody had before and that simply answers. */
    static String newPerson() {
        return "+1555014%04d".formatted(PEOPLE.incrementAndGet());
    }

    /** The virtual phone of somebody whom the product calls, once it is being called. */
    Phone phoneOf(String address) {
        CarrierTest.eventually().until(() -> callsTo(address).size() > 0);
        return new Phone(this, callsTo(address).get(0));
    }

    List<JsonNode> callsTo(String address) {
        var calls = new ArrayList<JsonNode>();
        get("/simulator/api/calls").get("calls").forEach(call -> {
            if (call.get("to").asText().equals(address)) {
                calls.add(call);
            }
        });
        return calls;
    }

    String behaves(String behaviour, String... script) {
        var person = newPerson();
        var lines = Stream.of(script).map(line -> "\"" + line + "\"").toList();
        put("/simulator/api/phones/" + person, "{\"behaviour\":\"%s\",\"script\":%s}".formatted(behaviour, lines));
        return person;
    }

    void faults(String... rules) {
        put("/simulator/api/faults", "{\"seed\":7,\"rules\":[" + String.join(",", rules) + "]}");
    }

    JsonNode get(String path) {
        return json(HttpRequest.newBuilder(uri(path)), 200);
    }

    JsonNode post(String path, String body) {
        return json(request(path).POST(HttpRequest.BodyPublishers.ofString(body)), 200);
    }

    JsonNode put(String path, String body) {
        return json(request(path).PUT(HttpRequest.BodyPublishers.ofString(body)), 200);
    }

    JsonNode refused(String method, String path, String body, int status) {
        return json(request(path).method(method, HttpRequest.BodyPublishers.ofString(body)), status);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path)).header("Content-Type", "application/json");
    }

    private JsonNode json(HttpRequest.Builder request, int expected) {
        try {
            var response = http.send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
            var status = response.statusCode() == 201 ? 200 : response.statusCode();
            if (status != expected) {
                throw new AssertionError(response.statusCode() + " " + response.body());
            }
            return JSON.readTree(response.body());
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    TwilioRestClient twilio() {
        return twilio(TOKEN);
    }

    TwilioRestClient twilio(String token) {
        return new TwilioRestClient.Builder(ACCOUNT, token)
                .httpClient(new Rebased())
                .build();
    }

    @Override
    public void close() {
        context.close();
        product.close();
    }

    /** Sends the SDK's requests to this carrier, each of them once. */
    private final class Rebased extends HttpClient {

        @Override
        public Response reliableRequest(Request request) {
            return makeRequest(request);
        }

        @Override
        public Response makeRequest(Request request) {
            var url = URI.create(request.constructURL().toString());
            var query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
            var rebased = HttpRequest.newBuilder(uri("/simulator/carrier" + url.getRawPath() + query))
                    .header("Authorization", request.getAuthString())
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .timeout(Duration.ofSeconds(5))
                    .method(
                            request.getMethod().toString(),
                            HttpRequest.BodyPublishers.ofString(
                                    request.getMethod() == com.twilio.http.HttpMethod.POST
                                            ? request.encodeFormBody()
                                            : ""))
                    .build();
            try {
                var response = http.send(rebased, BodyHandlers.ofString());
                return new Response(response.body(), response.statusCode());
            } catch (IOException failure) {
                throw new ApiConnectionException(failure.toString(), failure);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new ApiConnectionException(stopped.toString(), stopped);
            }
        }
    }
}
