package io.cordboard.simulator.carrier;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.twilio.security.RequestValidator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Plays the product: answers TwiML, remembers every webhook and has the SDK check each signature. */
final class Product implements AutoCloseable {

    record Request(String path, Map<String, String> fields, Map<String, String> headers) {

        String field(String name) {
            return fields.get(name);
        }
    }

    record Reply(int status, String contentType, String body, int afterMs) {

        static Reply twiml(String verbs) {
            return new Reply(200, "application/xml", "<Response>" + verbs + "</Response>", 0);
        }

        static Reply status(int status) {
            return new Reply(status, "text/html", "no", 0);
        }
    }

    /** One number of the account and the documents behind it. */
    final class Line {

        private final String name;
        private final String number;

        private Line(int index) {
            this.name = "line" + index;
            this.number = "+1555010%04d".formatted(index);
        }

        String number() {
            return number;
        }

        String url(String document) {
            return base() + "/" + name + "/" + document;
        }

        /** What stands inside Response when this document is asked for. */
        Line answers(String document, String verbs) {
            return answers(document, request -> Reply.twiml(verbs));
        }

        Line answers(String document, Function<Request, Reply> reply) {
            replies.put("/" + name + "/" + document, reply);
            return this;
        }

        List<Request> requests(String document) {
            return Product.this.requests.stream()
                    .filter(request -> request.path().equals("/" + name + "/" + document))
                    .toList();
        }

        /** The first request for this document, when it has come. */
        Request request(String document) {
            CarrierTest.eventually().until(() -> !requests(document).isEmpty());
            return requests(document).get(0);
        }
    }

    private final Map<String, Function<Request, Reply>> replies = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Request> badSignatures = new CopyOnWriteArrayList<>();
    private final AtomicInteger lines = new AtomicInteger();
    private final RequestValidator validator;
    private final HttpServer server;

    Product(String authToken) {
        this.validator = new RequestValidator(authToken);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        } catch (IOException noPort) {
            throw new IllegalStateException(noPort);
        }
        server.setExecutor(Executors.newFixedThreadPool(16, task -> {
            var thread = new Thread(task, "product");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", this::handle);
        server.start();
    }

    String base() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    Line line(Network network, String twiml) {
        var line = new Line(lines.incrementAndGet());
        line.answers("voice", twiml);
        network.put(
                "/simulator/api/numbers/" + line.number(),
                "{\"voiceUrl\":\"%s\",\"statusCallback\":\"%s\"}".formatted(line.url("voice"), line.url("status")));
        return line;
    }

    List<Request> badSignatures() {
        return badSignatures;
    }

    void forgetBadSignatures() {
        badSignatures.clear();
    }

    private void handle(HttpExchange exchange) throws IOException {
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var query = exchange.getRequestURI().getRawQuery();
        var form = fields(body);
        var headers = new LinkedHashMap<String, String>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name.toLowerCase(), values.get(0)));
        var all = new LinkedHashMap<>(form);
        all.putAll(fields(query == null ? "" : query));
        var request = new Request(exchange.getRequestURI().getPath(), all, headers);
        var url = base() + exchange.getRequestURI();
        if (!validator.validate(url, form, headers.getOrDefault("x-twilio-signature", ""))) {
            badSignatures.add(request);
        }
        requests.add(request);
        var reply = replies.getOrDefault(request.path(), any -> new Reply(204, "text/plain", "", 0))
                .apply(request);
        if (reply.afterMs() > 0) {
            try {
                Thread.sleep(reply.afterMs());
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
        var bytes = reply.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", reply.contentType());
        exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private static Map<String, String> fields(String form) {
        var fields = new LinkedHashMap<String, String>();
        for (var pair : form.split("&")) {
            if (!pair.isEmpty()) {
                var equals = pair.indexOf('=');
                fields.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            }
        }
        return fields;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
