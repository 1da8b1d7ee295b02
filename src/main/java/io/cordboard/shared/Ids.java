package io.cordboard.shared;

import java.security.SecureRandom;
import java.util.UUID;

/** Makes ids that sort by the time they were made (UUID version 7), so that new rows stay together in an index. */
public final class Ids {

    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    /** A new id; unguessable in its last 62 bits. */
    public static UUID next() {
        long millis = System.currentTimeMillis();
        long high = (millis << 16) | 0x7000L | (RANDOM.nextInt() & 0x0fffL);
        long low = (RANDOM.nextLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
        return new UUID(high, low);
    }
}
