package io.cordboard.events.webhook;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;

/** Somebody's server that receives events over real HTTP and keeps what it was sent. */
public final class Subscriber implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "subscriber");
        thread.setDaemon(true);
        return thread;
    });
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private volatile Answer answer = (message, exchange) -> exchange.sendResponseHeaders(204, -1);

    public Subscriber() {
        this(null);
    }

    /** @param tls with the server's certificate; null for plain HTTP */
    Subscriber(SSLContext tls) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try {
            if (tls == null) {
                server = HttpServer.create(address, 0);
            } else {
                HttpsServer secure = HttpsServer.create(address, 0);
                secure.setHttpsConfigurator(new HttpsConfigurator(tls));
                server = secure;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::receive);
        server.start();
    }

    /** How it answers a message. */
    public interface Answer {

        void to(Received message, HttpExchange exchange) throws IOException;
    }

    /** One message as it arrived. */
    public record Received(
            String path, String id, String timestamp, String signatures, String contentType, String body) {

        public JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        public String type() {
            return json().get("event_type").asText();
        }

        /** Whether one of the signatures was made with this secret, checked as docs/webhooks.md tells subscribers to. */
        public boolean isSignedWith(String secret) {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                byte[] key = Base64.getDecoder().decode(secret.replaceFirst("^whsec_", ""));
                mac.init(new SecretKeySpec(key, "HmacSHA256"));
                byte[] expected = mac.doFinal((id + "." + timestamp + "." + body).getBytes(StandardCharsets.UTF_8));
                return List.of(signatures.split(" "))
                        .contains("v1," + Base64.getEncoder().encodeToString(expected));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Received message = new Received(
                    exchange.getRequestURI().toString(),
                    header(exchange, "webhook-id"),
                    header(exchange, "webhook-timestamp"),
                    header(exchange, "webhook-signature"),
                    header(exchange, "Content-Type"),
                    body);
            received.add(message);
            answer.to(message, exchange);
        }
    }

    private static String header(HttpExchange exchange, String name) {
        return String.valueOf(exchange.getRequestHeaders().getFirst(name));
    }

    public String url() {
        return "http://127.0.0.1:" + address().getPort() + "/events?from=cordboard";
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    public Subscriber answers(int status) {
        return answers((message, exchange) -> exchange.sendResponseHeaders(status, -1));
    }

    public Subscriber answers(Answer how) {
        answer = how;
        return this;
    }

    public List<Received> received() {
        return received;
    }

    public List<String> types() {
        return received.stream().map(Received::type).toList();
    }

    /** Waits until so many messages have arrived. */
    public List<Received> gets(int messages) {
        await("messages at the subscriber").atMost(PATIENCE).until(() -> received.size() >= messages);
        return received;
    }

    /** Waits for the first message of a type. */
    public Received gets(String type) {
        await(type).atMost(PATIENCE).until(() -> types().contains(type));
        return received.stream()
                .filter(message -> message.type().equals(type))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
