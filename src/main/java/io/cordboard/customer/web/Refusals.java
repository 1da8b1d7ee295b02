package io.cordboard.customer.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cordboard.customer.Login;
import io.cordboard.platform.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.stereotype.Component;

/** What somebody is told who may not: pages are led to the login, programs get problem details (RFC 9457). */
@Component
class Refusals implements AuthenticationEntryPoint, AccessDeniedHandler {

    private final ObjectMapper json;

    Refusals(ObjectMapper json) {
        this.json = json;
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException because)
            throws IOException {
        if (isForAPage(request)) {
            response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            response.setStatus(HttpStatus.FOUND.value());
            response.setHeader(
                    HttpHeaders.LOCATION, "/login?next=" + URLEncoder.encode(here(request), StandardCharsets.UTF_8));
            return;
        }
        // Basic is understood where tools need it, but never asked for: a browser that was once told the password would
        // repeat it for forms of other sites.
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        boolean tried = request.getHeader(HttpHeaders.AUTHORIZATION) != null;
        write(
                Problem.details(
                        HttpStatus.UNAUTHORIZED,
                        tried
                                ? "The login in the Authorization header is wrong or has expired."
                                : "Nobody is logged in.",
                        "Get a token with POST /v1/login {\"username\": …, \"password\": …} and repeat this request with"
                                + " the header \"Authorization: Bearer <token>\". In a browser, log in at /login."),
                request,
                response);
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException because)
            throws IOException {
        if (isForAPage(request)) {
            response.sendError(HttpStatus.FORBIDDEN.value());
            return;
        }
        write(
                because instanceof CsrfException
                        ? Problem.details(
                                HttpStatus.FORBIDDEN,
                                "A change by a browser's session needs the header X-XSRF-TOKEN.",
                                "Send the value of the cookie XSRF-TOKEN in it, or reload the page; programs use a bearer"
                                        + " token instead.")
                        : Problem.details(
                                HttpStatus.FORBIDDEN,
                                "The role of this account does not allow this.",
                                "Log in with an account that may do it, or ask an administrator."),
                request,
                response);
    }

    void tooManyLogins(Login.TooMany tooMany, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setHeader(HttpHeaders.RETRY_AFTER, seconds(tooMany));
        write(tooMany(tooMany), request, response);
    }

    void outOfScope(String needed, HttpServletRequest request, HttpServletResponse response) throws IOException {
        write(
                Problem.details(
                        HttpStatus.FORBIDDEN,
                        "This API token does not have the scope " + needed + ".",
                        "Make one that has it with POST /v1/tokens."),
                request,
                response);
    }

    static String seconds(Login.TooMany tooMany) {
        return Long.toString(tooMany.retryAfter().toSeconds());
    }

    static ProblemDetail tooMany(Login.TooMany tooMany) {
        return Problem.details(
                HttpStatus.TOO_MANY_REQUESTS,
                "There were too many wrong passwords.",
                "Try again in " + seconds(tooMany) + " seconds.");
    }

    static ProblemDetail refused() {
        return Problem.details(
                HttpStatus.UNAUTHORIZED,
                "The user name or the password is wrong.",
                "Check both and try again; an administrator can set a new password.");
    }

    private void write(ProblemDetail problem, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        problem.setInstance(URI.create(request.getRequestURI()));
        response.setStatus(problem.getStatus());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        json.writeValue(response.getOutputStream(), problem);
    }

    /** Somebody looks at it, as opposed to a script or a program. */
    private static boolean isForAPage(HttpServletRequest request) {
        var accept = request.getHeader(HttpHeaders.ACCEPT);
        return request.getMethod().equals("GET") && accept != null && accept.contains("text/html");
    }

    /** Where to come back to: always a path of ours, since it is the one that was asked for. */
    private static String here(HttpServletRequest request) {
        var query = request.getQueryString();
        return request.getRequestURI() + (query == null ? "" : "?" + query);
    }
}
