package io.cordboard.customer.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import io.cordboard.testing.ApplicationTest;
import jakarta.servlet.ServletContext;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.camunda.bpm.engine.rest.impl.CamundaRestResources;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/** Nobody gets in anonymously. The list of paths comes from the application, so a new one is covered by itself. */
class ClosedHouseTests extends ApplicationTest {

    /** What is meant to be open; each with its reason in docs/security.md. */
    private static final Pattern OPEN = Pattern.compile("(?:GET|HEAD) /"
            + "|(?:GET|HEAD) /(?:index\\.html|login|login\\.html|api/health|favicon.*)"
            + "|(?:GET|HEAD) /(?:assets|media|actuator/health)(?:/.*)?"
            + "|POST /v1/(?:login|login/recovery|session)"
            + "|POST /camunda/api/admin/auth/user/[^/]+/login/[^/]+"
            + "|[A-Z]+ /(?:webhooks|simulator/carrier)/.*");

    private static final List<String> WEBAPPS = List.of(
            "GET /camunda/app/tasklist/default/",
            "GET /camunda/app/cockpit/default/",
            "GET /camunda/app/admin/default/",
            "GET /camunda/app/welcome/default/",
            "GET /camunda/app/admin/default/setup/",
            "POST /camunda/api/admin/setup/default/user/create",
            "GET /camunda/api/admin/auth/user/default",
            "POST /camunda/api/admin/auth/user/default/logout",
            "GET /camunda/api/engine/engine/",
            "GET /camunda/api/engine/engine/default/task",
            "GET /camunda/api/cockpit/plugin/base/default/process-definition/statistics",
            "GET /camunda/lib/deps.js",
            "GET /camunda/assets/x.css",
            "GET /camunda/favicon.ico",
            "GET /camunda/",
            "POST /engine-rest/process-definition/key/inbound-call/start",
            "POST /engine-rest/deployment/create",
            "GET /engine-rest/engine/default/task",
            "GET /error",
            "GET /v3/api-docs",
            "GET /v3/api-docs.yaml",
            "GET /swagger-ui/index.html",
            "GET /actuator",
            "GET /actuator/prometheus",
            "GET /nothing/here");

    @Autowired
    private ApplicationContext application;

    @Autowired
    private ServletContext servlets;

    @LocalServerPort
    private int port;

    private Browser anonymous;

    @BeforeEach
    void anonymous() {
        anonymous = Browser.anonymous("http://localhost:" + port);
    }

    @Test
    void everyPathThatIsNotMeantToBeOpenNeedsALogin() {
        var paths = new TreeSet<>(WEBAPPS);
        application
                .getBeansOfType(RequestMappingInfoHandlerMapping.class)
                .values()
                .forEach(mapping -> mapping.getHandlerMethods().keySet().forEach(info -> paths.addAll(requests(info))));
        CamundaRestResources.getResourceClasses().stream()
                .flatMap(type -> Stream.of(type.getMethods())
                        .flatMap(method -> Stream.ofNullable(method.getAnnotation(Path.class)))
                        .map(path ->
                                "/engine-rest/" + type.getAnnotation(Path.class).value() + "/" + path.value()))
                .flatMap(path ->
                        Stream.of("GET", "POST").map(method -> method + " " + filled(path.replaceAll("/+", "/"))))
                .forEach(paths::add);
        servlets.getServletRegistrations().values().stream()
                .flatMap(servlet -> servlet.getMappings().stream())
                .filter(mapping -> mapping.endsWith("/*"))
                .flatMap(mapping -> Stream.of("GET", "POST").map(method -> method + " " + filled(mapping)))
                .forEach(paths::add);

        assertThat(paths).hasSizeGreaterThan(80).contains("GET /v1/session", "GET /engine-rest/task");
        assertSoftly(softly -> paths.stream()
                .filter(path -> !OPEN.matcher(path).matches())
                .forEach(path -> {
                    var parts = path.split(" ", 2);
                    var answer = anonymous.send(parts[0], parts[1], null);
                    softly.assertThat(answer.statusCode()).as(path).isEqualTo(401);
                    if (!parts[0].equals("HEAD")) {
                        softly.assertThat(answer.headers().firstValue("Content-Type"))
                                .as(path)
                                .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
                    }
                }));
    }

    @Test
    void pagesAreLedToTheLoginAndBack() {
        var page = anonymous.with("Accept", "text/html,*/*");

        assertThat(page.get("/calls?from=%22%3E%3Cscript%3E").headers().firstValue("Location"))
                .hasValue("/login?next=%2Fcalls%3Ffrom%3D%2522%253E%253Cscript%253E");
        assertThat(page.get("/camunda/app/tasklist/default/").statusCode()).isEqualTo(302);
        assertThat(page.get("/login?next=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
                        .body())
                .doesNotContain("alert(1)");
    }

    @Test
    void whatIsOpenSaysNoMoreThanItMust() {
        assertThat(anonymous.get("/actuator/health").body()).doesNotContain("components", "details");
        assertThat(anonymous.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
        assertThat(anonymous.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
    }

    @Test
    void everyAnswerTellsTheBrowserToBeStrict() {
        var headers = anonymous.get("/login").headers();

        assertThat(headers.firstValue("Content-Security-Policy")).hasValueSatisfying(policy -> assertThat(policy)
                .contains("default-src 'self'", "frame-ancestors 'none'", "object-src 'none'")
                .doesNotContain("script-src 'self' 'unsafe"));
        assertThat(headers.firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(headers.firstValue("X-Frame-Options")).hasValue("DENY");
        assertThat(headers.firstValue("Referrer-Policy")).hasValue("same-origin");
        assertThat(headers.firstValue("Strict-Transport-Security")).isEmpty();
        assertThat(anonymous
                        .with("X-Forwarded-Proto", "https")
                        .get("/login")
                        .headers()
                        .firstValue("Strict-Transport-Security"))
                .isPresent();
    }

    private static Set<String> requests(RequestMappingInfo info) {
        var requests = new TreeSet<String>();
        var methods = info.getMethodsCondition().getMethods();
        for (String pattern : info.getPatternValues()) {
            for (var method : methods.isEmpty() ? Set.of(RequestMethod.GET, RequestMethod.POST) : methods) {
                requests.add(method + " " + filled(pattern));
            }
        }
        return requests;
    }

    private static String filled(String pattern) {
        String path =
                pattern.replaceAll("\\{[^/]*\\}", "1").replace("/**", "/x").replace("*", "x");
        return path.startsWith("/") ? path : "/" + path;
    }
}
