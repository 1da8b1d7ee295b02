package io.cordboard.customer.web;

import io.cordboard.customer.Login;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import java.util.regex.Pattern;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Tasklist, Cockpit and Admin have a log-in form and a log-out button of their own. Both come to our login: a session
 * begun there is one of ours, and one ended there is ended everywhere.
 */
class WebappDoor extends OncePerRequestFilter {

    private static final Pattern LOGIN = Pattern.compile("/camunda/api/admin/auth/user/[^/]+/login/[^/]+/?");
    private static final Pattern LOGOUT = Pattern.compile("/camunda/api/admin/auth/user/[^/]+/logout/?");

    private final Login login;
    private final SessionCookie sessions;
    private final Refusals refusals;

    WebappDoor(Login login, SessionCookie sessions, Refusals refusals) {
        this.login = login;
        this.sessions = sessions;
        this.refusals = refusals;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getMethod().equals(HttpMethod.POST.name());
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String path = request.getRequestURI();
        if (LOGIN.matcher(path).matches()) {
            enter(request, response, chain);
            return;
        }
        if (LOGOUT.matcher(path).matches()) {
            sessions.close(request, response);
        }
        chain.doFilter(request, response);
    }

    private void enter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if ("cross-site".equals(request.getHeader("Sec-Fetch-Site"))) {
            response.setStatus(HttpStatus.FORBIDDEN.value());
            return;
        }
        var outcome = login.check(
                Objects.requireNonNullElse(request.getParameter("username"), ""),
                Objects.requireNonNullElse(request.getParameter("password"), ""),
                request.getRemoteAddr());
        if (outcome instanceof Login.Welcome welcome) {
            sessions.open(welcome.account(), request, response);
            SecurityContextHolder.setContext(new SecurityContextImpl(new LoggedIn(welcome.account())));
            chain.doFilter(new WhoAmI(request), response);
        } else if (outcome instanceof Login.TooMany tooMany) {
            refusals.tooManyLogins(tooMany, request, response);
        } else {
            response.setStatus(HttpStatus.UNAUTHORIZED.value());
        }
    }

    /** The password is checked already: what is left of the request is the question which applications it opened. */
    private static final class WhoAmI extends HttpServletRequestWrapper {

        private WhoAmI(HttpServletRequest login) {
            super(login);
        }

        @Override
        public String getMethod() {
            return HttpMethod.GET.name();
        }

        @Override
        public String getRequestURI() {
            return super.getRequestURI().replaceFirst("/login/[^/]+/?$", "");
        }

        @Override
        public StringBuffer getRequestURL() {
            return new StringBuffer(super.getRequestURL().toString().replaceFirst("/login/[^/]+/?$", ""));
        }

        @Override
        public String getPathInfo() {
            return super.getPathInfo().replaceFirst("/login/[^/]+/?$", "");
        }
    }
}
