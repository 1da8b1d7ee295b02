package io.cordboard.platform.web;

import static io.cordboard.platform.Problem.details;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import jakarta.servlet.http.HttpServletRequest;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.MessageSourceResolvable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.validation.FieldError;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/**
 * Every error of the API as RFC 9457 problem details: what is wrong, and in {@code remedy} how to mend it. What is our
 * own fault says nothing of its inside, but names an id under which the log has all of it.
 */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
class ProblemAdvice extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    /** PostgreSQL: character_not_in_repertoire, untranslatable_character. */
    private static final Set<String> UNKEEPABLE = Set.of("22021", "22P05");

    /** One field of the request that cannot be accepted as it is. */
    record Field(String field, String problem) {}

    @Override
    protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(
            MethodArgumentNotValidException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        List<Field> fields = e.getBindingResult().getAllErrors().stream()
                .map(error -> new Field(
                        error instanceof FieldError field ? field.getField() : error.getObjectName(),
                        Objects.requireNonNullElse(error.getDefaultMessage(), "is not valid")))
                .toList();
        return answer(invalid(fields), headers, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHandlerMethodValidationException(
            HandlerMethodValidationException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        List<Field> fields = e.getParameterValidationResults().stream()
                .flatMap(result -> result.getResolvableErrors().stream()
                        .map(MessageSourceResolvable::getDefaultMessage)
                        .map(message -> new Field(
                                Objects.requireNonNullElse(
                                        result.getMethodParameter().getParameterName(), "parameter"),
                                Objects.requireNonNullElse(message, "is not valid"))))
                .toList();
        return answer(invalid(fields), headers, request);
    }

    private static ProblemDetail invalid(List<Field> fields) {
        ProblemDetail problem = details(
                HttpStatus.BAD_REQUEST,
                "The request has fields that cannot be accepted: "
                        + fields.stream().map(Field::field).distinct().collect(Collectors.joining(", ")) + ".",
                "Mend the fields listed in \"fields\" and send the request again.");
        problem.setProperty("fields", fields);
        return problem;
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof RequestTooLarge tooLarge) {
                return answer(tooLarge.details(), headers, request);
            }
        }
        return answer(unreadable(e.getCause()), headers, request);
    }

    private static ProblemDetail unreadable(@Nullable Throwable cause) {
        if (cause instanceof InvalidFormatException wrong) {
            Class<?> wanted = wrong.getTargetType();
            return details(
                    HttpStatus.BAD_REQUEST,
                    "The value of \"" + path(wrong) + "\" is not a valid " + wanted.getSimpleName() + ".",
                    wanted.isEnum()
                            ? "Send one of " + Arrays.toString(wanted.getEnumConstants()) + "."
                            : "Send a value of the type that /v3/api-docs names for this field.");
        }
        if (cause instanceof JsonMappingException wrong && !wrong.getPath().isEmpty()) {
            return details(
                    HttpStatus.BAD_REQUEST,
                    "The value of \"" + path(wrong) + "\" does not fit.",
                    "Send the fields as /v3/api-docs describes them.");
        }
        if (cause instanceof JsonProcessingException wrong && wrong.getLocation() != null) {
            return details(
                    HttpStatus.BAD_REQUEST,
                    "The body is not valid JSON: line " + wrong.getLocation().getLineNr() + ", column "
                            + wrong.getLocation().getColumnNr() + ".",
                    "Send a JSON object as /v3/api-docs describes it.");
        }
        return details(
                HttpStatus.BAD_REQUEST,
                "The body of the request is missing or cannot be read.",
                "Send a JSON object as /v3/api-docs describes it.");
    }

    private static String path(JsonMappingException e) {
        return e.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                .collect(Collectors.joining("."));
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpRequestMethodNotSupported(
            HttpRequestMethodNotSupportedException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        String[] allowed = e.getSupportedMethods();
        return answer(
                details(
                        HttpStatus.METHOD_NOT_ALLOWED,
                        "This address does not answer to " + e.getMethod() + ".",
                        allowed == null ? null : "Use " + String.join(" or ", allowed) + "."),
                headers,
                request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMediaTypeNotSupported(
            HttpMediaTypeNotSupportedException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return answer(
                details(
                        HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                        e.getContentType() == null
                                ? "The request does not say of which type its body is."
                                : "A body of type " + e.getContentType() + " is not understood here.",
                        "Send " + MediaType.toString(e.getSupportedMediaTypes()) + " and name it in Content-Type."),
                headers,
                request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleNoResourceFoundException(
            NoResourceFoundException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return answer(
                details(
                        HttpStatus.NOT_FOUND,
                        "There is nothing at /" + e.getResourcePath() + ".",
                        "The addresses of the API are listed at /v3/api-docs."),
                headers,
                request);
    }

    @ExceptionHandler
    @Nullable
    ResponseEntity<Object> handle(MethodArgumentTypeMismatchException e, WebRequest request) {
        return answer(
                details(
                        HttpStatus.BAD_REQUEST,
                        "The value of \"" + e.getName() + "\" does not fit.",
                        "Send a value of the type that /v3/api-docs names for it."),
                new HttpHeaders(),
                request);
    }

    @ExceptionHandler
    @Nullable
    ResponseEntity<Object> handle(MultipartException e, WebRequest request) {
        return answer(
                details(
                        HttpStatus.BAD_REQUEST,
                        "The body says that it has several parts, and they cannot be told apart.",
                        "Send a body of the type that /v3/api-docs names and say so in Content-Type."),
                new HttpHeaders(),
                request);
    }

    @ExceptionHandler
    @Nullable
    ResponseEntity<Object> handle(RequestTooLarge e, WebRequest request) {
        return answer(e.details(), new HttpHeaders(), request);
    }

    @ExceptionHandler({
        DataAccessResourceFailureException.class,
        TransientDataAccessException.class,
        CannotCreateTransactionException.class
    })
    @Nullable
    ResponseEntity<Object> handleDatabase(Exception e, HttpServletRequest http, WebRequest request) {
        log.error(
                "{} {} failed, the database is busy or down: {}", http.getMethod(), http.getRequestURI(), e.toString());
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, "2");
        return answer(
                details(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "The database is not available at the moment. Nothing was changed.",
                        "Send the request again in a few seconds."),
                headers,
                request);
    }

    @ExceptionHandler
    @Nullable
    ResponseEntity<Object> handleUnexpected(Exception e, HttpServletRequest http, WebRequest request) throws Exception {
        if (e instanceof AccessDeniedException || e instanceof AuthenticationException) {
            // Spring Security answers these.
            throw e;
        }
        if (hasCharacterThatCannotBeKept(e)) {
            return answer(
                    details(
                            HttpStatus.BAD_REQUEST,
                            "The request contains a character that cannot be kept, such as NUL. Nothing was changed.",
                            "Leave out the character U+0000."),
                    new HttpHeaders(),
                    request);
        }
        UUID id = UUID.randomUUID();
        log.error("Error {}: {} {} failed", id, http.getMethod(), http.getRequestURI(), e);
        ProblemDetail problem = details(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "Cordboard made a mistake. It is in the log under " + id + ".",
                "Tell the person who runs Cordboard this id.");
        problem.setProperty("errorId", id);
        return answer(problem, new HttpHeaders(), request);
    }

    /** PostgreSQL has no NUL in texts; it may come in by any field of a request and is noticed only there. */
    private static boolean hasCharacterThatCannotBeKept(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException refused && UNKEEPABLE.contains(refused.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    private @Nullable ResponseEntity<Object> answer(ProblemDetail problem, HttpHeaders headers, WebRequest request) {
        return createResponseEntity(problem, headers, HttpStatusCode.valueOf(problem.getStatus()), request);
    }

    @Override
    protected ResponseEntity<Object> createResponseEntity(
            @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (status.is4xxClientError() && body instanceof ProblemDetail problem && !hasRemedy(problem)) {
            problem.setProperty("remedy", "Send the request as /v3/api-docs describes it.");
        }
        HttpHeaders all = new HttpHeaders(headers);
        all.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        return new ResponseEntity<>(body, all, status);
    }

    private static boolean hasRemedy(ProblemDetail problem) {
        Map<String, Object> properties = problem.getProperties();
        return properties != null && properties.containsKey("remedy");
    }
}
