package io.cordboard.ops;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A running Cordboard, by its API. */
final class Node {

    static final ObjectMapper JSON = new ObjectMapper();

    private static final Duration PATIENCE_TO_CONNECT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LARGEST_PAGE = 200;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE_TO_CONNECT).build();
    private final String base;
    private @Nullable String token;

    /** @param base its address, such as {@code http://localhost:8080} */
    Node(String base) {
        this.base = base.replaceFirst("/+$", "");
    }

    /** From now on requests are those of whoever has this token. */
    void use(String bearer) {
        token = bearer;
    }

    /** @return who logged in, with the token */
    JsonNode logIn(String username, String password) {
        return post("/v1/login", Map.of("username", username, "password", password));
    }

    JsonNode get(String path) {
        return send("GET", path, null);
    }

    JsonNode post(String path, @Nullable Object body) {
        return send("POST", path, body);
    }

    /**
     * A list that the API gives out in pieces, as one.
     *
     * @param limit how many at most; what is beyond has its {@code next}, as in the API
     */
    ObjectNode list(String path, int limit) {
        ArrayNode items = JSON.createArrayNode();
        String cursor = "";
        do {
            String page =
                    path + (path.contains("?") ? "&" : "?") + "limit=" + Math.min(LARGEST_PAGE, limit - items.size())
                            + (cursor.isEmpty() ? "" : "&cursor=" + encoded(cursor));
            JsonNode piece = get(page);
            piece.path("items").forEach(items::add);
            cursor = piece.path("next").asText("");
        } while (!cursor.isEmpty() && items.size() < limit);
        ObjectNode all = JSON.createObjectNode();
        all.set("items", items);
        if (!cursor.isEmpty()) {
            all.put("next", cursor);
        }
        return all;
    }

    /** Something that the API does to many things, until nothing is left or nothing more can be done. */
    ObjectNode all(String path) {
        ArrayNode ids = JSON.createArrayNode();
        JsonNode done;
        do {
            done = post(path, null);
            done.path("ids").forEach(ids::add);
        } while (done.path("count").asInt() > 0 && done.path("left").asInt() > 0);
        ObjectNode all = JSON.createObjectNode();
        all.put("count", ids.size());
        all.set("ids", ids);
        all.set("left", done.path("left"));
        return all;
    }

    /** A part of a path, whatever somebody typed. */
    static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private JsonNode send(String method, String path, @Nullable Object body) {
        HttpResponse<String> answer = exchange(request(method, path, body));
        JsonNode json = json(answer.body());
        if (answer.statusCode() / 100 == 2) {
            return json;
        }
        String detail = json.path("detail").asText("");
        throw new Refused(
                detail.isEmpty() ? base + " answered with status " + answer.statusCode() + "." : detail,
                json.path("remedy").asText(null));
    }

    private HttpRequest request(String method, String path, @Nullable Object body) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                    .timeout(PATIENCE)
                    .header("Accept", "application/json, application/problem+json");
            if (token != null) {
                request.header("Authorization", "Bearer " + token);
            }
            if (body == null) {
                return request.method(method, BodyPublishers.noBody()).build();
            }
            return request.header("Content-Type", "application/json")
                    .method(method, BodyPublishers.ofString(JSON.writeValueAsString(body)))
                    .build();
        } catch (IllegalArgumentException | JsonProcessingException notAnAddress) {
            throw new Unreachable(
                    base + " is not an address of a Cordboard: it looks like http://localhost:8080.", notAnAddress);
        }
    }

    private HttpResponse<String> exchange(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException nobodyThere) {
            throw new Unreachable(
                    "Cannot reach " + base + ": " + reason(nobodyThere)
                            + "\nIs Cordboard running there? --url or CORDBOARD_URL names another address.",
                    nobodyThere);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Unreachable("Stopped while waiting for " + base + ".", stopped);
        }
    }

    private static String reason(IOException trouble) {
        if (trouble instanceof ConnectException) {
            return "nobody listens there.";
        }
        String message = trouble.getMessage();
        return message == null || message.isBlank() ? trouble.getClass().getSimpleName() : message;
    }

    /** What is no JSON, such as the page of a proxy, says nothing. */
    private static JsonNode json(String text) {
        try {
            return text.isBlank() ? MissingNode.getInstance() : JSON.readTree(text);
        } catch (JsonProcessingException page) {
            return MissingNode.getInstance();
        }
    }
}
