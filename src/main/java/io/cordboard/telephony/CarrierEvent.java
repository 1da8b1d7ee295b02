package io.cordboard.telephony;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.cordboard.shared.CallId;
import io.cordboard.shared.LegId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Something a carrier told us about a call, in our words. What comes back of a command is an event as well. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
    @JsonSubTypes.Type(value = CarrierEvent.IncomingCall.class, name = "incomingCall"),
    @JsonSubTypes.Type(value = CarrierEvent.Answered.class, name = "answered"),
    @JsonSubTypes.Type(value = CarrierEvent.KeyPressed.class, name = "keyPressed"),
    @JsonSubTypes.Type(value = CarrierEvent.LegPickedUp.class, name = "legPickedUp"),
    @JsonSubTypes.Type(value = CarrierEvent.LegRinging.class, name = "legRinging"),
    @JsonSubTypes.Type(value = CarrierEvent.LegEnded.class, name = "legEnded"),
    @JsonSubTypes.Type(value = CarrierEvent.ConferenceStarted.class, name = "conferenceStarted"),
    @JsonSubTypes.Type(value = CarrierEvent.ConferenceEnded.class, name = "conferenceEnded"),
    @JsonSubTypes.Type(value = CarrierEvent.MessageRecorded.class, name = "messageRecorded"),
    @JsonSubTypes.Type(value = CarrierEvent.RecordingReady.class, name = "recordingReady"),
    @JsonSubTypes.Type(value = CarrierEvent.TranscriptionReady.class, name = "transcriptionReady"),
    @JsonSubTypes.Type(value = CarrierEvent.CommandAccepted.class, name = "commandAccepted"),
    @JsonSubTypes.Type(value = CarrierEvent.CommandFailed.class, name = "commandFailed")
})
public sealed interface CarrierEvent {

    EventKey key();

    /** The leg it is about. */
    LegRef leg();

    /** Somebody calls one of our numbers. The reply is what they hear first. */
    record IncomingCall(EventKey key, LegRef leg, String from, String to) implements CarrierEvent {}

    /**
     * An {@link MediaStep.Ask} is over.
     *
     * @param token the question's token
     * @param digits keys pressed; empty when none
     * @param speech words recognised; null when nothing was said
     */
    record Answered(EventKey key, LegRef leg, String token, String digits, @Nullable String speech)
            implements CarrierEvent {}

    /**
     * Somebody who waits in a queue pressed a key. The line stays where it is until a command moves it.
     *
     * @param token of the {@link HoldPrompts.Hold}
     */
    record KeyPressed(EventKey key, LegRef leg, String token, String digits) implements CarrierEvent {}

    /** A leg we dialled was picked up and asks what to do. The reply is what it hears. */
    record LegPickedUp(EventKey key, LegRef leg) implements CarrierEvent {}

    /** A leg we dialled rings. */
    record LegRinging(EventKey key, LegRef leg) implements CarrierEvent {}

    /**
     * A leg is over, for whatever reason.
     *
     * @param duration how long it was connected; zero when it never was
     */
    record LegEnded(EventKey key, LegRef leg, LegEnd how, Duration duration) implements CarrierEvent {}

    /**
     * The first two participants hear each other.
     *
     * @param call the conference's name, which is our call id
     */
    record ConferenceStarted(EventKey key, LegRef leg, CallId call, String conferenceId, Instant at)
            implements CarrierEvent {}

    /** The conference is over. */
    record ConferenceEnded(EventKey key, LegRef leg, CallId call, String conferenceId, @Nullable String reason)
            implements CarrierEvent {}

    /**
     * A {@link MediaStep.Record} is over; the file may follow later.
     *
     * @param hungUp whether the caller hung up to end the message
     */
    record MessageRecorded(EventKey key, LegRef leg, String token, Duration length, boolean hungUp)
            implements CarrierEvent {}

    /** A recording can be fetched. */
    record RecordingReady(EventKey key, LegRef leg, String recordingId, String url, Duration length)
            implements CarrierEvent {}

    /**
     * A recording was written down.
     *
     * @param text null when the carrier failed to
     */
    record TranscriptionReady(EventKey key, LegRef leg, String recordingId, @Nullable String text)
            implements CarrierEvent {}

    /** A command was carried out; for a dialled leg this brings the carrier's id of it. */
    record CommandAccepted(EventKey key, LegRef leg, CarrierCommand command) implements CarrierEvent {}

    /** A command will never be carried out. */
    record CommandFailed(EventKey key, LegRef leg, CarrierCommand command, String reason) implements CarrierEvent {}

    /** Whether the carrier waits for a reply: what the leg shall do now. */
    default boolean asksWhatToDo() {
        return this instanceof IncomingCall
                || this instanceof Answered
                || this instanceof LegPickedUp
                || this instanceof MessageRecorded;
    }

    /** How a leg ended. */
    enum LegEnd {
        /** It was connected and is over. */
        COMPLETED,
        BUSY,
        NO_ANSWER,
        /** The number cannot be reached, or the network failed. */
        FAILED,
        /** We took it back before it was answered. */
        CANCELED
    }

    /** The leg by our own id, where the event carries it. */
    default @Nullable LegId ourLeg() {
        return leg().leg();
    }
}
