package io.cordboard.customer.web;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.cordboard.customer.Account;
import io.cordboard.customer.ApiTokens;
import io.cordboard.customer.ApiTokens.ApiToken;
import io.cordboard.platform.Page;
import io.cordboard.platform.Problem;
import io.cordboard.shared.AgentId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Long-lived tokens of programs. Everybody has their own; administrators see and revoke those of their customer. */
@RestController
@RequestMapping("/v1/tokens")
@Tag(name = "API tokens")
class TokensController {

    private static final int USUAL_DAYS = 90;

    private final ApiTokens tokens;

    TokensController(ApiTokens tokens) {
        this.tokens = tokens;
    }

    @GetMapping
    @Operation(summary = "List API tokens", description = "Your own; an administrator's list has all of the customer.")
    Page<TokenJson> list(@AuthenticationPrincipal Account me) {
        return Page.whole(tokens.list(me.customer(), whose(me)).stream()
                .map(token -> TokenJson.of(token, null))
                .toList());
    }

    @PostMapping
    @Operation(
            summary = "Make an API token",
            description =
                    "It acts as you as far as its scopes go: all, read, or an area of the API with :read or :write,"
                            + " for example calls:read. The token itself is in this answer only.")
    @ApiResponse(responseCode = "201")
    @ApiResponse(responseCode = "409", description = "You have too many.")
    @ApiResponse(responseCode = "422", description = "There is no such scope.")
    ResponseEntity<TokenJson> create(@AuthenticationPrincipal Account me, @Valid @RequestBody NewToken wanted) {
        wanted.scopes.stream()
                .filter(scope -> !ApiTokens.SCOPE.matcher(scope).matches())
                .findFirst()
                .ifPresent(wrong -> {
                    throw Problem.of(
                            HttpStatus.UNPROCESSABLE_ENTITY,
                            "There is no scope " + wrong + ".",
                            "Send all, read, or an area of the API with :read or :write, for example calls:read.");
                });
        int days = wanted.expiresInDays == null ? USUAL_DAYS : wanted.expiresInDays;
        var made = tokens.create(me, wanted.name, wanted.scopes, Duration.ofDays(days))
                .orElseThrow(() -> Problem.conflict(
                        "You have " + ApiTokens.AT_MOST + " tokens, which is as many as there can be.",
                        "Revoke one with DELETE /v1/tokens/{id}."));
        return ResponseEntity.status(HttpStatus.CREATED)
                .cacheControl(CacheControl.noStore())
                .body(TokenJson.of(made.token(), made.secret()));
    }

    @DeleteMapping("/{id}")
    @Operation(summary = "Revoke an API token", description = "It is refused on all nodes within five seconds.")
    @ApiResponse(responseCode = "204")
    @ApiResponse(responseCode = "404", description = "You have no such token.")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revoke(@AuthenticationPrincipal Account me, @PathVariable UUID id) {
        if (!tokens.revoke(id, me.customer(), whose(me))) {
            throw Problem.notFound("There is no token " + id + " of yours.", "GET /v1/tokens lists them.");
        }
    }

    private static @Nullable AgentId whose(Account me) {
        return me.role().administers() ? null : me.id();
    }

    /** @param expiresInDays 1 to 365; null for 90 */
    @JsonNaming(SnakeCaseStrategy.class)
    @Schema(name = "NewApiToken")
    record NewToken(
            @Schema(example = "Dashboard in the hall") @NotBlank @Size(max = 100) String name,
            @Schema(example = "[\"calls:read\"]") @NotEmpty @Size(max = 30)
                    List<@NotBlank @Size(max = 50) String> scopes,
            @Schema(example = "90") @Nullable @Min(1) @Max(365) Integer expiresInDays) {}

    /**
     * @param token only when it was just made
     * @param owner user name of the account it acts as
     */
    @JsonNaming(SnakeCaseStrategy.class)
    @Schema(name = "ApiToken")
    record TokenJson(
            UUID id,
            String name,
            @Schema(example = "charles") String owner,
            List<String> scopes,
            Instant createdAt,
            Instant expiresAt,
            @Nullable String token) {

        static TokenJson of(ApiToken token, @Nullable String secret) {
            return new TokenJson(
                    token.id(),
                    token.name(),
                    token.owner(),
                    token.scopes().stream().sorted().toList(),
                    token.createdAt(),
                    token.expiresAt(),
                    secret);
        }
    }
}
