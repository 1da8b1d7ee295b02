package io.cordboard.customer.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.cordboard.customer.Account;
import io.cordboard.customer.AuditLog;
import io.cordboard.customer.Role;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Writes down what people with power do, by whatever door: every change, and every look into a call or a recording; a look by
 * way of the engine once in ten minutes.
 */
class AuditTrail extends OncePerRequestFilter {

    private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);
    /** A page that tells every five seconds that it is open changes nothing worth a line. */
    private static final Pattern CHANGES = Pattern.compile(
            "(POST|PUT|PATCH|DELETE) (/v1/(?!session|login|agents/[^/]+/presence).*|/(engine-rest|camunda/api)/(.*/)?deployment/.*)"
                    + "|(PUT|PATCH|DELETE) /(engine-rest|camunda/api)/.*");

    private static final Pattern LOOKS = Pattern.compile("GET /v1/(calls/[^/]+|voicemails/[^/]+/recording)");

    /** What shows processes, and with them calls, in Cockpit and by the engine's own interface. */
    private static final Pattern LOOKS_IN_ENGINE = Pattern.compile(
            "(GET|POST) (/engine-rest(/engine/[^/]+)?|/camunda/api/engine/engine/[^/]+|/camunda/api/cockpit/plugin/[^/]+/[^/]+)"
                    + "/(history|process-instance|execution|variable-instance|task)(/.*)?");

    /** Cockpit asks a dozen things for one page, again and again. */
    private static final Duration SAME_LOOK = Duration.ofMinutes(10);

    private final AuditLog log;
    private final Cache<String, Boolean> looks = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(SAME_LOOK)
            .build();

    AuditTrail(AuditLog log) {
        this.log = log;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, response);
        } finally {
            var login = SecurityContextHolder.getContext().getAuthentication();
            if (login != null && login.getPrincipal() instanceof Account who && who.role() != Role.AGENT) {
                note(who, request, response.getStatus());
            }
        }
    }

    private void note(Account who, HttpServletRequest request, int status) {
        String action = request.getMethod() + " " + request.getRequestURI();
        if (!CHANGES.matcher(action).matches() && !(who.role().supervises() && looksAtCalls(who, action))) {
            return;
        }
        try {
            log.add(who, action, status, request.getRemoteAddr());
        } catch (DataAccessException e) {
            LOG.warn("{} by {} could not be written down", action, who.id(), e);
        }
    }

    private boolean looksAtCalls(Account who, String action) {
        return LOOKS.matcher(action).matches()
                || LOOKS_IN_ENGINE.matcher(action).matches()
                        && looks.asMap().putIfAbsent(who.id() + " " + action, true) == null;
    }
}
