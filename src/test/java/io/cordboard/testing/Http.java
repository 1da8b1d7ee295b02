package io.cordboard.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A program that speaks JSON with the running application, logged in as somebody. */
public final class Http {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Shorter than the life of a token. */
    private static final Duration RENEWAL = Duration.ofMinutes(10);

    private final String base;
    private final @Nullable String username;
    private String token = "";
    private long renewAt = System.nanoTime();

    /** @param username null for somebody who is not logged in */
    public Http(String base, @Nullable String username) {
        this.base = base;
        this.username = username;
        if (username != null) {
            token();
        }
    }

    private Http(String base, String username, String token) {
        this.base = base;
        this.username = username;
        this.token = token;
        this.renewAt = Long.MAX_VALUE;
    }

    /** Somebody who has a token already. */
    public static Http withToken(String base, String token) {
        return new Http(base, "bearer of a token", token);
    }

    private synchronized String token() {
        if (renewAt != Long.MAX_VALUE && System.nanoTime() - renewAt >= 0) {
            token = Login.token(base, username);
            renewAt = System.nanoTime() + RENEWAL.toNanos();
        }
        return token;
    }

    public Answer get(String path) {
        return send("GET", path, null);
    }

    public Answer post(String path, @Nullable Object body) {
        return send("POST", path, body);
    }

    public Answer delete(String path) {
        return send("DELETE", path, null);
    }

    public Answer put(String path, Object body) {
        return send("PUT", path, body);
    }

    private Answer send(String method, String path, @Nullable Object body) {
        try {
            return send(method, path, "application/json", body == null ? null : JSON.writeValueAsString(body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a body just as it is, for those who want to be misunderstood. */
    public Answer send(String method, String path, String contentType, @Nullable String body) {
        try {
            HttpResponse<String> answer = CLIENT.send(
                    request(path)
                            .header("Content-Type", contentType)
                            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
            boolean json = answer.headers()
                    .firstValue("Content-Type")
                    .filter(type -> type.contains("json"))
                    .isPresent();
            return new Answer(
                    answer.statusCode(),
                    json ? JSON.readTree(answer.body()) : MissingNode.getInstance(),
                    answer.body(),
                    answer.headers().firstValue("Content-Type").orElse(""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A request with the login, to be completed. */
    public HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        return username == null ? request : request.header("Authorization", "Bearer " + token());
    }

    /** @param json missing when the answer is no JSON */
    public record Answer(int status, JsonNode json, String text, String contentType) {

        public boolean isOk() {
            return status / 100 == 2;
        }

        /** @throws AssertionError unless it went well */
        public JsonNode ok() {
            if (!isOk()) {
                throw new AssertionError(status + " " + text);
            }
            return json;
        }

        /**
         * The problem details of a refusal (RFC 9457).
         *
         * @throws AssertionError unless it is one of this status that says what is wrong and how to mend it
         */
        public JsonNode refusal(int expected) {
            boolean problem = contentType.startsWith("application/problem+json")
                    && json.path("status").asInt() == status
                    && !json.path("detail").asText().isBlank()
                    && !json.path("remedy").asText().isBlank();
            if (status != expected || !problem) {
                throw new AssertionError(
                        "Not a problem of " + expected + ": " + status + " " + contentType + " " + text);
            }
            return json;
        }
    }
}
