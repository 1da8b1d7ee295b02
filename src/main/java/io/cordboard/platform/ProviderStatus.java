package io.cordboard.platform;

/**
 * One provider's line in {@code GET /api/health}; a bean of the provider's module.
 *
 * @param provider in lower case, such as {@code twilio}
 * @param state {@code configured}, {@code simulated} or {@code not configured}
 */
public record ProviderStatus(String provider, String state) {}
