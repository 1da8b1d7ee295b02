package io.cordboard.provider.twilio.webhook;

import io.cordboard.provider.twilio.Twilio;
import io.cordboard.telephony.CarrierEvent;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** What Twilio says, in our words. Where Twilio tells more than anybody waits for, there is no event. */
final class Translation {

    /** Speech is kept in an address over a retry, and addresses have limits. */
    private static final int LONGEST_SPEECH = 1000;

    private final Clock clock;

    Translation(Clock clock) {
        this.clock = clock;
    }

    CarrierEvent.IncomingCall incomingCall(Callback it) {
        return new CarrierEvent.IncomingCall(
                it.key("voice", it.callSid()), it.leg(), it.value("From").orElse("anonymous"), it.needed("To"));
    }

    CarrierEvent.Answered answered(Callback it) {
        return new CarrierEvent.Answered(
                it.key("ask", it.callSid(), it.token()),
                it.leg(),
                it.token(),
                it.value("Digits").orElse(""),
                speech(it).orElse(null));
    }

    CarrierEvent.KeyPressed keyPressed(Callback it) {
        String digits = it.value("Digits").orElse("");
        // One that means nothing leaves the question open, and another may follow.
        return new CarrierEvent.KeyPressed(
                it.key("key", it.callSid(), it.token() + digits), it.leg(), it.token(), digits);
    }

    static Optional<String> speech(Callback it) {
        return it.value("SpeechResult")
                .map(said -> said.length() > LONGEST_SPEECH ? said.substring(0, LONGEST_SPEECH) : said);
    }

    CarrierEvent.LegPickedUp legPickedUp(Callback it) {
        return new CarrierEvent.LegPickedUp(it.key("leg", it.callSid()), it.leg());
    }

    /** A caller who hangs up ends the message with the "digit" hangup. */
    CarrierEvent.MessageRecorded messageRecorded(Callback it) {
        return new CarrierEvent.MessageRecorded(
                it.key("record", it.callSid(), it.token()),
                it.leg(),
                it.token(),
                it.seconds("RecordingDuration"),
                it.over() || it.value("Digits").filter("hangup"::equals).isPresent());
    }

    Optional<CarrierEvent> conference(Callback it) {
        var what = it.needed("StatusCallbackEvent");
        var conference = it.needed("ConferenceSid");
        // Not every event of a conference names a leg; the one that opened it is in the address.
        var leg = it.value("CallSid")
                .or(() -> it.value("CallSidEndingConference"))
                .or(() -> it.query().first("sid"))
                .orElseThrow(() -> Callback.bad("Neither CallSid nor sid says which leg this is about."));
        var ref = new io.cordboard.telephony.LegRef(Twilio.NAME, leg, null);
        var key = it.key("conference", conference, it.value("SequenceNumber").orElse(what + ":" + leg));
        return switch (what) {
            case "conference-start" ->
                Optional.of(new CarrierEvent.ConferenceStarted(key, ref, it.call(), conference, time(it)));
            case "conference-end" ->
                Optional.of(new CarrierEvent.ConferenceEnded(
                        key,
                        ref,
                        it.call(),
                        conference,
                        it.value("ReasonConferenceEnded").orElse(null)));
            default -> Optional.empty();
        };
    }

    Optional<CarrierEvent> recording(Callback it) {
        if (!it.value("RecordingStatus").orElse("completed").equals("completed")) {
            return Optional.empty();
        }
        var recording = it.needed("RecordingSid");
        return Optional.of(new CarrierEvent.RecordingReady(
                it.key("recording", recording, "completed"),
                it.leg(),
                recording,
                it.needed("RecordingUrl"),
                it.seconds("RecordingDuration")));
    }

    CarrierEvent.TranscriptionReady transcription(Callback it) {
        var recording = it.needed("RecordingSid");
        var status = it.value("TranscriptionStatus").orElse("completed");
        return new CarrierEvent.TranscriptionReady(
                it.key("transcription", recording, status),
                it.leg(),
                recording,
                status.equals("completed") ? it.value("TranscriptionText").orElse("") : null);
    }

    /** Ringing matters for legs that we dialled; that a leg was picked up is told by its question what to do. */
    Optional<CarrierEvent> status(Callback it) {
        var status = it.needed("CallStatus");
        var key = it.key("status", it.callSid(), it.value("SequenceNumber").orElse(status));
        var end = Twilio.end(status);
        if (end.isPresent()) {
            return Optional.of(new CarrierEvent.LegEnded(key, it.leg(), end.get(), it.seconds("CallDuration")));
        }
        return status.equals("ringing") && it.leg().leg() != null
                ? Optional.of(new CarrierEvent.LegRinging(key, it.leg()))
                : Optional.empty();
    }

    /** Twilio writes times as mail does (RFC 2822). */
    private Instant time(Callback it) {
        try {
            return it.value("Timestamp")
                    .map(text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant())
                    .orElseGet(clock::instant);
        } catch (DateTimeException unreadable) {
            return clock.instant();
        }
    }
}
