package io.cordboard.provider.twilio.webhook;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cordboard.platform.Problem;
import io.cordboard.platform.PublicUrl;
import io.cordboard.provider.twilio.TwilioSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The way in for Twilio, before everything else in the application: only what is signed for this very address with a
 * token of ours is looked at any further. Refusals say what is wrong and how to mend it; nothing of the request is
 * logged.
 */
final class WebhookGate extends OncePerRequestFilter {

    static final int LARGEST_BODY = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(WebhookGate.class);
    private static final Set<String> HOOKS = Set.of(
            "voice",
            "ask",
            "leg",
            "wait",
            "hold",
            "key",
            "queue",
            "conference",
            "left",
            "record",
            "recording",
            "transcription",
            "status");

    private final TwilioSettings settings;
    private final PublicUrl publicUrl;
    private final ObjectMapper json;
    private final MeterRegistry meters;

    WebhookGate(TwilioSettings settings, PublicUrl publicUrl, ObjectMapper json, MeterRegistry meters) {
        this.settings = settings;
        this.publicUrl = publicUrl;
        this.json = json;
        this.meters = meters;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var timer = Timer.start(meters);
        try {
            var refusal = examine(request);
            if (refusal == null) {
                chain.doFilter(request, response);
            } else {
                refuse(request, response, refusal);
            }
        } finally {
            timer.stop(meters.timer(
                    "cordboard.twilio.webhook", "hook", hook(request), "status", "" + response.getStatus()));
        }
    }

    private record Refusal(HttpStatus status, String detail, String remedy) {}

    private @Nullable Refusal examine(HttpServletRequest request) throws IOException {
        var missing = settings.missing();
        if (missing.isPresent()) {
            return new Refusal(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "Twilio is switched off: " + missing.get() + ".",
                    "Set it in the environment and start again.");
        }
        var body = body(request);
        if (body == null) {
            return new Refusal(
                    HttpStatus.PAYLOAD_TOO_LARGE,
                    "The body is larger than " + LARGEST_BODY + " bytes.",
                    "Twilio's webhooks never are: send less.");
        }
        var isForm = isForm(request);
        WebhookForm form;
        WebhookForm query;
        try {
            form = WebhookForm.parse(isForm ? new String(body, StandardCharsets.UTF_8) : "");
            query = WebhookForm.parse(
                    Optional.ofNullable(request.getQueryString()).orElse(""));
        } catch (IllegalArgumentException broken) {
            return unsigned(request, "malformed");
        }
        var signature = request.getHeader("X-Twilio-Signature");
        if (signature == null || signature.isBlank()) {
            return unsigned(request, "missing");
        }
        if (!isSigned(addressOf(request), signature, isForm, form, query, body)) {
            return unsigned(request, "wrong");
        }
        if (!"POST".equals(request.getMethod())) {
            return new Refusal(
                    HttpStatus.METHOD_NOT_ALLOWED,
                    "Webhooks are taken by POST only.",
                    "Set the number's webhook to HTTP POST.");
        }
        if (!isForm) {
            return new Refusal(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                    "The body is not a form.",
                    "Send application/x-www-form-urlencoded, as Twilio's voice webhooks are.");
        }
        var account = form.first("AccountSid");
        if (account.isEmpty() || !account.get().equals(settings.accountSid())) {
            return new Refusal(
                    HttpStatus.FORBIDDEN,
                    "The webhook is of another account than TWILIO_ACCOUNT_SID.",
                    "Point that account's numbers elsewhere.");
        }
        if (!hook(request).equals("conference") && form.first("CallSid").isEmpty()) {
            return new Refusal(
                    HttpStatus.BAD_REQUEST,
                    "The parameter CallSid is missing.",
                    "Send what Twilio's voice webhooks carry.");
        }
        request.setAttribute(
                Callback.ATTRIBUTE,
                new Callback(
                        request.getRequestURI(),
                        Optional.ofNullable(request.getQueryString()).orElse(""),
                        query,
                        form));
        return null;
    }

    private boolean isSigned(
            String url, String signature, boolean isForm, WebhookForm form, WebhookForm query, byte[] body) {
        var tokens = settings.authTokens();
        if (isForm || body.length == 0) {
            return TwilioSignature.signsForm(tokens, url, form, signature);
        }
        var hash = query.first("bodySHA256");
        return hash.isPresent() && TwilioSignature.signsBody(tokens, url, hash.get(), body, signature);
    }

    private Refusal unsigned(HttpServletRequest request, String how) {
        meters.counter("cordboard.twilio.signature.refused", "why", how).increment();
        LOG.warn("A webhook for {} was refused: its signature is {}", hook(request), how);
        return new Refusal(
                HttpStatus.FORBIDDEN,
                "The signature is " + how + ".",
                "Twilio signs the exact address it calls with the account's auth token: check TWILIO_AUTH_TOKEN, and"
                        + " CORDBOARD_PUBLIC_URL or the proxy's X-Forwarded headers.");
    }

    /** The address as Twilio called it: by the setting, else as the request (and a trusted proxy, to Tomcat) says. */
    private String addressOf(HttpServletRequest request) {
        var base = publicUrl.isConfigured() ? publicUrl.base() : ownAddress(request);
        var query = request.getQueryString();
        return base + request.getRequestURI() + (query == null ? "" : "?" + query);
    }

    private static String ownAddress(HttpServletRequest request) {
        var port = request.getServerPort();
        var usual = port == (request.isSecure() ? 443 : 80) || port <= 0;
        return request.getScheme() + "://" + request.getServerName() + (usual ? "" : ":" + port);
    }

    /** Null when it is too large. */
    private static byte @Nullable [] body(HttpServletRequest request) throws IOException {
        if (request.getContentLengthLong() > LARGEST_BODY) {
            return null;
        }
        var body = request.getInputStream().readNBytes(LARGEST_BODY + 1);
        return body.length > LARGEST_BODY ? null : body;
    }

    private static boolean isForm(HttpServletRequest request) {
        try {
            return request.getContentType() != null
                    && MediaType.APPLICATION_FORM_URLENCODED.isCompatibleWith(
                            MediaType.parseMediaType(request.getContentType()));
        } catch (InvalidMediaTypeException none) {
            return false;
        }
    }

    /** One of ours, so that nobody can fill the metrics with names. */
    private static String hook(HttpServletRequest request) {
        var path = request.getRequestURI();
        var last = path.substring(path.lastIndexOf('/') + 1);
        return HOOKS.contains(last) ? last : "unknown";
    }

    private void refuse(HttpServletRequest request, HttpServletResponse response, Refusal refusal) throws IOException {
        var problem = Problem.details(refusal.status(), refusal.detail(), refusal.remedy());
        problem.setInstance(URI.create(request.getRequestURI()));
        response.setStatus(refusal.status().value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        if (refusal.status() == HttpStatus.METHOD_NOT_ALLOWED) {
            response.setHeader("Allow", "POST");
        }
        response.getOutputStream().write(json.writeValueAsBytes(problem));
    }
}
