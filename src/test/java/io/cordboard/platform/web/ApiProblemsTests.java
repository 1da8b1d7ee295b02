package io.cordboard.platform.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cordboard.testing.AgentAtWork;
import io.cordboard.testing.Caller;
import io.cordboard.testing.Http;
import io.cordboard.testing.Login;
import io.cordboard.testing.ScenarioTest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that cannot be carried out: each is told what is wrong and how to mend it, and none of them is our mistake. */
class ApiProblemsTests extends ScenarioTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Does not count against the tests' own address when a login is refused. */
    private static final String STRANGER = "203.0.113.77";

    @Test
    void brokenJsonIsReportedWithItsPlace() {
        JsonNode problem = charles.http()
                .send("PUT", status(), "application/json", "{\n\"status\": away}")
                .refusal(400);
        assertThat(problem.get("detail").asText()).contains("line 2");
        assertThat(problem.get("remedy").asText()).contains("/v3/api-docs");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[]", "\"away\"", "{\"status\":{}}", "{\"status\":[\"away\"]}", "{}", "{\"status\":null}", ""})
    void aBodyThatDoesNotFitIsRefused(String body) {
        charles.http().send("PUT", status(), "application/json", body).refusal(400);
    }

    @Test
    void anIdThatIsNoneIsRefused() {
        assertThat(charles.http()
                        .get("/v1/agents/charles")
                        .refusal(400)
                        .get("detail")
                        .asText())
                .contains("\"id\"");
        charles.http().post("/v1/reservations/1/accept", null).refusal(400);
        charles.http().post("/v1/calls/1/end", null).refusal(400);
    }

    @Test
    void aLimitOrCursorThatIsNoneIsRefused() {
        for (String list : List.of("/v1/agents", "/v1/calls", "/v1/reservations")) {
            for (String limit : List.of("0", "-1", "201", "99999999999999999999", "many")) {
                assertThat(charles.http()
                                .get(list + "?limit=" + limit)
                                .refusal(400)
                                .get("detail")
                                .asText())
                        .contains("limit");
            }
        }
        charles.http().get("/v1/reservations?cursor=nonsense").refusal(400);
        charles.http().get("/v1/calls?open=perhaps").refusal(400);
    }

    @Test
    void aWrongMethodOrTypeIsReportedWithTheRightOnes() {
        assertThat(charles.http()
                        .put("/v1/agents", Map.of())
                        .refusal(405)
                        .get("remedy")
                        .asText())
                .contains("GET");
        assertThat(charles.http()
                        .send("PUT", status(), "text/plain", "away")
                        .refusal(415)
                        .get("remedy")
                        .asText())
                .contains("application/json");
    }

    @Test
    void withoutALoginTheWayInIsTold() throws Exception {
        HttpResponse<String> answer = CLIENT.send(
                HttpRequest.newBuilder(URI.create(base() + "/v1/agents")).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/problem+json");
        assertThat(JSON.readTree(answer.body()).get("remedy").asText()).contains("POST /v1/login");
    }

    @Test
    void aSessionOfABrowserChangesNothingWithoutItsToken() throws Exception {
        Login.Session session = Login.session(base(), "charles");
        HttpRequest.Builder change = HttpRequest.newBuilder(URI.create(base() + status()))
                .header("Content-Type", "application/json")
                .header("Cookie", session.header())
                .PUT(BodyPublishers.ofString("{\"status\":\"away\"}"));
        HttpResponse<String> forged = CLIENT.send(change.build(), BodyHandlers.ofString());
        assertThat(forged.statusCode()).isEqualTo(403);
        assertThat(JSON.readTree(forged.body()).get("remedy").asText()).contains("XSRF-TOKEN");
        assertThat(charles.status()).isEqualTo("offline");

        HttpResponse<String> own =
                CLIENT.send(change.header("X-XSRF-TOKEN", session.csrf()).build(), BodyHandlers.ofString());
        assertThat(own.statusCode()).isEqualTo(200);
        assertThat(charles.status()).isEqualTo("away");
    }

    /** PostgreSQL keeps no NUL; neither the table nor the engine's variables. Nothing of such a request takes effect. */
    @Test
    void aCharacterThatCannotBeKeptIsRefusedAndChangesNothing() {
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        JsonNode offer = charles.isOfferedACall();
        String call = offer.get("call_id").asText();
        refusesNul(charles.rejects(offer, "lunch\0"));
        assertThat(charles.pending()).hasSize(1);

        charles.accepts(offer).ok();
        caller.talks();
        refusesNul(charles.http().post("/v1/calls/" + call + "/notes", Map.of("text", "\0")));
        refusesNul(charles.http().post("/v1/calls/" + call + "/end", Map.of("notes", "a\0b")));
        assertThat(charles.http().get("/v1/calls/" + call).ok().get("state").asText())
                .isEqualTo("talking");
        charles.ends(call);
        refusesNul(
                charles.http().post("/v1/calls/" + call + "/wrap-up", Map.of("disposition", "other", "notes", "\0")));
        charles.wrapsUp(call, "other");
        refusesNul(charles.http().get("/v1/agents?tag=%00"));
        refusesNul(charles.http().get("/v1/calls?carrier_call=%00"));
        refusesNul(charles.http().get("/v1/calls/%00"));
    }

    private static void refusesNul(Http.Answer answer) {
        answer.refusal(400);
    }

    /** Every operation of the description, with every value replaced by something nobody expects. */
    @Test
    void nothingThatComesInIsOurMistake() {
        charles.is("available");
        edith.is("available");
        Caller talking = someoneDials(NUMBER, "press 1");
        AgentAtWork agent = charles.pending().isEmpty() ? waitsForEither() : charles;
        String call = agent.takesTheNextCall();
        talking.talks();
        Map<String, String> known = Map.of(
                "agents", agent.id(),
                "calls", call,
                "reservations",
                        agent.http()
                                .get("/v1/reservations?limit=1")
                                .ok()
                                .get("items")
                                .get(0)
                                .get("id")
                                .asText());
        Http[] everybody = {agent.http(), sam, admin()};
        JsonNode api = admin().get("/v3/api-docs").ok();
        List<Strange> requests = new ArrayList<>();
        api.get("paths").fields().forEachRemaining(path -> path.getValue()
                .fields()
                .forEachRemaining(operation -> requests.addAll(strange(
                        operation.getKey().toUpperCase(Locale.ROOT),
                        path.getKey(),
                        operation.getValue(),
                        api,
                        known))));

        assertThat(requests).hasSizeGreaterThan(300);
        assertSoftly(softly -> {
            for (Strange request : requests) {
                for (Http who : everybody) {
                    if (who == agent.http() && request.path().endsWith("/password")) {
                        // Five wrong passwords would shut them out of the tests to come.
                        continue;
                    }
                    Reply reply = send(who, request);
                    softly.assertThat(reply.status()).as(request + " " + reply).isLessThan(500);
                    if (reply.status() >= 400) {
                        softly.assertThat(reply.type())
                                .as(request + " " + reply)
                                .startsWith("application/problem+json");
                    }
                }
            }
        });
        System.out.printf("%d strange requests%n", requests.size() * everybody.length);
    }

    private static AgentAtWork waitsForEither() {
        org.awaitility.Awaitility.await()
                .until(() -> !charles.pending().isEmpty() || !edith.pending().isEmpty());
        return charles.pending().isEmpty() ? edith : charles;
    }

    private record Strange(String method, String path, String contentType, String body, String lastEventId) {

        @Override
        public String toString() {
            return method + " " + shortened(path) + " " + contentType + " " + shortened(body);
        }
    }

    private record Reply(int status, String type, String body) {}

    private static final List<String> STRANGE_VALUES = List.of(
            "%00",
            "1",
            "-1",
            "99999999999999999999999999",
            "1e999",
            "NaN",
            "%F0%9F%98%80",
            "%C3%28",
            "'%20OR%201=1--",
            "%25s%25n",
            "00000000-0000-0000-0000-000000000000",
            "x".repeat(3000),
            "");

    private static final List<String> STRANGE_JSON = List.of(
            "null",
            "true",
            "[]",
            "{}",
            "{\"a\":{}}",
            "-1",
            "1e999",
            "99999999999999999999999999",
            "\"\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\\ud83d\\ude00\"",
            "\"" + "x".repeat(100_000) + "\"");

    private static final List<String> STRANGE_BODIES =
            List.of("", "{", "null", "[]", "\"x\"", "1", "\0", "{\"a\":", "[".repeat(10_000), "{\"\":".repeat(2_000));

    private static List<Strange> strange(
            String method, String path, JsonNode operation, JsonNode api, Map<String, String> known) {
        List<Strange> all = new ArrayList<>();
        String segment = path.split("/")[2];
        String nobody = "00000000-0000-0000-0000-000000000000";
        String usual = path.replace("{id}", known.getOrDefault(segment, nobody)).replaceAll("\\{[a-z]+}", nobody);
        if (path.contains("{")) {
            STRANGE_VALUES.stream()
                    .filter(value -> !value.isEmpty())
                    .forEach(value -> all.add(json(method, path.replaceAll("\\{[a-z]+}", value), "{}")));
        }
        for (JsonNode parameter : operation.path("parameters")) {
            String name = parameter.get("name").asText();
            for (String value : STRANGE_VALUES) {
                if (parameter.get("in").asText().equals("query")) {
                    all.add(json(method, usual + "?" + name + "=" + value, null));
                } else if (parameter.get("in").asText().equals("header") && name.equals("Last-Event-ID")) {
                    all.add(new Strange(method, usual, "application/json", null, value));
                }
            }
        }
        for (String body : STRANGE_BODIES) {
            all.add(json(method, usual, body));
        }
        for (String type :
                List.of("text/plain", "application/xml", "multipart/form-data", "application/json;charset=x")) {
            all.add(new Strange(method, usual, type, "<a>b</a>", null));
        }
        String schema = operation
                .at("/requestBody/content/application~1json/schema/$ref")
                .asText()
                .replace("#", "");
        if (!schema.isEmpty()) {
            JsonNode properties = api.at(schema).path("properties");
            properties.fieldNames().forEachRemaining(field -> {
                for (String value : STRANGE_JSON) {
                    all.add(json(method, usual, body(properties, field, value)));
                }
            });
        }
        return all;
    }

    /** An object whose other fields are plausible. */
    private static String body(JsonNode properties, String strange, String value) {
        List<String> fields = new ArrayList<>();
        properties
                .fields()
                .forEachRemaining(property -> fields.add("\"" + property.getKey() + "\":"
                        + (property.getKey().equals(strange)
                                ? value
                                : "\"" + property.getValue().path("example").asText("other") + "\"")));
        return "{" + String.join(",", fields) + "}";
    }

    private static Strange json(String method, String path, String body) {
        return new Strange(method, path, "application/json", body, null);
    }

    private static Reply send(Http who, Strange strange) {
        HttpRequest.Builder request = who.request(strange.path())
                .header("Content-Type", strange.contentType())
                .header("X-Forwarded-For", STRANGER)
                .method(
                        strange.method(),
                        strange.body() == null ? BodyPublishers.noBody() : BodyPublishers.ofString(strange.body()));
        if (strange.lastEventId() != null) {
            request.header("Last-Event-ID", strange.lastEventId());
        }
        try {
            HttpResponse<InputStream> answer = CLIENT.send(request.build(), BodyHandlers.ofInputStream());
            String type = answer.headers().firstValue("Content-Type").orElse("");
            try (InputStream body = answer.body()) {
                boolean endless = type.startsWith("text/event-stream");
                return new Reply(
                        answer.statusCode(),
                        type,
                        endless ? "" : shortened(new String(body.readAllBytes(), StandardCharsets.UTF_8)));
            }
        } catch (IOException e) {
            throw new AssertionError(strange.toString(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String shortened(String text) {
        return text == null || text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }

    private String status() {
        return "/v1/agents/" + charles.id() + "/status";
    }
}
