package io.cordboard.simulator.carrier;

import io.cordboard.simulator.carrier.Faults.Fault;
import io.cordboard.simulator.carrier.TruthLog.What;
import java.io.ByteArrayOutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Sends the network's requests to the product: signed, with Twilio's timeouts and retries, and with the faults asked for. */
final class Webhooks implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final int LATEST_REORDERED_MS = 2_000;
    private static final int DEFAULT_DELAY_MS = 1_000;

    /** What a webhook is for; the word is used in fault rules and in the log. */
    enum Kind {
        VOICE,
        WAIT,
        STATUS,
        CONFERENCE,
        RECORDING,
        TRANSCRIPTION,
        AMD;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    record Webhook(Kind kind, @Nullable String call, String url, String method, Map<String, String> fields) {}

    /** How it went; exactly one of answer and trouble. */
    sealed interface Outcome permits Answered, Failed {}

    record Answered(int status, String contentType, String body) implements Outcome {

        boolean successful() {
            return status >= 200 && status < 300;
        }
    }

    /** @param trouble {@code ct} no connection, {@code rt} no answer in time */
    record Failed(String trouble, String detail) implements Outcome {}

    private final ExecutorService executor = Executors.newFixedThreadPool(2, Webhooks::daemon);
    private final ScheduledExecutorService delays = Executors.newSingleThreadScheduledExecutor(Webhooks::daemon);
    private final HttpClient client;
    private final Signature signature;
    private final Timeline timeline;
    private final TruthLog log;
    private final Faults faults;
    private final Map<Kind, Runnable> heldBack = new HashMap<>();

    Webhooks(String authToken, Timeline timeline, TruthLog log, Faults faults) {
        this.signature = new Signature(authToken);
        this.timeline = timeline;
        this.log = log;
        this.faults = faults;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(CONNECT_TIMEOUT)
                .executor(executor)
                .build();
    }

    private static Thread daemon(Runnable task) {
        var thread = new Thread(task, "simulated-carrier-webhooks");
        thread.setDaemon(true);
        return thread;
    }

    /** Sends it and forgets it. */
    void notify(Webhook webhook) {
        send(webhook, outcome -> {});
    }

    /** Sends it; the outcome arrives on the timeline. */
    void send(Webhook webhook, Consumer<Outcome> then) {
        var copies = 1;
        var delay = 0;
        var heldBack = false;
        for (var rule : faults.strike("webhook:" + webhook.kind().word())) {
            log.add(
                    What.FAULT,
                    webhook.call(),
                    "fault",
                    rule.fault().word(),
                    "on",
                    "webhook:" + webhook.kind().word());
            if (rule.fault() == Fault.LOSE) {
                timeline.tell(() -> then.accept(new Failed("rt", "lost by a fault rule")));
                return;
            }
            copies = rule.fault() == Fault.DUPLICATE ? rule.copiesOr(2) : copies;
            delay = rule.fault() == Fault.DELAY ? rule.millisecondsOr(DEFAULT_DELAY_MS) : delay;
            heldBack = heldBack || rule.fault() == Fault.REORDER;
        }
        var delivery = new Delivery(webhook, then);
        var times = copies;
        Runnable deliver = () -> {
            for (var copy = 1; copy < times; copy++) {
                new Delivery(webhook, delivery.token, outcome -> {}).attempt(0);
            }
            delivery.attempt(0);
        };
        if (heldBack) {
            holdBack(webhook.kind(), deliver);
        } else if (delay > 0) {
            delays.schedule(deliver, delay, TimeUnit.MILLISECONDS);
        } else {
            deliver.run();
            release(webhook.kind());
        }
    }

    private synchronized void holdBack(Kind kind, Runnable deliver) {
        release(kind);
        heldBack.put(kind, deliver);
        delays.schedule(
                () -> {
                    synchronized (this) {
                        if (heldBack.remove(kind, deliver)) {
                            deliver.run();
                        }
                    }
                },
                LATEST_REORDERED_MS,
                TimeUnit.MILLISECONDS);
    }

    private synchronized void release(Kind kind) {
        var waiting = heldBack.remove(kind);
        if (waiting != null) {
            waiting.run();
        }
    }

    @Override
    public void close() {
        delays.shutdownNow();
        executor.shutdownNow();
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** One webhook on its way, with its retries. */
    private final class Delivery {

        private final Webhook webhook;
        private final String token;
        private final Consumer<Outcome> then;
        private final ConnectionOverrides overrides;
        private final long startedNanos = System.nanoTime();

        private Delivery(Webhook webhook, Consumer<Outcome> then) {
            this(webhook, UUID.randomUUID().toString(), then);
        }

        private Delivery(Webhook webhook, String token, Consumer<Outcome> then) {
            this.webhook = webhook;
            this.token = token;
            this.then = then;
            this.overrides = ConnectionOverrides.of(webhook.url());
        }

        private void attempt(int retry) {
            var attemptNanos = System.nanoTime();
            log.add(
                    What.WEBHOOK_SENT,
                    webhook.call(),
                    "kind",
                    webhook.kind().word(),
                    "url",
                    webhook.url(),
                    "attempt",
                    retry + 1,
                    "parameters",
                    webhook.fields());
            var limit = min(overrides.readTimeout(), left());
            CompletableFuture<HttpResponse<byte[]>> response;
            try {
                response = client.sendAsync(request(limit), info -> new CappedBody());
            } catch (IllegalArgumentException badUrl) {
                finish(new Failed("url", String.valueOf(badUrl.getMessage())), attemptNanos);
                return;
            }
            response.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS).whenComplete((answer, failure) -> {
                var outcome = answer != null
                        ? new Answered(
                                answer.statusCode(),
                                answer.headers().firstValue("Content-Type").orElse(""),
                                new String(answer.body(), StandardCharsets.UTF_8))
                        : failed(failure);
                if (retry < overrides.retries() && worthRetrying(outcome) && !left().isNegative()) {
                    logOutcome(outcome, attemptNanos);
                    attempt(retry + 1);
                } else {
                    finish(outcome, attemptNanos);
                }
            });
        }

        private HttpRequest request(Duration limit) {
            var url = ConnectionOverrides.withoutFragment(webhook.url());
            var get = webhook.method().equalsIgnoreCase("GET");
            if (get && !webhook.fields().isEmpty()) {
                url += (url.indexOf('?') < 0 ? "?" : "&") + form(webhook.fields());
            }
            var request = HttpRequest.newBuilder(URI.create(url))
                    .timeout(limit)
                    .header("X-Twilio-Signature", signature.of(url, get ? Map.of() : webhook.fields()))
                    .header("I-Twilio-Idempotency-Token", token)
                    .header("User-Agent", "TwilioProxy/1.1")
                    .header("Accept", "*/*");
            return get
                    ? request.build()
                    : request.header("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
                            .POST(HttpRequest.BodyPublishers.ofString(form(webhook.fields())))
                            .build();
        }

        private Duration left() {
            return overrides.totalTime().minusNanos(System.nanoTime() - startedNanos);
        }

        private boolean worthRetrying(Outcome outcome) {
            if (outcome instanceof Answered answered) {
                return (answered.status() >= 500 && overrides.retriesOn("5xx"))
                        || (answered.status() >= 400 && answered.status() < 500 && overrides.retriesOn("4xx"));
            }
            return outcome instanceof Failed failed && overrides.retriesOn(failed.trouble());
        }

        private Failed failed(@Nullable Throwable failure) {
            var cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            var late = (cause instanceof HttpTimeoutException && !(cause instanceof HttpConnectTimeoutException))
                    || cause instanceof TimeoutException;
            return new Failed(
                    late ? "rt" : "ct",
                    cause instanceof ConnectException ? "connection refused" : String.valueOf(cause));
        }

        private void finish(Outcome outcome, long attemptNanos) {
            logOutcome(outcome, attemptNanos);
            timeline.tell(() -> then.accept(outcome));
        }

        private void logOutcome(Outcome outcome, long attemptNanos) {
            var milliseconds =
                    Duration.ofNanos(System.nanoTime() - attemptNanos).toMillis();
            if (outcome instanceof Answered answered) {
                log.add(
                        What.WEBHOOK_ANSWERED,
                        webhook.call(),
                        "kind",
                        webhook.kind().word(),
                        "status",
                        answered.status(),
                        "milliseconds",
                        milliseconds);
            } else if (outcome instanceof Failed failed) {
                log.add(
                        What.WEBHOOK_FAILED,
                        webhook.call(),
                        "kind",
                        webhook.kind().word(),
                        "trouble",
                        failed.trouble(),
                        "detail",
                        failed.detail(),
                        "milliseconds",
                        milliseconds);
            }
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other.isNegative() ? Duration.ofMillis(1) : other;
    }

    /** Takes no more of an answer than the largest TwiML document plus a byte, so that "too large" can be told. */
    private static final class CappedBody implements BodySubscriber<byte[]> {

        private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private Flow.@Nullable Subscription subscription;

        @Override
        public CompletionStage<byte[]> getBody() {
            return whole;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            this.subscription = subscription;
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (var buffer : buffers) {
                var chunk = new byte[Math.min(buffer.remaining(), Twiml.MAX_SIZE + 1 - bytes.size())];
                buffer.get(chunk);
                bytes.writeBytes(chunk);
            }
            if (bytes.size() > Twiml.MAX_SIZE && subscription != null) {
                subscription.cancel();
                whole.complete(bytes.toByteArray());
            }
        }

        @Override
        public void onError(Throwable failure) {
            whole.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            whole.complete(bytes.toByteArray());
        }
    }
}
