package io.cordboard.simulator.carrier.web;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cordboard.simulator.carrier.Carrier;
import io.cordboard.simulator.carrier.Faults.Rule;
import io.cordboard.simulator.carrier.Refusal;
import io.cordboard.simulator.carrier.TruthLog.What;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;

/** What every REST request passes: the account's credentials, the faults asked for, and the truth log. */
final class Gate extends OncePerRequestFilter {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int DEFAULT_LATENCY_MS = 1_000;

    private final Carrier carrier;

    Gate(Carrier carrier) {
        this.carrier = carrier;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var startedNanos = System.nanoTime();
        if (!authentic(request)) {
            response.setHeader("WWW-Authenticate", "Basic realm=\"Twilio API\"");
            refuse(response, Refusal.unauthenticated());
        } else if (!carrier.api().owns(request.getRequestURI())) {
            refuse(response, Refusal.notFound(request.getRequestURI()));
        } else {
            withFaults(request, response, chain);
        }
        carrier.log()
                .add(
                        What.REST_REQUEST,
                        null,
                        "kind",
                        kind(request),
                        "method",
                        request.getMethod(),
                        "path",
                        request.getRequestURI(),
                        "parameters",
                        parameters(request),
                        "status",
                        request.getAttribute(ConnectionCutter.CUT) == null ? response.getStatus() : null,
                        "cut",
                        request.getAttribute(ConnectionCutter.CUT),
                        "milliseconds",
                        (System.nanoTime() - startedNanos) / 1_000_000);
    }

    private boolean authentic(HttpServletRequest request) {
        var header = request.getHeader("Authorization");
        if (header == null || !header.regionMatches(true, 0, "Basic ", 0, 6)) {
            return false;
        }
        try {
            var pair = new String(Base64.getDecoder().decode(header.substring(6).strip()), StandardCharsets.UTF_8);
            var colon = pair.indexOf(':');
            return colon > 0 && carrier.api().authentic(pair.substring(0, colon), pair.substring(colon + 1));
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private void withFaults(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var kind = "rest:" + kind(request);
        var lostReply = false;
        for (var rule : carrier.faults().strike(kind)) {
            carrier.log().add(What.FAULT, null, "fault", rule.fault(), "on", kind);
            switch (rule.fault()) {
                case LATENCY -> pause(rule);
                case ERROR -> {
                    refuse(response, Refusal.fault(rule.statusOr(500)));
                    return;
                }
                case CUT -> {
                    request.setAttribute(ConnectionCutter.CUT, "before execution");
                    return;
                }
                case LOST_REPLY -> lostReply = true;
                default -> {}
            }
        }
        if (lostReply) {
            chain.doFilter(request, new ContentCachingResponseWrapper(response));
            request.setAttribute(ConnectionCutter.CUT, "after execution");
        } else {
            chain.doFilter(request, response);
        }
    }

    private static void pause(Rule rule) {
        try {
            Thread.sleep(rule.millisecondsOr(DEFAULT_LATENCY_MS));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    static void refuse(HttpServletResponse response, Refusal refusal) throws IOException {
        response.setStatus(refusal.status());
        response.setContentType("application/json");
        response.getOutputStream().write(JSON.writeValueAsBytes(error(refusal)));
    }

    /** Twilio's error object. */
    static Map<String, Object> error(Refusal refusal) {
        var error = new LinkedHashMap<String, Object>();
        error.put("code", refusal.code());
        error.put("message", String.valueOf(refusal.getMessage()));
        error.put("more_info", "https://www.twilio.com/docs/errors/" + refusal.code());
        error.put("status", refusal.status());
        return error;
    }

    private static Map<String, Object> parameters(HttpServletRequest request) {
        var parameters = new LinkedHashMap<String, Object>();
        request.getParameterMap()
                .forEach((name, values) -> parameters.put(name, values.length == 1 ? values[0] : List.of(values)));
        return parameters;
    }

    /** calls.create, participants.update, recordings.read …: the last collection in the path, and what is done with it. */
    static String kind(HttpServletRequest request) {
        var path = request.getRequestURI().split("/");
        String collection = null;
        var single = false;
        for (var i = 0; i < path.length; i++) {
            var name = collection(path[i]);
            if (name != null && i > 0) {
                collection = name;
                single = !path[i].endsWith(".json");
            }
        }
        var does =
                switch (request.getMethod()) {
                    case "POST" -> single ? "update" : "create";
                    case "DELETE" -> "delete";
                    default -> "read";
                };
        return (collection == null ? "other" : collection) + "." + does;
    }

    private static @Nullable String collection(String segment) {
        return switch (segment.endsWith(".json") ? segment.substring(0, segment.length() - 5) : segment) {
            case "Calls" -> "calls";
            case "Conferences" -> "conferences";
            case "Participants" -> "participants";
            case "Recordings" -> "recordings";
            case "IncomingPhoneNumbers" -> "numbers";
            case "Queues" -> "queues";
            case "Members" -> "members";
            default -> null;
        };
    }
}
