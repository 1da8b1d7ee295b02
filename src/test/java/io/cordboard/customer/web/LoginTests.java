package io.cordboard.customer.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordboard.testing.ApplicationTest;
import io.cordboard.testing.Login;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;

class LoginTests extends ApplicationTest {

    @LocalServerPort
    private int port;

    private String base;

    @BeforeEach
    void base() {
        base = "http://localhost:" + port;
    }

    /** S3-11. */
    @Test
    void theRightPasswordGivesATokenAndSaysWhoOneIs() {
        var answer = Login.post(base + "/v1/login", "charles", Login.PASSWORD, "127.0.0.1");

        assertThat(answer.statusCode()).isEqualTo(200);
        var me = Browser.json(answer);
        assertThat(me.get("name").asText()).isEqualTo("Charles");
        assertThat(me.get("username").asText()).isEqualTo("charles");
        assertThat(me.get("status").asText()).isNotBlank();
        assertThat(me.get("permission").asText()).isEqualTo("USER");
        assertThat(me.get("role").asText()).isEqualTo("agent");
        assertThat(me.get("tag_ids")).extracting(tag -> tag.asText()).containsExactly("support");
        assertThat(me.get("addresses").get(0).get("value").asText()).isEqualTo("+15550102001");
        assertThat(me.get("token").asText()).contains(".");
        assertThat(me.has("expires_at")).isTrue();
        assertThat(me.has("customer_id")).isTrue();
    }

    @Test
    void theSessionOpensTasklist() {
        var charles = Browser.page(base, "charles");

        var me = charles.get("/camunda/api/admin/auth/user/default");
        assertThat(me.statusCode()).isEqualTo(200);
        assertThat(Browser.json(me).get("userId").asText()).isEqualTo("charles");
        assertThat(Browser.json(me).get("authorizedApps"))
                .extracting(app -> app.asText())
                .contains("tasklist")
                .doesNotContain("cockpit", "admin");
        assertThat(charles.get("/camunda/app/tasklist/default/").statusCode()).isEqualTo(200);
        assertThat(charles.get("/camunda/api/engine/engine/default/filter").body())
                .contains("My tasks");
        assertThat(charles.post("/camunda/api/engine/engine/default/task/count", "{}")
                        .body())
                .contains("\"count\":0");
        assertThat(charles.get("/camunda/app/cockpit/default/").statusCode()).isEqualTo(403);
    }
}
