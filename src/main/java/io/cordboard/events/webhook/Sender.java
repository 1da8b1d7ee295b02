package io.cordboard.events.webhook;

import io.cordboard.events.webhook.Destinations.Destination;
import io.cordboard.events.webhook.Destinations.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.BasicHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.io.DetachedSocketFactory;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.config.Lookup;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Sends one signed message over HTTP. The name of the subscriber's server is looked up once, and the connection goes to
 * the address that was checked. Redirects are not followed, no proxy is used, and of the answer little is read.
 */
final class Sender implements AutoCloseable {

    private static final int ANSWER_READ_AT_MOST = 4_096;
    private static final int ANSWER_KEPT_AT_MOST = 200;

    private final Destinations destinations;
    private final DetachedSocketFactory sockets;
    private final Lookup<TlsSocketStrategy> tls;
    private final Duration timeout;
    private final Clock clock;
    private final ScheduledThreadPoolExecutor deadlines;

    Sender(
            Destinations destinations,
            DetachedSocketFactory sockets,
            TlsSocketStrategy tls,
            WebhookSettings settings,
            Clock clock) {
        this.destinations = destinations;
        this.sockets = sockets;
        this.tls = RegistryBuilder.<TlsSocketStrategy>create()
                .register("https", tls)
                .build();
        this.timeout = settings.timeout();
        this.clock = clock;
        this.deadlines = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "webhook-deadlines");
            thread.setDaemon(true);
            return thread;
        });
        deadlines.setRemoveOnCancelPolicy(true);
    }

    /**
     * @param secrets each of them signs
     * @param body the JSON text
     */
    record Message(String url, String id, List<String> secrets, String body) {}

    /**
     * How an attempt went.
     *
     * @param status the HTTP status; null when there was no answer
     * @param error what went wrong, fit for the subscriber to read; null when it went well
     */
    record Result(@Nullable Integer status, @Nullable String error, Duration duration) {

        boolean isDelivered() {
            return error == null;
        }
    }

    /**
     * A message and what came back.
     *
     * @param status the HTTP status; null when there was no answer
     * @param body the beginning of the answer
     * @param error why there was no answer; null when there was one, whatever its status
     */
    record Exchange(@Nullable Integer status, String body, @Nullable String error, Duration duration) {}

    /** Never throws; takes little longer than the timeout. */
    Result send(Message message) {
        Exchange exchange = exchange(message, timeout, ANSWER_READ_AT_MOST);
        Integer status = exchange.status();
        String error = status == null ? exchange.error() : complaint(status, excerpt(exchange.body()));
        return new Result(status, error, exchange.duration());
    }

    /**
     * Never throws; takes little longer than {@code within}, unless the look-up of the name does.
     *
     * @param readAtMost how many bytes of the answer are of interest
     */
    Exchange exchange(Message message, Duration within, int readAtMost) {
        long start = System.nanoTime();
        AtomicBoolean late = new AtomicBoolean();
        Integer status = null;
        String body = "";
        String error = null;
        try {
            Destination destination = destinations.parse(message.url());
            Answer answer = post(destination, message, within, readAtMost, late);
            status = answer.status();
            body = answer.body();
        } catch (Refused refused) {
            error = refused.getMessage();
        } catch (IOException | RuntimeException e) {
            boolean tooLate = late.get() || e instanceof SocketTimeoutException;
            error = tooLate ? "There was no answer within " + within.toMillis() + " ms." : reason(e);
        }
        return new Exchange(status, body, error, Duration.ofNanos(System.nanoTime() - start));
    }

    private Answer post(Destination destination, Message message, Duration within, int readAtMost, AtomicBoolean late)
            throws IOException {
        HttpPost request = request(destination, message);
        ScheduledFuture<?> deadline = deadlines.schedule(
                () -> {
                    late.set(true);
                    request.abort();
                },
                within.toMillis(),
                TimeUnit.MILLISECONDS);
        try (CloseableHttpClient client = client(destinations.resolve(destination), within)) {
            ClassicHttpResponse response = client.executeOpen(host(destination), request, null);
            try {
                return new Answer(response.getCode(), beginning(response.getEntity(), readAtMost));
            } finally {
                // An ordinary end would read the rest of the answer first, and it may have none.
                request.abort();
            }
        } finally {
            deadline.cancel(false);
        }
    }

    private HttpPost request(Destination destination, Message message) {
        byte[] body = message.body().getBytes(StandardCharsets.UTF_8);
        long timestamp = clock.instant().getEpochSecond();
        HttpPost request = new HttpPost(destination.url());
        request.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
        request.setHeader("User-Agent", "Cordboard-Webhooks");
        request.setHeader("webhook-id", message.id());
        request.setHeader("webhook-timestamp", String.valueOf(timestamp));
        request.setHeader(
                "webhook-signature",
                message.secrets().stream()
                        .map(secret -> WebhookSecret.signature(secret, message.id(), timestamp, body))
                        .collect(Collectors.joining(" ")));
        return request;
    }

    private static HttpHost host(Destination destination) {
        String host = destination.host();
        boolean six = host.startsWith("[");
        return new HttpHost(
                destination.url().getScheme(), six ? host.substring(1, host.length() - 1) : host, destination.port());
    }

    /** For one delivery only, so that no connection is ever used for what it was not opened for. */
    private CloseableHttpClient client(InetAddress[] addresses, Duration within) {
        Timeout limit = Timeout.of(within);
        BasicHttpClientConnectionManager connection = new BasicHttpClientConnectionManager(
                new DefaultHttpClientConnectionOperator(sockets, null, new Pinned(addresses), tls),
                ManagedHttpClientConnectionFactory.builder()
                        .http1Config(Http1Config.custom()
                                .setMaxHeaderCount(100)
                                .setMaxLineLength(8_192)
                                .build())
                        .build());
        connection.setConnectionConfig(ConnectionConfig.custom()
                .setConnectTimeout(limit)
                .setSocketTimeout(limit)
                .build());
        return HttpClients.custom()
                .setConnectionManager(connection)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(limit)
                        .setProtocolUpgradeEnabled(false)
                        .build())
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .build();
    }

    private static String beginning(@Nullable HttpEntity entity, int atMost) throws IOException {
        InputStream content = entity == null ? null : entity.getContent();
        return content == null ? "" : new String(content.readNBytes(atMost), StandardCharsets.UTF_8);
    }

    private static String excerpt(String body) {
        String line = body.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() <= ANSWER_KEPT_AT_MOST ? line : line.substring(0, ANSWER_KEPT_AT_MOST) + "…";
    }

    private static @Nullable String complaint(int status, String excerpt) {
        if (status / 100 == 2) {
            return null;
        }
        String what = "The answer was " + status + (status / 100 == 3 ? ", and redirects are not followed" : "");
        return excerpt.isEmpty() ? what + "." : what + ": " + excerpt;
    }

    private static String reason(Exception e) {
        String detail = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        if (e instanceof UnknownHostException) {
            return "The name of the server cannot be found.";
        }
        if (e instanceof ConnectException) {
            return "No connection: " + detail;
        }
        if (e instanceof SSLException) {
            return "No secure connection: " + detail;
        }
        return "The connection broke: " + detail;
    }

    @Override
    public void close() {
        deadlines.shutdownNow();
    }

    private record Answer(int status, String body) {}

    /** Knows no other addresses than those that were checked. */
    private record Pinned(InetAddress[] addresses) implements DnsResolver {

        @Override
        public InetAddress[] resolve(String host) {
            return addresses.clone();
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }
}
