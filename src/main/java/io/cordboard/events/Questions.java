package io.cordboard.events;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks a customer's own server something over HTTP: signed like webhooks, and sent nowhere webhooks would not be sent. Not
 * to be used in a transaction.
 */
public interface Questions {

    /** Why nothing may be sent to an address, by its text; empty when something may. */
    Optional<Objection> objection(String url);

    /** A new secret to sign with: {@code whsec_} and 256 random bits in Base64. */
    String newSecret();

    /** How long a secret that was replaced still signs. */
    Duration oldSecretValid();

    /** Asks once, follows no redirects, and never throws. Takes little longer than {@code within}. */
    Reply ask(Question question, Duration within);

    /** @param remedy how to mend it */
    record Objection(String problem, String remedy) {}

    /**
     * @param id the header {@code webhook-id}
     * @param secrets each of them signs
     * @param body the JSON text
     */
    record Question(String url, String id, List<String> secrets, String body) {}

    /**
     * What came back.
     *
     * @param status the HTTP status; null when there was no answer
     * @param body of the answer, cut where it is longer than 64 KiB
     * @param error why there was no answer; null when there was one, whatever its status
     */
    record Reply(@Nullable Integer status, String body, @Nullable String error) {}
}
