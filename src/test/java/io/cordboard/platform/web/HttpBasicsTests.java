package io.cordboard.platform.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cordboard.testing.ApplicationTest;
import io.cordboard.testing.Login;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What every HTTP answer has in common, on the running application. */
class HttpBasicsTests extends ApplicationTest {

    private final HttpClient http = HttpClient.newHttpClient();

    @Autowired
    private ObjectMapper json;

    @LocalServerPort
    private int port;

    @Test
    @DisplayName("S4-04 GET /api/health says that everything is healthy, to everybody")
    void healthIsForEverybody() throws Exception {
        HttpResponse<String> answer = send(get("/api/health"));
        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode health = json.readTree(answer.body());
        assertThat(health.path("status").asText()).isEqualTo("healthy");
        assertThat(health.path("version").asText()).isNotBlank();
        assertThat(health.path("database").asText()).isEqualTo("up");
        assertThat(health.path("engine").asText()).isEqualTo("up");
        assertThat(health.path("providers").path("twilio").asText()).isEqualTo("simulated");
    }

    @Test
    void livenessAndReadinessAreForEverybodyAndTellNothingElse() throws Exception {
        assertThat(send(get("/actuator/health/liveness")).body()).isEqualTo("{\"status\":\"UP\"}");
        assertThat(send(get("/actuator/health/readiness")).body()).isEqualTo("{\"status\":\"UP\"}");
        assertThat(send(get("/actuator/health")).body()).doesNotContain("postgres", "PostgreSQL");
    }

    @Test
    void metricsNeedAnAdministrator() throws Exception {
        assertThat(send(get("/actuator/prometheus")).statusCode()).isEqualTo(401);
        assertThat(send(get("/actuator/prometheus", "charles")).statusCode()).isEqualTo(403);

        HttpResponse<String> metrics = send(get("/actuator/prometheus", "admin"));
        assertThat(metrics.statusCode()).isEqualTo(200);
        assertThat(metrics.body()).contains("jvm_memory_used_bytes", "hikaricp_connections_active");
        assertThat(metrics.body().lines().filter(line -> line.startsWith("http_server_requests_seconds_bucket")))
                .anyMatch(line -> line.contains("le=\"0.1\""))
                .anyMatch(line -> line.contains("le=\"2.0\""));
    }

    @Test
    void anUnknownAddressIsAProblemForProgramsAndAPageForPeople() throws Exception {
        HttpResponse<String> forPrograms = send(get("/v1/nowhere", "admin"));
        assertThat(forPrograms.statusCode()).isEqualTo(404);
        assertThat(forPrograms.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(json.readTree(forPrograms.body()).path("remedy").asText()).contains("/v3/api-docs");

        HttpResponse<String> browser =
                send(get("/v1/nowhere", "admin").header("Accept", "text/html,application/xml;q=0.9"));
        assertThat(browser.statusCode()).isEqualTo(404);
        assertThat(browser.body()).doesNotContain("<?xml");
    }

    @Test
    void aLargeBodyIsRefusedBeforeAnybodyLooksAtIt() throws Exception {
        HttpResponse<String> announced = send(HttpRequest.newBuilder(uri("/webhooks/twilio/voice"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[300_000])));
        assertThat(announced.statusCode()).isEqualTo(413);
        assertThat(announced.headers().firstValue("Content-Type")).contains("application/problem+json");
    }

    @Test
    void theApiDescribesItselfAndHowToLogIn() throws Exception {
        JsonNode api = json.readTree(send(get("/v3/api-docs", "admin")).body());
        assertThat(api.path("info").path("title").asText()).isEqualTo("Cordboard");
        assertThat(api.path("components")
                        .path("securitySchemes")
                        .path("token")
                        .path("scheme")
                        .asText())
                .isEqualTo("bearer");
        assertThat(api.path("paths").has("/api/health")).isTrue();
        assertThat(send(get("/swagger-ui/index.html", "admin")).statusCode()).isEqualTo(200);
    }

    private HttpRequest.Builder get(String path) {
        return HttpRequest.newBuilder(uri(path));
    }

    private HttpRequest.Builder get(String path, String user) {
        return get(path).header("Authorization", "Bearer " + Login.token("http://localhost:" + port, user));
    }

    private URI uri(String path) {
        return URI.create("http://localhost:" + port + path);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
