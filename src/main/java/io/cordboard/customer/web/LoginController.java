package io.cordboard.customer.web;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.cordboard.customer.Account;
import io.cordboard.customer.Login;
import io.cordboard.customer.web.Tokens.Token;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Logging in: programs get a token, pages a session. */
@RestController
@Tag(name = "Login")
class LoginController {

    private final Login login;
    private final Tokens tokens;
    private final SessionCookie sessions;
    private final JdbcClient jdbc;

    LoginController(Login login, Tokens tokens, SessionCookie sessions, JdbcClient jdbc) {
        this.login = login;
        this.tokens = tokens;
        this.sessions = sessions;
        this.jdbc = jdbc;
    }

    @Operation(summary = "Log in a program", description = "The token is for the header Authorization: Bearer.")
    @ApiResponse(
            responseCode = "200",
            description = "Who is logged in, and the token.",
            content = @Content(schema = @Schema(implementation = Me.class)))
    @ApiResponse(responseCode = "401", description = "The user name or the password is wrong.")
    @ApiResponse(responseCode = "429", description = "Too many wrong passwords; Retry-After says how long to wait.")
    @SecurityRequirements
    @PostMapping(path = "/v1/login", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<?> login(@Valid @RequestBody Credentials given, HttpServletRequest request) {
        return program(login.check(given.username, given.password, request.getRemoteAddr()));
    }

    @Operation(
            summary = "Log in the guest agent",
            description = "With the token that was shown on the server's console, once.")
    @ApiResponse(
            responseCode = "200",
            description = "Who is logged in, and the token.",
            content = @Content(schema = @Schema(implementation = Me.class)))
    @ApiResponse(responseCode = "401", description = "The token never was, was used, or is too old.")
    @ApiResponse(responseCode = "429", description = "Too many wrong tokens; Retry-After says how long to wait.")
    @SecurityRequirements
    @PostMapping(path = "/v1/login/recovery", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<?> recover(@Valid @RequestBody RecoveryToken given, HttpServletRequest request) {
        return program(login.recover(given.token, request.getRemoteAddr()));
    }

    private ResponseEntity<?> program(Login.Outcome outcome) {
        if (outcome instanceof Login.Welcome welcome) {
            var token = tokens.forProgram(welcome.account());
            return ResponseEntity.ok()
                    .cacheControl(CacheControl.noStore())
                    .body(me(welcome.account(), token.text(), null, token));
        }
        return notIn(outcome);
    }

    @Operation(summary = "Log in a page", description = "Sets the session cookie.")
    @ApiResponse(
            responseCode = "204",
            description = "The cookies cordboard_session and XSRF-TOKEN are set.",
            content = @Content)
    @ApiResponse(responseCode = "401", description = "The user name or the password is wrong.")
    @ApiResponse(responseCode = "429", description = "Too many wrong passwords; Retry-After says how long to wait.")
    @SecurityRequirements
    @PostMapping(path = "/v1/session", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<?> open(
            @Valid @RequestBody Credentials given, HttpServletRequest request, HttpServletResponse response) {
        var outcome = login.check(given.username, given.password, request.getRemoteAddr());
        if (outcome instanceof Login.Welcome welcome) {
            sessions.open(welcome.account(), request, response);
            return ResponseEntity.noContent()
                    .cacheControl(CacheControl.noStore())
                    .build();
        }
        return notIn(outcome);
    }

    @Operation(summary = "Who am I?")
    @GetMapping("/v1/session")
    ResponseEntity<Me> who(@AuthenticationPrincipal Account account, HttpServletRequest request) {
        var session = SessionCookie.of(request);
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(me(account, null, session.map(tokens::csrfOf).orElse(null), session.orElse(null)));
    }

    @Operation(summary = "Log out a page")
    @DeleteMapping("/v1/session")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void close(HttpServletRequest request, HttpServletResponse response) {
        sessions.close(request, response);
    }

    private static ResponseEntity<ProblemDetail> notIn(Login.Outcome outcome) {
        if (outcome instanceof Login.TooMany tooMany) {
            return ResponseEntity.status(HttpStatus.TOO_MANY_REQUESTS)
                    .header(HttpHeaders.RETRY_AFTER, Refusals.seconds(tooMany))
                    .body(Refusals.tooMany(tooMany));
        }
        return ResponseEntity.status(HttpStatus.UNAUTHORIZED)
                .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
                .body(Refusals.refused());
    }

    private Me me(Account account, @Nullable String token, @Nullable String csrfToken, @Nullable Token login) {
        UUID id = account.id().value();
        return new Me(
                id,
                account.name(),
                account.username(),
                jdbc.sql("SELECT coalesce(engaged, chosen) FROM agent WHERE id = :id")
                        .param("id", id)
                        .query(String.class)
                        .single(),
                account.role().permission(),
                account.role().column(),
                account.operator(),
                account.customer().value(),
                jdbc.sql("SELECT name FROM customer WHERE id = :id")
                        .param("id", account.customer().value())
                        .query(String.class)
                        .single(),
                jdbc.sql("SELECT tag FROM agent_tag WHERE agent_id = :id ORDER BY tag")
                        .param("id", id)
                        .query(String.class)
                        .list(),
                jdbc.sql("SELECT kind, value FROM agent_address WHERE agent_id = :id ORDER BY id")
                        .param("id", id)
                        .query((row, number) -> new Address(row.getString("kind"), row.getString("value")))
                        .list(),
                token,
                csrfToken,
                login == null ? null : login.expiresAt());
    }

    /** User name and password. */
    record Credentials(@NotBlank @Size(max = 256) String username, @NotBlank @Size(max = 1024) String password) {

        @Override
        public String toString() {
            return "Credentials";
        }
    }

    record RecoveryToken(@NotBlank @Size(max = 256) String token) {

        @Override
        public String toString() {
            return "RecoveryToken";
        }
    }

    /**
     * Who is logged in.
     *
     * @param permission {@code ADMIN} or {@code USER}
     * @param operator whether they are of the customer that runs the installation
     * @param token only for programs that just logged in
     * @param csrfToken only for pages: to be sent as {@code X-XSRF-TOKEN} with every change
     * @param expiresAt when this login ends unless it is used (pages) or renewed (programs)
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Me(
            UUID id,
            String name,
            String username,
            String status,
            String permission,
            String role,
            boolean operator,
            UUID customerId,
            String customerName,
            List<String> tagIds,
            List<Address> addresses,
            @Nullable String token,
            @Nullable String csrfToken,
            @Nullable Instant expiresAt) {}

    /** Where an agent can be called. */
    record Address(String kind, String value) {}
}
