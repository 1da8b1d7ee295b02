package io.cordboard.customer.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.PlainHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.cordboard.customer.Account;
import io.cordboard.customer.Accounts;
import io.cordboard.customer.Role;
import io.cordboard.testing.ApplicationTest;
import io.cordboard.testing.Login;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

class LoginTests extends ApplicationTest {

    @Autowired
    private Accounts accounts;

    @Autowired
    private EndedSessions ended;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private Clock clock;

    @LocalServerPort
    private int port;

    private String base;
    private Browser anonymous;

    @BeforeEach
    void base() {
        base = "http://localhost:" + port;
        anonymous = Browser.anonymous(base);
    }

    /** S1-07, S1-22, S1-23, S1-29, S3-11 · who logs in is told name, house, skills and status, and gets a token. */
    @Test
    void theRightPasswordGivesATokenAndSaysWhoOneIs() {
        var answer = Login.post(base + "/v1/login", "charles", Login.PASSWORD, "127.0.0.1");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
        var me = Browser.json(answer);
        assertThat(me.get("name").asText()).isEqualTo("Charles");
        assertThat(me.get("username").asText()).isEqualTo("charles");
        assertThat(me.get("status").asText()).isNotBlank();
        assertThat(me.get("permission").asText()).isEqualTo("USER");
        assertThat(me.get("role").asText()).isEqualTo("agent");
        assertThat(me.get("tag_ids")).extracting(tag -> tag.asText()).containsExactly("support");
        assertThat(me.get("addresses").get(0).get("value").asText()).isEqualTo("+15550102001");
        assertThat(me.has("expires_at")).isTrue();
        assertThat(me.has("customer_id")).isTrue();
        assertThat(me.get("customer_name").asText()).isNotBlank();
        assertThat(anonymous
                        .with("Authorization", "Bearer " + me.get("token").asText())
                        .get("/v1/session")
                        .statusCode())
                .isEqualTo(200);
    }

    /** S1-29, S3-04 · logging in makes nobody available. */
    @Test
    void aNewAgentIsOffline() {
        var me =
                Browser.json(Login.post(base + "/v1/login", fresh(Role.AGENT).username(), Login.PASSWORD, "127.0.0.1"));
        assertThat(me.get("status").asText()).isEqualTo("offline");
    }

    @Test
    void aWrongPasswordAndAnUnknownUserGetTheSameAnswerInTheSameTime() {
        var known = fresh(Role.AGENT);
        var wrong = timed(known.username());
        var unknown = timed("nobody-" + known.username());

        assertThat(wrong.answer.statusCode()).isEqualTo(401);
        assertThat(unknown.answer.statusCode()).isEqualTo(401);
        assertThat(unknown.answer.body()).isEqualTo(wrong.answer.body());
        assertThat((double) unknown.nanos / wrong.nanos).isBetween(0.33, 3.0);
    }

