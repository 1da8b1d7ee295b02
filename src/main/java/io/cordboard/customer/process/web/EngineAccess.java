package io.cordboard.customer.process.web;

import io.cordboard.customer.Account;
import io.cordboard.customer.Role;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.TaskService;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * In front of both REST interfaces of the engine: {@code /engine-rest} and that of the web applications. Tells the engine
 * who asks, and forgets it afterwards. Agents, and all people of customers that do not run this installation, are let
 * through to what Tasklist needs and to nothing else, and because the engine checks no rights on comments and attachments,
 * those of other people's tasks are closed here.
 */
class EngineAccess extends OncePerRequestFilter {

    private static final Pattern API = Pattern.compile("(?:/engine-rest|/camunda/api/engine)(?:/engine/[^/]+)?(/.*|)");
    private static final Pattern UNCHECKED =
            Pattern.compile("/(?:task|process-instance)/([^/]+)/(?:comment|attachment)(?:/.*)?");
    private static final String ID = "/[^/]+";

    private static final List<Pattern> READ_BY_AGENTS = compiled(
            "(?:/engine)?/?",
            "/filter(?:/count)?",
            "/filter" + ID + "(?:/list|/count|/singleResult)?",
            "/task(?:/count)?",
            "/task" + ID,
            "/task" + ID
                    + "/(?:form|deployed-form|rendered-form|form-variables|variables|comment|identity-links|attachment)",
            "/task" + ID + "/(?:variables|comment)" + ID,
            "/process-definition" + ID,
            "/process-definition" + ID + "/(?:xml|diagram)",
            "/history/user-operation(?:/count)?",
            "/identity/groups",
            "/authorization/check",
            "/user" + ID + "/profile",
            "/version");
    private static final List<Pattern> DONE_BY_AGENTS = compiled(
            "/filter/count",
            "/filter" + ID + "/(?:list|count|singleResult)",
            "/task(?:/count)?",
            "/task" + ID + "/(?:complete|submit-form|claim|comment/create)");

    private final IdentityService identity;
    private final TaskService tasks;

    EngineAccess(IdentityService identity, TaskService tasks) {
        this.identity = identity;
        this.tasks = tasks;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication == null || !(authentication.getPrincipal() instanceof Account account)) {
            refuse(HttpStatus.UNAUTHORIZED, "Login needed", "Log in first.", response);
            return;
        }
        if (!mayAsk(account, request)) {
            refuse(
                    HttpStatus.FORBIDDEN,
                    "Not allowed",
                    account.role() == account.roleInEngine()
                            ? "Your role (" + account.role().column()
                                    + ") does not allow this, or the task is not yours."
                            : "Models and processes are shared by all customers: only people of the operator may do this.",
                    response);
            return;
        }
        identity.setAuthentication(
                account.username(), List.of(account.roleInEngine().column()), List.of());
        try {
            chain.doFilter(request, response);
        } finally {
            identity.clearAuthentication();
        }
    }

    private boolean mayAsk(Account account, HttpServletRequest request) {
        Role role = account.roleInEngine();
        if (role == Role.ADMIN) {
            return true;
        }
        if (role == Role.GUEST) {
            return false;
        }
        var path = API.matcher(URLDecoder.decode(request.getRequestURI().replace("+", "%2B"), StandardCharsets.UTF_8));
        if (!path.matches()) {
            return role != Role.AGENT;
        }
        String resource = path.group(1);
        boolean reads = List.of("GET", "HEAD", "OPTIONS").contains(request.getMethod());
        var unchecked = UNCHECKED.matcher(resource);
        if (unchecked.matches() && !(reads && role != Role.AGENT)) {
            return isAssignee(account, unchecked.group(1))
                    && (role != Role.AGENT || isForAgents(resource, reads, request));
        }
        return role != Role.AGENT || isForAgents(resource, reads, request);
    }

    private static boolean isForAgents(String resource, boolean reads, HttpServletRequest request) {
        // Tasklist asks what may be started; the answer is: nothing.
        boolean asksWhatMayStart = reads
                && resource.matches("/process-definition(?:/count)?")
                && "true".equals(request.getParameter("startablePermissionCheck"));
        boolean reading = reads
                && READ_BY_AGENTS.stream()
                        .anyMatch(known -> known.matcher(resource).matches());
        boolean doing = request.getMethod().equals("POST")
                && DONE_BY_AGENTS.stream()
                        .anyMatch(known -> known.matcher(resource).matches());
        return asksWhatMayStart || reading || doing;
    }

    private boolean isAssignee(Account account, String task) {
        return tasks.createTaskQuery()
                        .taskId(task)
                        .taskAssignee(account.username())
                        .count()
                == 1;
    }

    private static void refuse(HttpStatus status, String title, String detail, HttpServletResponse response)
            throws IOException {
        response.setStatus(status.value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.getWriter()
                .write("{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\",\"message\":\"%s\"}"
                        .formatted(title, status.value(), detail, detail));
    }

    private static List<Pattern> compiled(String... patterns) {
        return List.of(patterns).stream().map(Pattern::compile).toList();
    }
}
