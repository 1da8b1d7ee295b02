package io.cordboard.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.test.system.CapturedOutput;

/**
 * A customer of its own, opened by the operator, whose guest agent came in by the token on the console.
 *
 * @param guest logged in as its guest agent
 */
public record Tenant(String base, String id, String name, Http guest, String guestId) {

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Pattern RECOVERY = Pattern.compile("cbr_[A-Za-z0-9_-]+");

    public static Tenant open(String base, Http operator, CapturedOutput console) {
        String name = "Tenant " + NUMBER.incrementAndGet();
        JsonNode customer = operator.post("/v1/customers", Map.of("name", name)).ok();
        JsonNode login = new Http(base, null)
                .post("/v1/login/recovery", Map.of("token", lastRecoveryToken(console)))
                .ok();
        return new Tenant(
                base,
                customer.get("id").asText(),
                name,
                Http.withToken(base, login.get("token").asText()),
                login.get("id").asText());
    }

    public static String lastRecoveryToken(CapturedOutput console) {
        Matcher tokens = RECOVERY.matcher(console.getOut());
        String last = null;
        while (tokens.find()) {
            last = tokens.group();
        }
        if (last == null) {
            throw new AssertionError("No recovery token on the console");
        }
        return last;
    }

    /** Hires somebody with a user name nobody else has and the password of all tests. */
    public JsonNode hires(String role, List<String> tags, List<Map<String, String>> addresses) {
        return guest.post(
                        "/v1/agents",
                        Map.of(
                                "username",
                                role + NUMBER.incrementAndGet(),
                                "password",
                                Login.PASSWORD,
                                "name",
                                "One " + role,
                                "role",
                                role,
                                "tag_ids",
                                tags,
                                "addresses",
                                addresses))
                .ok();
    }

    public Http as(JsonNode agent) {
        return new Http(base, agent.get("username").asText());
    }
}
