package io.cordboard.platform.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import com.fasterxml.jackson.databind.JsonNode;
import io.cordboard.testing.ApplicationTest;
import io.cordboard.testing.Http;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** {@code /v3/api-docs} and the page to try it. */
class ApiDescriptionTests extends ApplicationTest {

    private static final Pattern LINK = Pattern.compile("(?:src|href)=\"(\\./)?([^\"]+)\"");

    @Autowired
    private RequestMappingHandlerMapping requestMappingHandlerMapping;

    @LocalServerPort
    private int port;

    private Http http;

    @BeforeEach
    void logIn() {
        http = new Http("http://localhost:" + port, "charles");
    }

    @Test
    void everyEndpointIsListed() {
        var mapped = new TreeSet<String>();
        requestMappingHandlerMapping.getHandlerMethods().keySet().forEach(info -> info.getPatternValues().stream()
                .filter(path -> path.startsWith("/v1/"))
                .forEach(path ->
                        info.getMethodsCondition().getMethods().forEach(method -> mapped.add(method + " " + path))));

        assertThat(mapped).contains("POST /v1/reservations/{id}/accept").hasSizeGreaterThan(15);
        assertThat(operations().keySet()).containsAll(mapped);
    }

    @Test
    void everyOperationSaysWhatItDoesAndWhatItMayBeRefusedFor() {
        assertSoftly(softly -> operations().forEach((name, operation) -> {
            softly.assertThat(operation.path("summary").asText())
                    .as(name + ": summary")
                    .isNotBlank();
            softly.assertThat(operation.path("tags")).as(name + ": tag").isNotEmpty();
            JsonNode answers = operation.path("responses");
            if (!operation.has("security")) {
                softly.assertThat(answers.has("401")).as(name + ": 401").isTrue();
            }
            if (name.contains("{id}")) {
                softly.assertThat(answers.has("404")).as(name + ": 404").isTrue();
            }
            if (operation.has("requestBody") || operation.has("parameters")) {
                softly.assertThat(answers.has("400")).as(name + ": 400").isTrue();
            }
            answers.fields().forEachRemaining(answer -> {
                if (answer.getKey().compareTo("400") >= 0) {
                    softly.assertThat(answer.getValue()
                                    .at("/content/application~1problem+json/schema/$ref")
                                    .asText())
                            .as(name + ": " + answer.getKey())
                            .isEqualTo("#/components/schemas/Problem");
                }
                softly.assertThat(answer.getValue().path("description").asText())
                        .as(name + ": " + answer.getKey())
                        .isNotBlank();
            });
        }));
    }

    @Test
    void theProblemIsDescribed() {
        assertThat(api().at("/components/schemas/Problem/properties").fieldNames())
                .toIterable()
                .contains("title", "status", "detail", "remedy", "fields");
    }

    /** The page with all it loads, and without a script that our Content-Security-Policy would stop. */
    @Test
    void swaggerUiLoads() {
        Http.Answer page = http.get("/swagger-ui/index.html");
        page.ok();
        assertThat(page.text()).contains("swagger-ui").doesNotContainPattern("<script[^>]*>\\s*[^<\\s]");
        var links =
                LINK.matcher(page.text()).results().map(found -> found.group(2)).toList();
        assertThat(links).anyMatch(link -> link.contains("swagger-ui-bundle.js"));
        links.forEach(link ->
                assertThat(http.get("/swagger-ui/" + link).status()).as(link).isEqualTo(200));
        assertThat(http.get("/swagger-ui/swagger-initializer.js").text()).contains("/v3/api-docs");
        assertThat(http.get("/swagger-ui.html").status()).isEqualTo(302);
    }

    private JsonNode api() {
        return http.get("/v3/api-docs").ok();
    }

    /** By method and path. */
    private TreeMap<String, JsonNode> operations() {
        var operations = new TreeMap<String, JsonNode>();
        api().path("paths")
                .fields()
                .forEachRemaining(path -> path.getValue().fields().forEachRemaining(operation -> {
                    if (path.getKey().startsWith("/v1/")) {
                        operations.put(
                                operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                operation.getValue());
                    }
                }));
        return operations;
    }
}
