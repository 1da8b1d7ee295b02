package io.cordboard.platform.web;

import io.cordboard.platform.Problem;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.servlet.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.HtmlUtils;

/** What is refused outside of our controllers, by a filter or by the web server: a page for people, problem details for programs. */
@RestController
@Hidden
@RequestMapping("${server.error.path:/error}")
class ErrorPages implements ErrorController {

    @RequestMapping(produces = MediaType.TEXT_HTML_VALUE)
    ResponseEntity<String> page(HttpServletRequest request) {
        ProblemDetail problem = problem(request);
        String html =
                """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width">
                <title>%1$s · Cordboard</title>
                <style>
                body { font: 1rem/1.5 system-ui, sans-serif; margin: 15vh auto; max-width: 32rem; padding: 0 1rem; color-scheme: light dark }
                </style>
                </head>
                <body>
                <main>
                <h1>%1$s</h1>
                <p>%2$s</p>
                <p><a href="/">To the start page</a></p>
                </main>
                </body>
                </html>
                """
                        .formatted(escaped(problem.getTitle()), escaped(problem.getDetail()));
        return ResponseEntity.status(problem.getStatus()).body(html);
    }

    @RequestMapping
    ResponseEntity<ProblemDetail> problemDetails(HttpServletRequest request) {
        ProblemDetail problem = problem(request);
        return ResponseEntity.status(problem.getStatus())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }

    private static ProblemDetail problem(HttpServletRequest request) {
        HttpStatus status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
                ? HttpStatus.valueOf(code)
                : HttpStatus.NOT_FOUND;
        return switch (status) {
            case UNAUTHORIZED ->
                Problem.details(
                        status,
                        "Nobody is logged in.",
                        "Log in on the start page, or send a token from POST /v1/login as Authorization: Bearer.");
            case FORBIDDEN ->
                Problem.details(
                        status, "This needs another role, or a token against forged requests is missing.", null);
            case NOT_FOUND ->
                Problem.details(status, "There is nothing at this address.", "The API is listed at /v3/api-docs.");
            default ->
                Problem.details(
                        status,
                        status.is5xxServerError()
                                ? "Cordboard made a mistake. The log has the details."
                                : "The request cannot be answered: " + status.getReasonPhrase() + ".",
                        null);
        };
    }

    private static String escaped(@Nullable String text) {
        return HtmlUtils.htmlEscape(text == null ? "" : text);
    }
}