    @Test
    void fiveWrongPasswordsCloseTheDoorForAMinuteButNotForWhoIsAlreadyIn() {
        var victim = fresh(Role.AGENT);
        var session = Login.session(base, victim.username());
        IntStream.range(0, 5).forEach(i -> assertThat(
                        wrong(victim.username(), "203.0.113." + i).statusCode())
                .isEqualTo(401));

        var sixth = Login.post(base + "/v1/login", victim.username(), Login.PASSWORD, "203.0.113.99");
        assertThat(sixth.statusCode()).isEqualTo(429);
        assertThat(Long.parseLong(sixth.headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(1L, 61L);
        assertThat(anonymous.with("Cookie", session.header()).get("/v1/session").statusCode())
                .isEqualTo(200);
        assertThat(Login.token(base, fresh(Role.AGENT).username())).isNotBlank();
    }

    @Test
    void fiveWrongPasswordsFromOneAddressCloseItForAllAccounts() {
        IntStream.range(0, 5).forEach(i -> assertThat(wrong(UUID.randomUUID().toString(), "2001:db8:1:2::" + (i + 1))
                        .statusCode())
                .isEqualTo(401));

        assertThat(Login.post(base + "/v1/session", "charles", Login.PASSWORD, "2001:db8:1:2:ffff::9")
                        .statusCode())
                .isEqualTo(429);
        assertThat(Login.post(base + "/v1/session", "charles", Login.PASSWORD, "2001:db8:1:3::1")
                        .statusCode())
                .isEqualTo(204);
    }

    @Test
    void aWholeShiftCanLogInFromBehindOneAddress() {
        var statuses = IntStream.range(0, 12).parallel().map(i -> Login.post(
                        base + "/v1/login", "charles", Login.PASSWORD, "198.51.100.7")
                .statusCode());

        assertThat(statuses).containsOnly(200);
    }

    @Test
    void aTokenEndsAfterFifteenMinutesAndASessionAfterThirtyIdleOnes() {
        var charles = accounts.byUsername("charles").orElseThrow();

        assertThat(bearer(at(Duration.ofMinutes(-14)).forProgram(charles).text()))
                .isEqualTo(200);
        assertThat(bearer(at(Duration.ofMinutes(-16)).forProgram(charles).text()))
                .isEqualTo(401);
        assertThat(cookie(at(Duration.ofMinutes(-29)).forPages(charles).text())).isEqualTo(200);
        assertThat(cookie(at(Duration.ofMinutes(-31)).forPages(charles).text())).isEqualTo(401);
    }

    @Test
    void aSessionThatIsUsedLivesOnButNoLongerThanTwelveHours() {
        var charles = accounts.byUsername("charles").orElseThrow();
        var old = at(Duration.ofMinutes(-20)).forPages(charles);
        var renewed =
                anonymous.with("Cookie", "cordboard_session=" + old.text()).get("/v1/session");
        assertThat(renewed.headers().allValues("Set-Cookie")).anySatisfy(cookie -> assertThat(cookie)
                .startsWith("cordboard_session=")
                .contains("HttpOnly", "SameSite=Lax", "Path=/"));

        var ancient = at(Duration.ofHours(-12).plusMinutes(10)).forPages(charles);
        var last = at(Duration.ZERO).renewed(ancient);
        assertThat(last.expiresAt()).isEqualTo(ancient.startedAt().plus(Duration.ofHours(12)));
    }

    @Test
    void whatWeDidNotSignForThisUseIsNotBelieved() throws Exception {
        var charles = accounts.byUsername("charles").orElseThrow();
        var good = at(Duration.ZERO).forProgram(charles).text();
        var parts = good.split("\\.");
        var claims = SignedJWT.parse(good).getJWTClaimsSet();
        var foreign = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .type(JOSEObjectType.JWT)
                        .build(),
                claims);
        foreign.sign(new MACSigner(new byte[32]));
        var sam = accounts.byUsername("sam").orElseThrow();
        var promoted = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)
                .replace(charles.id().toString(), sam.id().toString());

        assertThat(bearer(good)).isEqualTo(200);
        assertThat(bearer(new PlainJWT(new PlainHeader(), claims).serialize())).isEqualTo(401);
        assertThat(bearer(parts[0] + "." + parts[1] + ".")).isEqualTo(401);
        assertThat(bearer(foreign.serialize())).isEqualTo(401);
        assertThat(bearer(parts[0]
                        + "."
                        + Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(promoted.getBytes(StandardCharsets.UTF_8))
                        + "."
                        + parts[2]))
                .isEqualTo(401);
        assertThat(bearer("x".repeat(5_000))).isEqualTo(401);
        assertThat(bearer(at(Duration.ZERO).forPages(charles).text())).isEqualTo(401);
        assertThat(cookie(good)).isEqualTo(401);
    }

