package io.cordboard.customer;

import io.github.bucket4j.Bucket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * Proves with a password who somebody is. An account, and an address (of IPv6: its /64), may be wrong five times a
 * minute; a right password costs nothing, so a whole shift can log in from behind one address.
 */
@Service
public class Login {

    private static final Logger log = LoggerFactory.getLogger(Login.class);

    private final Accounts accounts;
    private final Passwords passwords;
    private final Recovery recovery;
    private final LoginTries tries;
    private final JdbcClient jdbc;
    /** Logins from one address go one after the other: those that are right must not run each other out of tries. */
    private final Lock[] oneByOne =
            Stream.generate(ReentrantLock::new).limit(64).toArray(Lock[]::new);

    Login(Accounts accounts, Passwords passwords, Recovery recovery, LoginTries tries, JdbcClient jdbc) {
        this.accounts = accounts;
        this.passwords = passwords;
        this.recovery = recovery;
        this.tries = tries;
        this.jdbc = jdbc;
    }

    /**
     * Checks a password. The answer and the time it takes are the same for a wrong password and an unknown user.
     *
     * @param address where the request comes from
     */
    public Outcome check(String username, String password, String address) {
        String network = network(address);
        Lock turn = oneByOne[Math.floorMod(network.hashCode(), oneByOne.length)];
        turn.lock();
        try {
            return check(
                    username, password, tries.of("from " + network), tries.of("as " + Usernames.canonical(username)));
        } finally {
            turn.unlock();
        }
    }

    /** Uses up a token for the guest agent of a customer; tries with wrong ones are limited as those with passwords. */
    public Outcome recover(String token, String address) {
        Bucket ofAddress = tries.of("from " + network(address));
        var first = ofAddress.tryConsumeAndReturnRemaining(1);
        if (!first.isConsumed()) {
            return tooMany(first.getNanosToWaitForRefill());
        }
        var account = recovery.use(token);
        account.ifPresent(welcome -> ofAddress.addTokens(1));
        return account.<Outcome>map(Welcome::new).orElseGet(Refused::new);
    }

    private Outcome check(String username, String password, Bucket ofAddress, Bucket ofAccount) {
        var first = ofAddress.tryConsumeAndReturnRemaining(1);
        if (!first.isConsumed()) {
            return tooMany(first.getNanosToWaitForRefill());
        }
        var second = ofAccount.tryConsumeAndReturnRemaining(1);
        if (!second.isConsumed()) {
            return tooMany(second.getNanosToWaitForRefill());
        }
        var known = accounts.credentials(username).orElse(null);
        String hash = known == null ? null : known.hash();
        if (!passwords.matches(password, hash) || known == null || hash == null) {
            log.info("A login was refused: wrong password or unknown user");
            return new Refused();
        }
        ofAddress.addTokens(1);
        ofAccount.addTokens(1);
        return new Welcome(
                passwords.isOutdated(hash) ? strengthened(known.account(), hash, password) : known.account());
    }

    /** Only if the hash is still the one just checked: a password changed meanwhile stays changed. */
    private Account strengthened(Account account, String weak, String password) {
        jdbc.sql("UPDATE agent SET password_hash = :strong WHERE id = :id AND password_hash = :weak")
                .param("strong", passwords.hash(password))
                .param("id", account.id().value())
                .param("weak", weak)
                .update();
        accounts.forget();
        return accounts.byId(account.id()).orElse(account);
    }

    private static TooMany tooMany(long nanosToWait) {
        return new TooMany(Duration.ofSeconds(1 + Duration.ofNanos(nanosToWait).toSeconds()));
    }

    /** Somebody with one IPv6 line owns all addresses of a /64. */
    private static String network(String address) {
        try {
            var parsed = InetAddress.getByName(address);
            return parsed instanceof Inet6Address
                    ? HexFormat.of().formatHex(Arrays.copyOf(parsed.getAddress(), 8))
                    : parsed.getHostAddress();
        } catch (UnknownHostException notAnAddress) {
            return address;
        }
    }

    /** What came of a login. */
    public sealed interface Outcome permits Welcome, Refused, TooMany {}

    /** The password is right. */
    public record Welcome(Account account) implements Outcome {}

    /** Wrong password, or nobody of that name: which of the two is not told. */
    public record Refused() implements Outcome {}

    /** Not even looked at. */
    public record TooMany(Duration retryAfter) implements Outcome {}
}
