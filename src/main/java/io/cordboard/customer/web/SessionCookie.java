package io.cordboard.customer.web;

import io.cordboard.customer.Account;
import io.cordboard.customer.web.Tokens.Token;
import io.cordboard.platform.PublicUrl;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.security.web.csrf.DefaultCsrfToken;
import org.springframework.stereotype.Component;

/**
 * The session of a browser: one signed cookie, so that every node knows it. Beside it lies a cookie that pages can read
 * and send back in the header {@code X-XSRF-TOKEN}; its value is computed from the session and needs no memory either.
 */
@Component
class SessionCookie implements CsrfTokenRepository {

    private static final String NAME = "cordboard_session";
    private static final String CSRF_NAME = "XSRF-TOKEN";
    private static final String CSRF_HEADER = "X-XSRF-TOKEN";
    private static final Duration RENEW_AFTER = Duration.ofMinutes(1);
    private static final String ATTRIBUTE = SessionCookie.class.getName();

    private final Tokens tokens;
    private final PublicUrl publicUrl;
    private final Clock clock;

    SessionCookie(Tokens tokens, PublicUrl publicUrl, Clock clock) {
        this.tokens = tokens;
        this.publicUrl = publicUrl;
        this.clock = clock;
    }

    /** Begins a session. */
    Token open(Account account, HttpServletRequest request, HttpServletResponse response) {
        var session = tokens.forPages(account);
        request.setAttribute(ATTRIBUTE, session);
        send(session, response);
        return session;
    }

    /** The session of a request, renewed when it is time. */
    Optional<Token> read(HttpServletRequest request, HttpServletResponse response) {
        var session = cookie(request, NAME).flatMap(tokens::ofPages);
        session.ifPresent(found -> {
            request.setAttribute(ATTRIBUTE, found);
            boolean old = clock.instant().isAfter(found.issuedAt().plus(RENEW_AFTER));
            if (old || cookie(request, CSRF_NAME).isEmpty()) {
                send(tokens.renewed(found), response);
            }
        });
        return session;
    }

    /** The session by which this request is logged in; empty for programs. */
    static Optional<Token> of(HttpServletRequest request) {
        return Optional.ofNullable((Token) request.getAttribute(ATTRIBUTE));
    }

    /** Ends the session of a request on all nodes. */
    void close(HttpServletRequest request, HttpServletResponse response) {
        of(request).ifPresent(tokens::end);
        request.removeAttribute(ATTRIBUTE);
        write(response, NAME, "", true, Duration.ZERO);
        write(response, CSRF_NAME, "", false, Duration.ZERO);
    }

    private void send(Token session, HttpServletResponse response) {
        var left = Duration.between(session.issuedAt(), session.expiresAt());
        write(response, NAME, session.text(), true, left);
        write(response, CSRF_NAME, tokens.csrfOf(session), false, left);
    }

    private void write(HttpServletResponse response, String name, String value, boolean httpOnly, Duration age) {
        var cookie = ResponseCookie.from(name, value)
                .path("/")
                .httpOnly(httpOnly)
                .secure(publicUrl.base().startsWith("https:"))
                .sameSite("Lax")
                .maxAge(age)
                .build();
        response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
    }

    private static Optional<String> cookie(HttpServletRequest request, String name) {
        return Stream.ofNullable(request.getCookies())
                .flatMap(Stream::of)
                .filter(cookie -> cookie.getName().equals(name))
                .map(Cookie::getValue)
                .findFirst();
    }

    @Override
    public CsrfToken generateToken(HttpServletRequest request) {
        return new DefaultCsrfToken(
                CSRF_HEADER, "_csrf", of(request).map(tokens::csrfOf).orElse("no session"));
    }

    @Override
    public void saveToken(@Nullable CsrfToken token, HttpServletRequest request, HttpServletResponse response) {
        // There is nothing to keep: the token follows from the session.
    }

    @Override
    public CsrfToken loadToken(HttpServletRequest request) {
        return generateToken(request);
    }
}
