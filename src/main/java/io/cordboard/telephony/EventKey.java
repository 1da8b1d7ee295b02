package io.cordboard.telephony;

/**
 * What makes an event unique: a second event with the same key is the same event told twice.
 *
 * @param provider name of the carrier, for example {@code twilio}
 * @param value unique at that carrier, for example {@code status:CA…:3}
 */
public record EventKey(String provider, String value) {}
