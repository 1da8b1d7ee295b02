package io.cordboard.customer.web;

import io.cordboard.customer.Account;
import io.cordboard.customer.ApiTokens;
import io.cordboard.customer.Login;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Finds out whose request this is: by a bearer token, by user name and password where tools can do nothing else
 * (Camunda Modeler, Prometheus), or by the session of a browser. What it does not recognise stays anonymous; the table
 * of paths decides whether that is enough.
 */
class RecogniseAccount extends OncePerRequestFilter {

    private final Tokens tokens;
    private final ApiTokens apiTokens;
    private final SessionCookie sessions;
    private final Login login;
    private final Refusals refusals;
    private final RequestMatcher takesPasswords;

    RecogniseAccount(
            Tokens tokens,
            ApiTokens apiTokens,
            SessionCookie sessions,
            Login login,
            Refusals refusals,
            RequestMatcher takesPasswords) {
        this.tokens = tokens;
        this.apiTokens = apiTokens;
        this.sessions = sessions;
        this.login = login;
        this.refusals = refusals;
        this.takesPasswords = takesPasswords;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Optional<Account> account;
        var authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (authorization == null) {
            account = sessions.read(request, response).map(Tokens.Token::account);
        } else if (authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            String text = authorization.substring(7).strip();
            if (text.startsWith(ApiTokens.PREFIX)) {
                var bearer = apiTokens.recognise(text);
                if (bearer.isPresent() && !bearer.orElseThrow().token().allows(area(request), isReading(request))) {
                    refusals.outOfScope(area(request) + (isReading(request) ? ":read" : ":write"), request, response);
                    return;
                }
                account = bearer.map(ApiTokens.Bearer::account);
            } else {
                account = tokens.ofProgram(text).map(Tokens.Token::account);
            }
        } else if (authorization.regionMatches(true, 0, "Basic ", 0, 6) && takesPasswords.matches(request)) {
            var outcome = withPassword(authorization.substring(6).strip(), request);
            if (outcome instanceof Login.TooMany tooMany) {
                refusals.tooManyLogins(tooMany, request, response);
                return;
            }
            account = outcome instanceof Login.Welcome welcome ? Optional.of(welcome.account()) : Optional.empty();
        } else {
            account = Optional.empty();
        }
        account.ifPresent(known -> SecurityContextHolder.setContext(new SecurityContextImpl(new LoggedIn(known))));
        chain.doFilter(request, response);
    }

    /** What scopes name: the part of the API, the engine's interface, or the management endpoints. */
    private static String area(HttpServletRequest request) {
        String[] path = request.getRequestURI().split("/");
        String first = path.length > 1 ? path[1] : "";
        return first.equals("v1") && path.length > 2 ? path[2] : first;
    }

    private static boolean isReading(HttpServletRequest request) {
        return request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
    }

    private Login.Outcome withPassword(String encoded, HttpServletRequest request) {
        String pair;
        try {
            pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notBase64) {
            return new Login.Refused();
        }
        int colon = pair.indexOf(':');
        return colon < 0
                ? new Login.Refused()
                : login.check(pair.substring(0, colon), pair.substring(colon + 1), request.getRemoteAddr());
    }
}