    @Test
    void aChangedRoleEndsTheLoginWithinFiveSecondsWhoeverChangedIt() {
        var somebody = fresh(Role.SUPERVISOR);
        var token = Login.token(base, somebody.username());
        assertThat(bearer(token)).isEqualTo(200);

        jdbc.sql("UPDATE agent SET role = 'agent' WHERE id = :id")
                .param("id", somebody.id().value())
                .update();

        await().atMost(Duration.ofSeconds(5))
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> assertThat(bearer(token)).isEqualTo(401));
    }

    @Test
    void aDeletedAccountAndANewPasswordEndTheLoginAtOnce() {
        var first = fresh(Role.AGENT);
        var second = fresh(Role.AGENT);
        var ofFirst = Login.token(base, first.username());
        var ofSecond = Login.token(base, second.username());

        accounts.setPassword(first.id(), "another-good-password");
        jdbc.sql("DELETE FROM agent WHERE id = :id")
                .param("id", second.id().value())
                .update();
        accounts.forget();

        assertThat(bearer(ofFirst)).isEqualTo(401);
        assertThat(bearer(ofSecond)).isEqualTo(401);
    }

    @Test
    void loggingOutEndsTheSessionAndNotOnlyTheCookie() {
        var charles = Browser.page(base, "charles");

        assertThat(charles.get("/v1/session").statusCode()).isEqualTo(200);
        assertThat(charles.send("DELETE", "/v1/session", null).statusCode()).isEqualTo(204);
        assertThat(charles.get("/v1/session").statusCode()).isEqualTo(401);
    }

    @Test
    void aPageChangesNothingWithoutItsToken() {
        var session = Login.session(base, "charles");
        var without = anonymous.with("Cookie", session.header());

        assertThat(without.send("DELETE", "/v1/session", null).statusCode()).isEqualTo(403);
        assertThat(without.with("X-XSRF-TOKEN", Login.session(base, "charles").csrf())
                        .send("DELETE", "/v1/session", null)
                        .statusCode())
                .isEqualTo(403);
        assertThat(without.post("/camunda/api/engine/engine/default/task/count", "{}")
                        .statusCode())
                .isEqualTo(403);
        assertThat(without.with("X-XSRF-TOKEN", session.csrf())
                        .post("/camunda/api/engine/engine/default/task/count", "{}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(Browser.bearer(base, "charles")
                        .post("/engine-rest/task/count", "{}")
                        .statusCode())
                .isEqualTo(200);
        var who = Browser.json(without.get("/v1/session"));
        assertThat(who.get("csrf_token").asText()).isEqualTo(session.csrf());
    }

    @Test
    void toolsMaySendThePasswordWithEachRequestToTheEngineOnly() {
        var tool = anonymous.with(
                "Authorization",
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString(("ada:" + Login.PASSWORD).getBytes(StandardCharsets.UTF_8)));

        assertThat(tool.get("/engine-rest/deployment?maxResults=0").statusCode())
                .isEqualTo(200);
        assertThat(tool.get("/v1/session").statusCode()).isEqualTo(401);
        assertThat(anonymous.get("/engine-rest/deployment").headers().allValues("WWW-Authenticate"))
                .containsExactly("Bearer");
    }

    @Test
    void theSessionOpensTasklist() {
        var charles = Browser.page(base, "charles");

        var me = Browser.json(charles.get("/camunda/api/admin/auth/user/default"));
        assertThat(me.get("userId").asText()).isEqualTo("charles");
        assertThat(me.get("authorizedApps"))
                .extracting(app -> app.asText())
                .contains("tasklist")
                .doesNotContain("cockpit", "admin");
        var tasklist = charles.get("/camunda/app/tasklist/default/");
        assertThat(tasklist.statusCode()).isEqualTo(200);
        assertThat(tasklist.headers().allValues("Content-Security-Policy")).hasSize(1);
        assertThat(charles.get("/camunda/api/engine/engine/default/filter").body())
                .contains("My tasks");
        assertThat(charles.get("/camunda/app/cockpit/default/").statusCode()).isEqualTo(403);
        assertThat(charles.get("/camunda/api/admin/plugin/adminPlugins/static/x")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void theDoorsOfTheWebApplicationsAreOurs() {
        var form = "username=ada&password=" + Login.PASSWORD;
        var in = anonymous
                .with("Content-Type", "application/x-www-form-urlencoded")
                .send("POST", "/camunda/api/admin/auth/user/default/login/cockpit", form);
        assertThat(in.statusCode()).isEqualTo(200);
        assertThat(Browser.json(in).get("userId").asText()).isEqualTo("ada");
        assertThat(Browser.json(in).get("authorizedApps"))
                .extracting(app -> app.asText())
                .contains("cockpit");
        var ada = anonymous
                .with("Cookie", "cordboard_session=" + Login.cookie(in, "cordboard_session"))
                .with("X-XSRF-TOKEN", Login.cookie(in, "XSRF-TOKEN"));
        assertThat(ada.get("/v1/session").statusCode()).isEqualTo(200);

        assertThat(ada.send("POST", "/camunda/api/admin/auth/user/default/logout", null)
                        .statusCode())
                .isEqualTo(200);
        assertThat(ada.get("/v1/session").statusCode()).isEqualTo(401);

        assertThat(anonymous
                        .with("Content-Type", "application/x-www-form-urlencoded")
                        .with("X-Forwarded-For", "203.0.113.200")
                        .send(
                                "POST",
                                "/camunda/api/admin/auth/user/default/login/cockpit",
                                "username=" + fresh(Role.AGENT).username() + "&password=wrong-password")
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void operationsAreForThoseWhoOperate() {
        assertThat(Browser.bearer(base, "charles").get("/actuator/metrics").statusCode())
                .isEqualTo(403);
        assertThat(Browser.bearer(base, "sam").get("/actuator/metrics").statusCode())
                .isEqualTo(403);
        assertThat(Browser.bearer(base, "admin").get("/actuator/metrics").statusCode())
                .isEqualTo(200);
        assertThat(Browser.bearer(base, "charles")
                        .get("/v1/operations/dead-letters")
                        .statusCode())
                .isEqualTo(403);
        assertThat(Browser.bearer(base, "sam")
                        .get("/v1/operations/dead-letters")
                        .statusCode())
                .isEqualTo(403);
        assertThat(Browser.bearer(base, "admin")
                        .get("/v1/operations/dead-letters")
                        .statusCode())
                .isEqualTo(200);
        assertThat(Browser.bearer(base, "sam")
                        .post("/v1/operations/dead-letters/event:none/retry", "{}")
                        .statusCode())
                .isEqualTo(403);
    }

    private Account fresh(Role role) {
        var customer = accounts.byUsername("charles").orElseThrow().customer();
        return accounts.create(customer, "t-" + UUID.randomUUID(), "Somebody", role, Login.PASSWORD)
                .orElseThrow();
    }

    private Tokens at(Duration offset) {
        return new Tokens(jdbc, accounts, ended, Clock.offset(clock, offset));
    }

    private int bearer(String token) {
        return anonymous
                .with("Authorization", "Bearer " + token)
                .get("/v1/session")
                .statusCode();
    }

    private int cookie(String session) {
        return anonymous
                .with("Cookie", "cordboard_session=" + session)
                .get("/v1/session")
                .statusCode();
    }

    private HttpResponse<String> wrong(String username, String from) {
        return Login.post(base + "/v1/login", username, "wrong-password", from);
    }

    /** The fastest of four wrong logins, each from an address of its own. */
    private Timed timed(String username) {
        HttpResponse<String> answer = null;
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            long start = System.nanoTime();
            answer = wrong(username, "192.0.2." + ((username.hashCode() & 63) * 4 + i));
            fastest = Math.min(fastest, System.nanoTime() - start);
        }
        return new Timed(answer, fastest);
    }

    private record Timed(HttpResponse<String> answer, long nanos) {}
}
