package io.cordboard.customer.web;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.cordboard.customer.Account;
import io.cordboard.customer.Accounts;
import io.cordboard.shared.AgentId;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Date;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Signs who is logged in, and believes only what it signed (JWT, HS256, one key for all nodes). Reading one costs no
 * SQL; what it says of the account is compared with the account of at most a few seconds ago, so a login ends with the
 * account, its role or its password.
 */
@Component
class Tokens {

    /** For programs: the answer of {@code POST /v1/login}, sent as {@code Authorization: Bearer}. */
    static final Duration OF_PROGRAMS = Duration.ofMinutes(15);
    /** For pages: how long a session lives without a request. */
    static final Duration IDLE = Duration.ofMinutes(30);
    /** For pages: how long a session lives at most. */
    static final Duration LONGEST = Duration.ofHours(12);

    private static final String PROGRAM = "program";
    private static final String PAGE = "page";
    private static final int LONGEST_TEXT = 1_000;

    private final JdbcClient jdbc;
    private final Accounts accounts;
    private final EndedSessions ended;
    private final Clock clock;
    private volatile byte[] key = {};

    Tokens(JdbcClient jdbc, Accounts accounts, EndedSessions ended, Clock clock) {
        this.jdbc = jdbc;
        this.accounts = accounts;
        this.ended = ended;
        this.clock = clock;
    }

    Token forProgram(Account account) {
        var now = seconds();
        return sign(account, PROGRAM, random(), now, now, now.plus(OF_PROGRAMS));
    }

    Token forPages(Account account) {
        var now = seconds();
        return sign(account, PAGE, random(), now, now, now.plus(IDLE));
    }

    /** The same session for another while, but not beyond its longest time. */
    Token renewed(Token session) {
        var now = seconds();
        var last = session.startedAt.plus(LONGEST);
        var idle = now.plus(IDLE);
        return sign(session.account, PAGE, session.id, session.startedAt, now, idle.isBefore(last) ? idle : last);
    }

    /** Empty for anything that is not, or no longer, a token for programs. */
    Optional<Token> ofProgram(String text) {
        return read(text, PROGRAM);
    }

    /** Empty for anything that is not, or no longer, a session. */
    Optional<Token> ofPages(String text) {
        return read(text, PAGE);
    }

    void end(Token session) {
        ended.add(session.id, session.startedAt.plus(LONGEST));
    }

    /** What a page must send in a header with each change; no other site can know it. */
    String csrfOf(Token session) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key(), "HmacSHA256"));
            return base64(mac.doFinal(("csrf " + session.id).getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        } catch (java.security.GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Token sign(Account account, String use, String id, Instant startedAt, Instant issuedAt, Instant expiresAt) {
        var claims = new JWTClaimsSet.Builder()
                .subject(account.id().toString())
                .audience(use)
                .jwtID(id)
                .claim("ver", account.version())
                .claim("start", startedAt.getEpochSecond())
                .issueTime(Date.from(issuedAt))
                .expirationTime(Date.from(expiresAt))
                .build();
        var jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        try {
            jwt.sign(new MACSigner(key()));
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
        return new Token(jwt.serialize(), account, id, startedAt, issuedAt, expiresAt);
    }

    private Optional<Token> read(String text, String use) {
        if (text.length() > LONGEST_TEXT) {
            return Optional.empty();
        }
        try {
            var jwt = SignedJWT.parse(text);
            if (!JWSAlgorithm.HS256.equals(jwt.getHeader().getAlgorithm()) || !jwt.verify(new MACVerifier(key()))) {
                return Optional.empty();
            }
            var claims = jwt.getJWTClaimsSet();
            var expiresAt = claims.getExpirationTime().toInstant();
            if (!claims.getAudience().contains(use)
                    || !clock.instant().isBefore(expiresAt)
                    || ended.contains(claims.getJWTID())) {
                return Optional.empty();
            }
            var issuedAt = claims.getIssueTime().toInstant();
            return accounts.byLogin(AgentId.of(claims.getSubject()), claims.getStringClaim("ver"), issuedAt)
                    .map(account -> new Token(
                            text,
                            account,
                            claims.getJWTID(),
                            Instant.ofEpochSecond((Long) claims.getClaim("start")),
                            issuedAt,
                            expiresAt));
        } catch (ParseException | JOSEException | IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    private byte[] key() {
        if (key.length == 0) {
            synchronized (this) {
                if (key.length == 0) {
                    key = sharedKey();
                }
            }
        }
        return key;
    }

    private byte[] sharedKey() {
        var fresh = new byte[32];
        new SecureRandom().nextBytes(fresh);
        jdbc.sql("INSERT INTO signing_key (key, created_at) VALUES (:key, :now) ON CONFLICT DO NOTHING")
                .param("key", fresh)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        return jdbc.sql("SELECT key FROM signing_key").query(byte[].class).single();
    }

    private Instant seconds() {
        return Instant.ofEpochSecond(clock.instant().getEpochSecond());
    }

    private static String random() {
        var bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return base64(bytes);
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * A login that was believed.
     *
     * @param id stays the same when a session is renewed
     * @param startedAt when the password was given
     */
    record Token(String text, Account account, String id, Instant startedAt, Instant issuedAt, Instant expiresAt) {

        @Override
        public String toString() {
            return "Token of " + account.id();
        }
    }
}
