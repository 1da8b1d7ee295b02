package io.cordboard.platform;

/** One provider's line in {@code GET /api/health}; a bean of the provider's module. */
public interface ProviderStatus {

    /** In lower case, such as {@code twilio}. */
    String provider();

    /** Whether its credentials are there; {@code simulated}, {@code configured} or {@code not configured}. */
    String state();
}
