package io.cordboard.customer;

import java.security.SecureRandom;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.stereotype.Component;

/**
 * How passwords are kept: Argon2id with 19 MiB, two passes, one lane (the OWASP password storage cheat sheet's first
 * choice for this much memory). The only encoder of the house, the engine included.
 */
@Component
public class Passwords {

    private static final int SHORTEST = 8;
    private static final int LONGEST = 256;
    private static final String ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";

    private final Argon2PasswordEncoder encoder = new Argon2PasswordEncoder(16, 32, 1, 19 * 1024, 2);
    /** What an unknown user's password is compared with, so that the answer takes as long as for a known one. */
    private final String nobodys = encoder.encode(generate());
    /** Each computation takes 19 MiB: a flood of logins waits instead of exhausting the memory. */
    private final Semaphore atOnce =
            new Semaphore(Math.max(2, Runtime.getRuntime().availableProcessors()));

    Passwords() {}

    /** @throws IllegalArgumentException if the password is too short or too long */
    public String hash(String password) {
        if (password.length() < SHORTEST || password.length() > LONGEST) {
            throw new IllegalArgumentException(
                    "A password has " + SHORTEST + " to " + LONGEST + " characters; choose another one.");
        }
        atOnce.acquireUninterruptibly();
        try {
            return encoder.encode(password);
        } finally {
            atOnce.release();
        }
    }

    /**
     * Compares, taking the same time whether there is a hash or not.
     *
     * @param hash null for somebody who does not exist or has no password
     */
    public boolean matches(String password, @Nullable String hash) {
        String shortened = password.length() > LONGEST ? "" : password;
        atOnce.acquireUninterruptibly();
        try {
            return encoder.matches(shortened, hash == null ? nobodys : hash) && hash != null && !shortened.isEmpty();
        } finally {
            atOnce.release();
        }
    }

    /** Whether a hash was made with weaker parameters than today's. */
    boolean isOutdated(String hash) {
        return encoder.upgradeEncoding(hash);
    }

    /** Sixteen letters and digits, none of which is mistaken for another when read from a screen (about 79 bits). */
    static String generate() {
        var random = new SecureRandom();
        var password = new StringBuilder();
        for (int i = 0; i < 16; i++) {
            password.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return password.toString();
    }
}
