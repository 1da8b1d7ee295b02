package io.cordboard.customer;

import io.cordboard.shared.AgentId;
import io.cordboard.shared.CustomerId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The accounts of all customers. Looking one up costs no SQL: the few columns needed are kept in memory and read anew
 * as soon as they are {@value #FRESH_MILLIS} ms old, so what another node changes is known here in less than five
 * seconds, and what this class changes at once.
 */
@Repository
public class Accounts {

    private static final long FRESH_MILLIS = 4_000;
    private static final Duration FRESH = Duration.ofMillis(FRESH_MILLIS);
    private static final Pattern USERNAME = Pattern.compile("[a-z0-9][a-z0-9._@-]{0,62}");

    private static final String COLUMNS =
            "id, customer_id, username, name, role, md5(concat_ws(' ', id, username, role, password_hash)) AS version,"
                    + " customer_id = (SELECT id FROM customer WHERE operator) AS operator";

    private final JdbcClient jdbc;
    private final Passwords passwords;
    private final Clock clock;
    private volatile Snapshot snapshot = new Snapshot(Instant.MIN, Map.of(), Map.of());

    Accounts(JdbcClient jdbc, Passwords passwords, Clock clock) {
        this.jdbc = jdbc;
        this.passwords = passwords;
        this.clock = clock;
    }

    /** @param username in any case */
    public Optional<Account> byUsername(String username) {
        return Optional.ofNullable(fresh().byUsername.get(Usernames.canonical(username)));
    }

    /** The account of an agent; empty once it is deleted. */
    public Optional<Account> byId(AgentId id) {
        return Optional.ofNullable(fresh().byId.get(id.value()));
    }

    /** Everybody, in the order of their user names. */
    public Collection<Account> all() {
        return Collections.unmodifiableCollection(fresh().byUsername.values());
    }

    /**
     * Opens an account.
     *
     * @param password at least eight characters; null for an account that cannot log in yet
     * @return empty if the user name is taken
     * @throws IllegalArgumentException if the user name or the password is not acceptable; the message says why
     */
    public Optional<Account> create(
            CustomerId customer, String username, String name, Role role, @Nullable String password) {
        String canonical = Usernames.canonical(username);
        if (!USERNAME.matcher(canonical).matches()) {
            throw new IllegalArgumentException("A user name has 1 to 63 characters out of a-z, 0-9 and . _ @ -,"
                    + " and starts with a letter or digit.");
        }
        var now = clock.instant().atOffset(ZoneOffset.UTC);
        var id = AgentId.next();
        int inserted = jdbc.sql(
                        """
                        INSERT INTO agent (id, customer_id, username, name, password_hash, role,
                                           status_since, idle_since, created_at)
                        VALUES (:id, :customer, :username, :name, :hash, :role, :now, :now, :now)
                        ON CONFLICT (username) WHERE deleted_at IS NULL DO NOTHING""")
                .param("id", id.value())
                .param("customer", customer.value())
                .param("username", canonical)
                .param("name", name)
                .param("hash", password == null ? null : passwords.hash(password))
                .param("role", role.column())
                .param("now", now)
                .update();
        if (inserted == 0) {
            return Optional.empty();
        }
        forget();
        return Optional.of(read(id).orElseThrow());
    }

    /**
     * Gives an account a new password and ends all its logins.
     *
     * @return false if there is no such account, or it is a guest agent's, who never has one
     * @throws IllegalArgumentException if the password is too short or too long
     */
    public boolean setPassword(AgentId id, String password) {
        boolean found = jdbc.sql("UPDATE agent SET password_hash = :hash WHERE id = :id AND role <> 'guest'"
                                + " AND deleted_at IS NULL")
                        .param("hash", passwords.hash(password))
                        .param("id", id.value())
                        .update()
                > 0;
        forget();
        return found;
    }

    /** To be called after something else changed the role, the name or the existence of an account. */
    public void forget() {
        snapshot = new Snapshot(Instant.MIN, snapshot.byId, snapshot.byUsername);
    }

    /**
     * The account a login of {@code version} was made for, while it is still valid.
     *
     * @param issuedAt when the login was made: if that was after the last look at the table, the table is asked again
     */
    public Optional<Account> byLogin(AgentId id, String version, Instant issuedAt) {
        var known = fresh();
        var account = known.get(id, version);
        boolean mayBeNews = account.isEmpty() && !known.at.isAfter(issuedAt.plusSeconds(1));
        return mayBeNews ? load().get(id, version) : account;
    }

    /** Asks the table itself; one statement, whether there is such an account or not. */
    Optional<Credentials> credentials(String username) {
        return jdbc.sql("SELECT " + COLUMNS
                        + ", password_hash FROM agent WHERE username = :username AND deleted_at IS NULL")
                .param("username", Usernames.canonical(username))
                .query((row, number) -> new Credentials(account(row), row.getString("password_hash")))
                .optional();
    }

    record Credentials(Account account, @Nullable String hash) {}

    private Optional<Account> read(AgentId id) {
        return Optional.ofNullable(load().byId.get(id.value()));
    }

    private Snapshot fresh() {
        var seen = snapshot;
        if (seen.isFreshAt(clock.instant())) {
            return seen;
        }
        synchronized (this) {
            return snapshot.isFreshAt(clock.instant()) ? snapshot : load();
        }
    }

    private Snapshot load() {
        var at = clock.instant();
        Map<UUID, Account> byId = new LinkedHashMap<>();
        Map<String, Account> byUsername = new LinkedHashMap<>();
        jdbc.sql("SELECT " + COLUMNS + " FROM agent WHERE deleted_at IS NULL ORDER BY username")
                .query((row, number) -> account(row))
                .list()
                .forEach(account -> {
                    byId.put(account.id().value(), account);
                    byUsername.put(account.username(), account);
                });
        var loaded = new Snapshot(at, byId, byUsername);
        snapshot = loaded;
        return loaded;
    }

    private static Account account(ResultSet row) throws SQLException {
        return new Account(
                new AgentId(row.getObject("id", UUID.class)),
                new CustomerId(row.getObject("customer_id", UUID.class)),
                row.getString("username"),
                row.getString("name"),
                Role.of(row.getString("role")),
                row.getString("version"),
                row.getBoolean("operator"));
    }

    private record Snapshot(Instant at, Map<UUID, Account> byId, Map<String, Account> byUsername) {

        Optional<Account> get(AgentId id, String version) {
            return Optional.ofNullable(byId.get(id.value()))
                    .filter(account -> account.version().equals(version));
        }

        boolean isFreshAt(Instant now) {
            return !at.equals(Instant.MIN) && !now.isAfter(at.plus(FRESH)) && !now.isBefore(at);
        }
    }
}
