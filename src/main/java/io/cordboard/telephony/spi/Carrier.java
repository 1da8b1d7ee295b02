package io.cordboard.telephony.spi;

import io.cordboard.telephony.CarrierCommand;
import io.cordboard.telephony.CarrierEvent.LegEnd;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One carrier, as the outbox sees it. Called outside any transaction; may block for a few seconds. */
public interface Carrier {

    /** The name under which events and legs of this carrier are stored, for example {@code twilio}. */
    String name();

    /** Carries out one command. Never throws for what the carrier or the network does. */
    Outcome execute(Order order);

    /**
     * Asks how a leg ended.
     *
     * @param providerLegId the carrier's id of it
     * @return empty while it lives; a leg that the carrier does not know is over
     * @throws IOException when the carrier does not say; the message says why, without secrets
     */
    default Optional<Ended> endOf(String providerLegId) throws IOException {
        throw new IOException("The carrier " + name() + " tells nothing about legs.");
    }

    /** @param connected how long the leg was connected; zero when it never was, or when nobody knows */
    record Ended(LegEnd how, Duration connected) {}

    /**
     * Opens the sound of a recording that this carrier keeps, with the carrier's credentials.
     *
     * @param url where the carrier said it is; an address that is not this carrier's is refused
     * @param range the part wanted as an HTTP {@code Range}, for example {@code bytes=0-1023}; null for all of it
     * @throws IOException when the carrier does not hand it out; the message says why, without secrets
     */
    default Media openRecording(String url, @Nullable String range) throws IOException {
        throw new IOException("The carrier " + name() + " keeps no recordings.");
    }

    /**
     * Sound to be read once and closed.
     *
     * @param type its media type, for example {@code audio/x-wav}
     * @param length how many bytes follow; -1 when the carrier does not say
     * @param contentRange which part it is, as in HTTP's {@code Content-Range}; null when it is all of it
     */
    record Media(InputStream content, String type, long length, @Nullable String contentRange)
            implements AutoCloseable {

        @Override
        public void close() throws IOException {
            content.close();
        }
    }

    /**
     * @param id ours, the same on every try: what the carrier offers for idempotency gets it
     * @param providerLegId the carrier's id of the command's leg; null while unknown, always null for a dial
     * @param attempt 1 for the first try
     * @param mayHaveBeenDone whether an earlier try ended without an answer, so that it must be looked up before it is repeated
     */
    record Order(
            UUID id, CarrierCommand command, @Nullable String providerLegId, int attempt, boolean mayHaveBeenDone) {}

    /** What became of one try. */
    sealed interface Outcome {

        /** @param providerLegId the carrier's id of the leg */
        record Done(@Nullable String providerLegId) implements Outcome {}

        /** The carrier refuses and will refuse again. */
        record Refused(String reason) implements Outcome {}

        /**
         * The carrier did not do it now.
         *
         * @param after the carrier's wish how long to wait, null for our own back-off
         */
        record TryLater(String reason, @Nullable Duration after) implements Outcome {}

        /** Nobody knows whether it was done: the answer got lost. */
        record Unknown(String reason) implements Outcome {}
    }
}
