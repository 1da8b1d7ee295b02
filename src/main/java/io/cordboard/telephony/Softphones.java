package io.cordboard.telephony;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Phones that are browsers: a carrier rings {@code client:} addresses wherever somebody registered with a pass. */
public interface Softphones {

    /** What keeps browsers from being phones, in words for the operator; empty when they can be. */
    Optional<String> missing();

    /**
     * Lets a browser be rung as {@code client:name}, and do nothing else, for an hour.
     *
     * @throws IllegalStateException when something is {@link #missing}
     */
    Pass pass(String name);

    /**
     * @param provider the carrier, in whose protocol the browser registers
     * @param token a secret for this browser alone
     * @param server path on this machine of what stands in for the carrier; null for the carrier itself
     */
    record Pass(String provider, String token, Instant expiresAt, @Nullable String server) {

        /** Without the secret. */
        @Override
        public String toString() {
            return "Pass[provider=" + provider + ", expiresAt=" + expiresAt + "]";
        }
    }
}
