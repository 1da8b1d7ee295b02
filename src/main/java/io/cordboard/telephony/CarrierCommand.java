package io.cordboard.telephony;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.cordboard.shared.CallId;
import io.cordboard.shared.LegId;
import java.time.Duration;
import java.util.List;

/** Something a carrier shall do. Commands are written in the transaction that decides them and carried out after it. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "command")
@JsonSubTypes({
    @JsonSubTypes.Type(value = CarrierCommand.Dial.class, name = "dial"),
    @JsonSubTypes.Type(value = CarrierCommand.Perform.class, name = "perform"),
    @JsonSubTypes.Type(value = CarrierCommand.ChangeListening.class, name = "changeListening"),
    @JsonSubTypes.Type(value = CarrierCommand.Hold.class, name = "hold"),
    @JsonSubTypes.Type(value = CarrierCommand.HangUpLeg.class, name = "hangUpLeg"),
    @JsonSubTypes.Type(value = CarrierCommand.DeleteRecording.class, name = "deleteRecording")
})
public sealed interface CarrierCommand {

    CallId call();

    /** The leg it is about. Commands of one leg are carried out in the order they were given. */
    LegId leg();

    /**
     * Rings a phone. When it is picked up the carrier asks what to do ({@link CarrierEvent.LegPickedUp}).
     *
     * @param to E.164 number, {@code sip:} address or {@code client:} name
     * @param callerId the number of ours that is shown
     * @param ringTimeout how long it may ring
     */
    record Dial(CallId call, LegId leg, String to, String callerId, Duration ringTimeout) implements CarrierCommand {}

    /** Lets a live leg do something else from now on. */
    record Perform(CallId call, LegId leg, List<MediaStep> steps) implements CarrierCommand {}

    /**
     * Changes by whom a leg is heard that listens to its call, without a break in what it hears.
     *
     * @param agentLeg the carrier's id of the leg that hears a whisper
     */
    record ChangeListening(CallId call, LegId leg, ListenMode mode, String agentLeg) implements CarrierCommand {}

    /**
     * Takes a leg out of its conference's talk, or back into it. Who is on hold hears music, hears nobody and is heard by
     * nobody, listeners included.
     *
     * @param number which change of the call this is, so that what comes back of it is not taken for a later one's
     */
    record Hold(CallId call, LegId leg, boolean on, int number) implements CarrierCommand {}

    /** Ends a leg, whether it is ringing or connected. Ending a leg that is over is a success. */
    record HangUpLeg(CallId call, LegId leg) implements CarrierCommand {}

    /** Removes a recording at the carrier. */
    record DeleteRecording(CallId call, LegId leg, String recordingId) implements CarrierCommand {}
}
