package io.cordboard.customer;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.cordboard.shared.AgentId;
import io.cordboard.shared.CustomerId;
import io.cordboard.shared.Ids;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Long-lived logins for programs. A token acts as the account that made it, as far as its scopes go, until it expires or is
 * revoked; what another node revokes is known here within four seconds.
 */
@Repository
public class ApiTokens {

    /** How these tokens begin, so that they are told from others, and found where they should not be. */
    public static final String PREFIX = "cbt_";

    /** Everything the account may do. */
    public static final String ALL = "all";

    /** {@code all}, {@code read}, or a path segment of the API with {@code :read} or {@code :write}. */
    public static final Pattern SCOPE = Pattern.compile("all|read|[a-z][a-z-]{0,30}:(read|write)");

    /** How many an account may have at a time. */
    public static final int AT_MOST = 20;

    private static final String SELECT =
            """
            SELECT t.id, t.agent_id, a.username, t.name, t.scopes, t.created_at, t.expires_at
              FROM api_token t JOIN agent a ON a.id = t.agent_id
            """;

    private final JdbcClient jdbc;
    private final Accounts accounts;
    private final Clock clock;
    private final Cache<ByteBuffer, Optional<ApiToken>> recognised = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(Duration.ofSeconds(4))
            .build();

    ApiTokens(JdbcClient jdbc, Accounts accounts, Clock clock) {
        this.jdbc = jdbc;
        this.accounts = accounts;
        this.clock = clock;
    }

    /** @param owner user name of the account it acts as */
    public record ApiToken(
            UUID id,
            AgentId agent,
            String owner,
            String name,
            Set<String> scopes,
            Instant createdAt,
            Instant expiresAt) {

        /** @param area path segment after {@code /v1/} */
        public boolean allows(String area, boolean reading) {
            return scopes.contains(ALL)
                    || scopes.contains(area + ":write")
                    || reading && (scopes.contains("read") || scopes.contains(area + ":read"));
        }
    }

    /** @param secret the token itself, which nobody can show again */
    public record NewToken(ApiToken token, String secret) {}

    /** An account and what its token may do for it. */
    public record Bearer(Account account, ApiToken token) {}

    /** @return empty when the account has {@link #AT_MOST} already */
    public Optional<NewToken> create(Account owner, String name, Collection<String> scopes, Duration life) {
        String secret = Secrets.next(PREFIX);
        Instant now = clock.instant();
        UUID id = Ids.next();
        int rows = jdbc.sql(
                        """
                        INSERT INTO api_token (id, agent_id, name, hash, scopes, created_at, expires_at)
                        SELECT :id, a.id, :name, :hash, CAST(:scopes AS text[]), :now, :until
                          FROM (SELECT id FROM agent WHERE id = :agent AND deleted_at IS NULL FOR UPDATE) a
                         WHERE (SELECT count(*) FROM api_token WHERE agent_id = :agent AND expires_at > :now) < :most""")
                .param("id", id)
                .param("agent", owner.id().value())
                .param("name", name)
                .param("hash", Secrets.hash(secret))
                .param("scopes", scopes.stream().distinct().sorted().toArray(String[]::new))
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("until", now.plus(life).atOffset(ZoneOffset.UTC))
                .param("most", AT_MOST)
                .update();
        return rows == 0 ? Optional.empty() : find(id).map(token -> new NewToken(token, secret));
    }

    private Optional<ApiToken> find(UUID id) {
        return jdbc.sql(SELECT + " WHERE t.id = :id")
                .param("id", id)
                .query((row, n) -> token(row))
                .optional();
    }

    /**
     * Newest first.
     *
     * @param owner null for all of the customer
     */
    public List<ApiToken> list(CustomerId customer, @Nullable AgentId owner) {
        return jdbc.sql(
                        SELECT
                                + """
                         WHERE a.customer_id = :customer AND (CAST(:owner AS uuid) IS NULL OR t.agent_id = :owner)
                         ORDER BY t.id DESC LIMIT 1000""")
                .param("customer", customer.value())
                .param("owner", owner == null ? null : owner.value())
                .query((row, n) -> token(row))
                .list();
    }

    /**
     * Revokes a token.
     *
     * @param owner null for anybody of the customer
     * @return false when there is no such token
     */
    public boolean revoke(UUID id, CustomerId customer, @Nullable AgentId owner) {
        int rows = jdbc.sql(
                        """
                        DELETE FROM api_token t USING agent a
                         WHERE t.id = :id AND a.id = t.agent_id AND a.customer_id = :customer
                           AND (CAST(:owner AS uuid) IS NULL OR t.agent_id = :owner)""")
                .param("id", id)
                .param("customer", customer.value())
                .param("owner", owner == null ? null : owner.value())
                .update();
        recognised.invalidateAll();
        return rows == 1;
    }

    /** Empty for one that never was, has expired or was revoked. */
    public Optional<Bearer> recognise(String secret) {
        ByteBuffer hash = ByteBuffer.wrap(Secrets.hash(secret));
        return recognised
                .get(hash, this::read)
                .filter(token -> token.expiresAt().isAfter(clock.instant()))
                .flatMap(token -> accounts.byId(token.agent()).map(account -> new Bearer(account, token)));
    }

    private Optional<ApiToken> read(ByteBuffer hash) {
        return jdbc.sql(SELECT + " WHERE t.hash = :hash AND a.deleted_at IS NULL")
                .param("hash", hash.array())
                .query((row, n) -> token(row))
                .optional();
    }

    private static ApiToken token(ResultSet row) throws SQLException {
        return new ApiToken(
                row.getObject("id", UUID.class),
                new AgentId(row.getObject("agent_id", UUID.class)),
                row.getString("username"),
                row.getString("name"),
                Set.copyOf(Arrays.asList((String[]) row.getArray("scopes").getArray())),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("expires_at", OffsetDateTime.class).toInstant());
    }
}
