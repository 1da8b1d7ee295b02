package io.cordboard.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;

/** Logs in at a running application, the way programs and pages do. All accounts of the tests have one password. */
public final class Login {

    /** Of admin and of everybody in the demo data. */
    public static final String PASSWORD = "correct-horse-battery";

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    private Login() {}

    /**
     * For the header {@code Authorization: Bearer}.
     *
     * @param base where the application listens, such as {@code http://localhost:1234}
     */
    public static String token(String base, String username) {
        var answer = post(base + "/v1/login", username, PASSWORD, "127.0.0.1");
        if (answer.statusCode() != 200) {
            throw new AssertionError("Login of " + username + ": " + answer.statusCode() + " " + answer.body());
        }
        try {
            return JSON.readTree(answer.body()).get("token").asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A browser's session. */
    public static Session session(String base, String username) {
        var answer = post(base + "/v1/session", username, PASSWORD, "127.0.0.1");
        if (answer.statusCode() != 204) {
            throw new AssertionError("Login of " + username + ": " + answer.statusCode() + " " + answer.body());
        }
        return new Session(cookie(answer, "cordboard_session"), cookie(answer, "XSRF-TOKEN"));
    }

    /**
     * A login as it is, right or wrong.
     *
     * @param from the address of the caller; wrong passwords are counted by address, so give your own
     */
    public static HttpResponse<String> post(String url, String username, String password, String from) {
        try {
            var body = JSON.writeValueAsString(Map.of("username", username, "password", password));
            return HTTP.send(
                    HttpRequest.newBuilder(URI.create(url))
                            .header("Content-Type", "application/json")
                            .header("X-Forwarded-For", from)
                            .POST(BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The value of a cookie that an answer sets. */
    public static String cookie(HttpResponse<?> answer, String name) {
        return answer.headers().allValues("Set-Cookie").stream()
                .filter(cookie -> cookie.startsWith(name + "="))
                .map(cookie -> cookie.substring(name.length() + 1, cookie.indexOf(';')))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No cookie " + name));
    }

    /**
     * What a browser holds after the login.
     *
     * @param csrf to be sent as {@code X-XSRF-TOKEN} with every change
     */
    public record Session(String cookie, String csrf) {

        /** The header {@code Cookie}. */
        public String header() {
            return "cordboard_session=" + cookie + "; XSRF-TOKEN=" + csrf;
        }
    }
}
