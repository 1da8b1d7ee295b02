package io.cordboard.provider.twilio;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.twilio.constant.EnumConstants.ContentType;
import com.twilio.http.HttpMethod;
import com.twilio.http.Request;
import com.twilio.http.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * How the SDK's requests get to Twilio, in place of the SDK's own client. That one repeats a failed {@code POST} up to
 * six times, which rings a customer as often, and does not keep the time limits it is given. Here every request is sent
 * once, within limits, to the server that the settings name.
 */
final class RestTransport extends com.twilio.http.HttpClient {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONGEST_WISH = Duration.ofMinutes(1);

    static {
        // An idle connection that a firewall on the way has forgotten would cost an answer.
        if (System.getProperty("jdk.httpclient.keepalive.timeout") == null) {
            System.setProperty("jdk.httpclient.keepalive.timeout", "30");
        }
    }

    private final HttpClient http;
    private final Supplier<String> baseUrl;
    private final Duration patience;

    /** @param baseUrl replaces scheme, host and port of Twilio and stands before its path; empty for Twilio itself */
    RestTransport(Supplier<String> baseUrl, Duration connect, Duration read) {
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(connect)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        this.baseUrl = baseUrl;
        this.patience = connect.plus(read);
    }

    /** Without the SDK's repetitions. */
    @Override
    public Response reliableRequest(Request request) {
        return makeRequest(request);
    }

    @Override
    public Response reliableRequest(Request request, int[] retryCodes, int retries, long delayMillis) {
        return makeRequest(request);
    }

    @Override
    public Response makeRequest(Request request) {
        var answer = http.sendAsync(translated(request), BodyHandlers.ofString());
        try {
            // A limit on the whole exchange: the client's own ends when the headers are there.
            var response = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() >= 300) {
                throw refused(
                        response.statusCode(),
                        response.body(),
                        response.headers().firstValue("Retry-After").orElse(null));
            }
            return new Response(response.body(), response.statusCode());
        } catch (ExecutionException failed) {
            var cause = failed.getCause() == null ? failed : failed.getCause();
            throw neverLeft(cause) ? RestTrouble.notSent(cause) : RestTrouble.answerLost(cause);
        } catch (TimeoutException slow) {
            answer.cancel(true);
            throw RestTrouble.answerLost(new TimeoutException("nothing for " + patience.toMillis() + " ms"));
        } catch (InterruptedException stopped) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw RestTrouble.answerLost(stopped);
        }
    }

    /**
     * Opens a file of the account. Waits for the answer's head no longer than for any other request.
     *
     * @param path below the server that the settings name, so that no address from outside decides where we go
     * @param range HTTP's {@code Range}; null for the whole file
     */
    HttpResponse<InputStream> open(String path, String authorization, @Nullable String range)
            throws IOException, InterruptedException {
        var base = baseUrl.get();
        var to = HttpRequest.newBuilder(URI.create((base.isEmpty() ? "https://api.twilio.com" : base) + path))
                .timeout(patience)
                .header("Authorization", authorization);
        if (range != null) {
            to.header("Range", range);
        }
        return http.send(to.GET().build(), BodyHandlers.ofInputStream());
    }

    private HttpRequest translated(Request request) {
        var to = HttpRequest.newBuilder(target(request)).timeout(patience);
        request.getHeaderParams().forEach((name, values) -> values.forEach(value -> to.header(name, value)));
        if (request.requiresAuthentication()) {
            to.header("Authorization", request.getAuthString());
        }
        to.setHeader("Accept", "application/json");
        if (request.getMethod() == HttpMethod.POST) {
            to.setHeader("Content-Type", ContentType.FORM_URLENCODED.getValue());
            return to.POST(BodyPublishers.ofString(request.encodeFormBody())).build();
        }
        return to.method(request.getMethod().toString().toUpperCase(Locale.ROOT), BodyPublishers.noBody())
                .build();
    }

    private URI target(Request request) {
        try {
            var genuine = request.constructURL().toURI();
            var base = baseUrl.get();
            if (base.isEmpty()) {
                return genuine;
            }
            var query = genuine.getRawQuery();
            return URI.create(base + genuine.getRawPath() + (query == null ? "" : "?" + query));
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException("The SDK made an address that is none", impossible);
        }
    }

    private static boolean neverLeft(Throwable cause) {
        return cause instanceof ConnectException
                || cause instanceof HttpConnectTimeoutException
                || cause instanceof UnknownHostException
                || cause instanceof SSLHandshakeException;
    }

    private static RestTrouble refused(int status, String body, @Nullable String retryAfter) {
        JsonNode error;
        try {
            error = JSON.readTree(body);
        } catch (JsonProcessingException notJson) {
            error = MissingNode.getInstance();
        }
        var message = error.path("message").asText("no reason given");
        return RestTrouble.answered(status, error.path("code").asInt(0), message, wish(retryAfter));
    }

    private static @Nullable Duration wish(@Nullable String retryAfter) {
        if (retryAfter == null || !retryAfter.strip().matches("\\d{1,6}")) {
            return null;
        }
        var wish = Duration.ofSeconds(Long.parseLong(retryAfter.strip()));
        return wish.compareTo(LONGEST_WISH) > 0 ? LONGEST_WISH : wish;
    }
}
