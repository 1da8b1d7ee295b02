package io.cordboard.simulator.carrier;

import io.cordboard.simulator.carrier.Verb.Hook;
import io.cordboard.simulator.carrier.Verb.Next;
import io.cordboard.simulator.carrier.VirtualCall.Direction;
import io.cordboard.simulator.carrier.VirtualCall.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Twilio's REST interface, version 2010-04-01: what each request does and what is refused. Answers are the JSON objects of
 * Twilio's reference as maps; refusals carry its error codes.
 */
public final class TwilioApi {

    private static final Pattern ADDRESS = Pattern.compile("\\+[1-9][0-9]{6,14}|client:.{1,100}|sips?:.{1,200}");
    private static final Pattern HTTP_URL = Pattern.compile("https?://[^\\s/?#]+\\S*");
    private static final Map<String, Object> NO_LINKS = Map.of();
    private static final int LONGEST_TWIML = 4000;
    private static final int PAGE = 50;
    private static final int LARGEST_PAGE = 1000;
    private static final int LONGEST_RING = 600;
    private static final int ONE_DAY = 86_400;
    private static final int LONGEST_CALL = 14_400;
    private static final int LARGEST_QUEUE = 5000;

    private final Exchange exchange;

    TwilioApi(Exchange exchange) {
        this.exchange = exchange;
    }

    /** @return whether these are the credentials of the account */
    public boolean authentic(String user, String password) {
        return user.equals(exchange.settings().accountSid())
                && java.security.MessageDigest.isEqual(
                        password.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        exchange.settings().authToken().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** @return whether the path belongs to the account */
    public boolean owns(String path) {
        return path.contains("/Accounts/" + exchange.settings().accountSid() + "/");
    }

    // --- calls

    /** POST Calls.json. */
    public Map<String, Object> createCall(Form form) {
        var to = to(form);
        var from = from(form);
        var twiml = program(form);
        if (!twiml.given()) {
            throw new Refusal(400, 21205, "Url parameter is required");
        }
        var callback = callback(form, "StatusCallback", "completed");
        ignoreInCalls(form);
        form.ignore("ApplicationSid", "Method", "CallReason", "CallToken", "Byoc", "Trim", "ClientNotificationUrl");
        return ask(() -> {
            var call = exchange.createLeg(from, to, Direction.OUTBOUND_API, null);
            call.statusCallback = callback;
            call.fallback = next(form, "FallbackUrl", "FallbackMethod");
            exchange.whenAnswered(call, twiml.url(), twiml.inline());
            dial(call, form, Recorded.asCall(form));
            return call(call);
        });
    }

    /** What creating a call and creating a participant have in common. */
    private void dial(VirtualCall call, Form form, Recorded recorded) {
        call.timeLimit = form.seconds("TimeLimit", LONGEST_CALL, 1, ONE_DAY);
        call.answeringMachineDetection = form.text("MachineDetection");
        if (form.flag("AsyncAmd", false) || form.has("AmdStatusCallback")) {
            var url = form.has("AmdStatusCallback") ? "AmdStatusCallback" : "AsyncAmdStatusCallback";
            call.amdCallback = callback(form, url, "");
        }
        var digits = form.text("SendDigits");
        var then = call.whenAnswered;
        call.whenAnswered = () -> {
            if (digits != null) {
                exchange.hear(call, "tone", digits);
            }
            if (recorded.wanted()) {
                exchange.startRecording(call, null, "OutboundAPI", recorded.channels(), recorded.callback());
            }
            then.run();
        };
        var ringFor = form.seconds("Timeout", 60, 1, LONGEST_RING);
        exchange.timeline().tell(() -> {
            if (!call.status.ended()) {
                exchange.initiate(call, ringFor);
            }
        });
    }

    private record Recorded(boolean wanted, int channels, @Nullable Hook callback) {

        static Recorded asCall(Form form) {
            return new Recorded(
                    form.flag("Record", false),
                    form.text("RecordingChannels", "mono").equals("dual") ? 2 : 1,
                    TwilioApi.callback(form, "RecordingStatusCallback", "completed"));
        }
    }

    private static void ignoreInCalls(Form form) {
        form.ignore(
                "CallerId",
                "SipAuthUsername",
                "SipAuthPassword",
                "RecordingTrack",
                "MachineDetectionTimeout",
                "MachineDetectionSpeechThreshold",
                "MachineDetectionSpeechEndThreshold",
                "MachineDetectionSilenceTimeout",
                "AsyncAmdStatusCallback",
                "AsyncAmdStatusCallbackMethod",
                "AmdStatusCallbackMethod",
                "AsyncAmd",
                "FallbackUrl",
                "FallbackMethod",
                "SendDigits",
                "Timeout",
                "TimeLimit",
                "MachineDetection",
                "AmdStatusCallback",
                "RecordingStatusCallbackEvent",
                "RecordingStatusCallbackMethod",
                "RecordingStatusCallback",
                "Record",
                "RecordingChannels");
    }

    /** GET Calls.json. */
    public Map<String, Object> listCalls(Form form, String path) {
        var to = form.text("To");
        var from = form.text("From");
        var status = form.text("Status");
        var parent = form.text("ParentCallSid");
        Predicate<VirtualCall> wanted = call -> (to == null || to.equals(call.to))
                && (from == null || from.equals(call.from))
                && (status == null || status.equals(call.status.word()))
                && (parent == null || (call.parent != null && parent.equals(call.parent.sid)));
        var inTime = times(form, "StartTime");
        var beforeEnd = times(form, "EndTime");
        return ask(() -> page(
                form,
                path,
                "calls",
                exchange.calls().stream()
                        .filter(wanted)
                        .filter(call -> inTime.test(call.created) && beforeEnd.test(call.ended))
                        .toList(),
                this::call));
    }

    /** Filters such as StartTime, StartTime&lt; and StartTime&gt;; a date stands for the whole day. */
    private static Predicate<@Nullable Instant> times(Form form, String name) {
        var on = day(form.text(name));
        var before = day(form.text(name + "<"));
        var after = day(form.text(name + ">"));
        return at -> (on == null || (at != null && !at.isBefore(on) && at.isBefore(on.plus(Duration.ofDays(1)))))
                && (before == null || (at != null && !at.isAfter(before)))
                && (after == null || (at != null && !at.isBefore(after)));
    }

    private static @Nullable Instant day(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            if (text.length() == "2026-01-01".length()) {
                return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
            }
            // The SDK sends UTC without saying so.
            var parsed = DateTimeFormatter.ISO_DATE_TIME.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
            return parsed instanceof OffsetDateTime exact
                    ? exact.toInstant()
                    : ((LocalDateTime) parsed).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException notADate) {
            throw new Refusal(400, 20001, "Invalid date " + text);
        }
    }

    /** GET Calls/{sid}.json. */
    public Map<String, Object> fetchCall(String sid) {
        return ask(() -> call(known(sid)));
    }

    /** POST Calls/{sid}.json: ends a call, or gives a live one other TwiML. */
    public Map<String, Object> updateCall(String sid, Form form) {
        var status = form.text("Status");
        var twiml = program(form);
        form.ignore("Method", "FallbackMethod", "TimeLimit", "StatusCallbackMethod");
        var callback = callback(form, "StatusCallback", "completed");
        var fallback = next(form, "FallbackUrl", "FallbackMethod");
        if (status != null && !status.equals("completed") && !status.equals("canceled")) {
            throw new Refusal(400, 20001, "Invalid Status " + status);
        }
        return ask(() -> {
            var call = known(sid);
            if (call.status.ended() || (twiml.given() && call.status != Status.IN_PROGRESS)) {
                throw new Refusal(400, 21220, "Call is not in-progress. Cannot redirect.");
            }
            call.statusCallback = callback == null ? call.statusCallback : callback;
            call.fallback = fallback == null ? call.fallback : fallback;
            if (status != null) {
                if (call.status != Status.IN_PROGRESS) {
                    exchange.end(call, Status.CANCELED);
                } else if (status.equals("completed")) {
                    exchange.end(call, Status.COMPLETED);
                }
            } else if (twiml.given()) {
                exchange.redirect(call, twiml.url(), twiml.inline());
            }
            return call(call);
        });
    }

    /** DELETE Calls/{sid}.json. */
    public void deleteCall(String sid) {
        ask(() -> {
            var call = known(sid);
            if (!call.status.ended()) {
                throw new Refusal(409, 20409, "The call is still " + call.status.word());
            }
            exchange.forget(call);
            return sid;
        });
    }

    private VirtualCall known(String sid) {
        var call = exchange.call(sid);
        if (call == null) {
            throw Refusal.notFound(path("/Calls/" + sid + ".json"));
        }
        return call;
    }

    private Map<String, Object> call(VirtualCall call) {
        var owned = exchange.lines().at(call.direction == Direction.INBOUND ? call.to : call.from);
        return fields(
                "sid",
                call.sid,
                "account_sid",
                account(),
                "parent_call_sid",
                call.parent == null ? null : call.parent.sid,
                "phone_number_sid",
                owned == null ? null : owned.sid(),
                "from",
                call.from,
                "from_formatted",
                call.from,
                "to",
                call.to,
                "to_formatted",
                call.to,
                "direction",
                call.direction.word(),
                "status",
                call.status.word(),
                "answered_by",
                call.answeredBy,
                "start_time",
                date(call.answered != null ? call.answered : call.status.ended() ? call.created : null),
                "end_time",
                date(call.ended),
                "duration",
                call.ended == null ? null : Long.toString(call.durationSeconds()),
                "date_created",
                date(call.created),
                "date_updated",
                date(call.updated),
                "api_version",
                "2010-04-01",
                "caller_name",
                null,
                "forwarded_from",
                null,
                "group_sid",
                null,
                "trunk_sid",
                "",
                "queue_time",
                "0",
                "price",
                null,
                "price_unit",
                "USD",
                "annotation",
                null,
                "uri",
                path("/Calls/" + call.sid + ".json"),
                "subresource_uris",
                Map.of("recordings", path("/Calls/" + call.sid + "/Recordings.json")));
    }

    // --- conferences and participants

    /** GET Conferences.json. */
    public Map<String, Object> listConferences(Form form, String path) {
        var name = form.text("FriendlyName");
        var status = form.text("Status");
        var created = times(form, "DateCreated");
        form.ignore("DateUpdated", "DateUpdated<", "DateUpdated>");
        return ask(() -> page(
                form,
                path,
                "conferences",
                exchange.conferences().stream()
                        .filter(it -> name == null || name.equals(it.name))
                        .filter(it -> status == null || status.equals(it.status.word()))
                        .filter(it -> created.test(it.created))
                        .toList(),
                this::conference));
    }

    /** GET Conferences/{sid}.json. */
    public Map<String, Object> fetchConference(String sid) {
        return ask(() -> conference(knownConference(sid)));
    }

    /** POST Conferences/{sid}.json: ends it or announces something. */
    public Map<String, Object> updateConference(String sid, Form form) {
        var status = form.text("Status");
        var announcement = next(form, "AnnounceUrl", "AnnounceMethod");
        return ask(() -> {
            var conference = knownConference(sid);
            if (conference.status == Conference.Status.COMPLETED) {
                throw Refusal.notFound(path("/Conferences/" + sid + ".json"));
            }
            if ("completed".equals(status)) {
                conference.end("conference-ended-via-api", null, "conference_ended_via_api");
            } else if (announcement != null) {
                conference.announce(announcement);
            }
            return conference(conference);
        });
    }

    private Conference knownConference(String sid) {
        var conference = exchange.findConference(sid);
        if (conference == null) {
            throw Refusal.notFound(path("/Conferences/" + sid + ".json"));
        }
        return conference;
    }

    private Map<String, Object> conference(Conference it) {
        return fields(
                "sid",
                it.sid,
                "account_sid",
                account(),
                "friendly_name",
                it.name,
                "status",
                it.status.word(),
                "reason_conference_ended",
                it.reasonEnded,
                "call_sid_ending_conference",
                it.endedBy,
                "region",
                "us1",
                "api_version",
                "2010-04-01",
                "date_created",
                date(it.created),
                "date_updated",
                date(it.updated),
                "uri",
                path("/Conferences/" + it.sid + ".json"),
                "subresource_uris",
                Map.of("participants", path("/Conferences/" + it.sid + "/Participants.json")));
    }

    /** GET Conferences/{sid}/Participants.json. */
    public Map<String, Object> listParticipants(String sid, Form form, String path) {
        var muted = form.text("Muted");
        var hold = form.text("Hold");
        form.ignore("Coaching");
        return ask(() -> page(
                form,
                path,
                "participants",
                knownConference(sid).participants.values().stream()
                        .filter(it -> muted == null || muted.equals(Boolean.toString(it.muted)))
                        .filter(it -> hold == null || hold.equals(Boolean.toString(it.hold)))
                        .toList(),
                this::participant));
    }

    /** POST Conferences/{sid or name}/Participants.json: calls somebody into a conference, which is made when it is new. */
    public Map<String, Object> createParticipant(String conferenceSidOrName, Form form) {
        var to = to(form);
        var from = from(form);
        var target = new Verb.ToConference(
                conferenceSidOrName,
                form.text("Label"),
                form.flag("Muted", false),
                form.flag("StartConferenceOnEnter", true),
                form.flag("EndConferenceOnExit", false),
                form.flag("Coaching", false) ? form.text("CallSidToCoach") : null,
                !form.text("Beep", "true").equals("false"),
                form.has("WaitUrl") ? new Next(form.text("WaitUrl", ""), form.text("WaitMethod", "POST")) : null,
                callback(form, "ConferenceStatusCallback", "start end"),
                form.text("ConferenceRecord", "false").matches("true|record-from-start"),
                callback(form, "ConferenceRecordingStatusCallback", "completed"));
        var status = callback(form, "StatusCallback", "completed");
        ignoreInCalls(form);
        form.ignore(
                "EarlyMedia",
                "MaxParticipants",
                "CallReason",
                "ConferenceTrim",
                "JitterBufferSize",
                "Region",
                "CallToken",
                "Byoc",
                "WaitMethod",
                "CallSidToCoach",
                "Trim");
        return ask(() -> {
            var named = exchange.findConference(conferenceSidOrName);
            if (named == null && conferenceSidOrName.matches("CF[0-9a-f]{32}")) {
                throw Refusal.notFound(path("/Conferences/" + conferenceSidOrName + "/Participants.json"));
            }
            if (named != null && named.status == Conference.Status.COMPLETED) {
                throw Refusal.notFound(path("/Conferences/" + conferenceSidOrName + "/Participants.json"));
            }
            var conference = named == null ? exchange.conference(conferenceSidOrName) : named;
            if (target.label() != null && conference.find(target.label()) != null) {
                throw new Refusal(400, 16025, "The label " + target.label() + " is taken in this conference");
            }
            var call = exchange.createLeg(from, to, Direction.OUTBOUND_API, null);
            call.statusCallback = status;
            var verb = new Verb.Dial(
                    List.of(named(target, conference.name)),
                    null,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(LONGEST_CALL),
                    false,
                    false,
                    null,
                    false,
                    null);
            exchange.whenAnswered(call, null, List.of(verb));
            var participant = conference.invite(call, terms(target));
            dial(call, form, Recorded.asCall(form));
            return participant(participant);
        });
    }

    private static Verb.ToConference named(Verb.ToConference it, String name) {
        return new Verb.ToConference(
                name,
                it.label(),
                it.muted(),
                it.startOnEnter(),
                it.endOnExit(),
                it.coach(),
                it.beep(),
                it.music(),
                it.callback(),
                it.record(),
                it.recordingCallback());
    }

    private static Conference.Terms terms(Verb.ToConference it) {
        return new Conference.Terms(
                it.label(),
                it.muted(),
                it.startOnEnter(),
                it.endOnExit(),
                it.coach(),
                it.beep(),
                it.music(),
                it.callback(),
                it.record(),
                it.recordingCallback());
    }

    /** GET Conferences/{sid}/Participants/{call sid or label}.json. */
    public Map<String, Object> fetchParticipant(String sid, String callSidOrLabel) {
        return ask(() -> participant(known(sid, callSidOrLabel)));
    }

    /** POST Conferences/{sid}/Participants/{call sid or label}.json. */
    public Map<String, Object> updateParticipant(String sid, String callSidOrLabel, Form form) {
        var holdMusic = next(form, "HoldUrl", "HoldMethod");
        var announcement = next(form, "AnnounceUrl", "AnnounceMethod");
        form.ignore("HoldMethod", "AnnounceMethod", "BeepOnExit", "WaitUrl", "WaitMethod");
        var coached = form.text("CallSidToCoach");
        if (form.flag("Coaching", false) && coached == null) {
            throw new Refusal(400, 20001, "CallSidToCoach says who hears the coach; it is missing");
        }
        return ask(() -> {
            var participant = known(sid, callSidOrLabel);
            if (form.has("Muted")) {
                participant.mute(form.flag("Muted", false));
            }
            if (form.has("Hold")) {
                participant.hold(form.flag("Hold", false), holdMusic);
            }
            if (form.has("EndConferenceOnExit")) {
                participant.endOnExit = form.flag("EndConferenceOnExit", false);
                participant.modified();
            }
            if (form.has("Coaching")) {
                participant.coaching = form.flag("Coaching", false);
                participant.coached = participant.coaching ? coached : null;
                participant.modified();
            }
            if (announcement != null) {
                participant.announce(announcement);
            }
            return participant(participant);
        });
    }

    /** DELETE Conferences/{sid}/Participants/{call sid or label}.json. */
    public void deleteParticipant(String sid, String callSidOrLabel) {
        ask(() -> {
            var participant = known(sid, callSidOrLabel);
            if (participant.call.status == Status.IN_PROGRESS) {
                participant.kick();
            } else {
                exchange.end(participant.call, Status.CANCELED);
            }
            return sid;
        });
    }

    private Conference.Participant known(String sid, String callSidOrLabel) {
        var participant = knownConference(sid).find(callSidOrLabel);
        if (participant == null) {
            throw Refusal.notFound(path("/Conferences/" + sid + "/Participants/" + callSidOrLabel + ".json"));
        }
        return participant;
    }

    private Map<String, Object> participant(Conference.Participant it) {
        return fields(
                "account_sid", account(),
                "call_sid", it.call.sid,
                "label", it.label,
                "conference_sid", it.conference().sid,
                "muted", it.muted,
                "hold", it.hold,
                "coaching", it.coaching,
                "call_sid_to_coach", it.coached,
                "start_conference_on_enter", it.startOnEnter,
                "end_conference_on_exit", it.endOnExit,
                "status", it.status(),
                "queue_time", "0",
                "date_created", date(it.created),
                "date_updated", date(it.created),
                "uri", path("/Conferences/" + it.conference().sid + "/Participants/" + it.call.sid + ".json"));
    }

    // --- recordings

    /** POST Calls/{sid}/Recordings.json. */
    public Map<String, Object> startRecording(String callSid, Form form) {
        var callback = callback(form, "RecordingStatusCallback", "completed");
        var channels = form.text("RecordingChannels", "mono").equals("dual") ? 2 : 1;
        form.ignore("Trim", "RecordingTrack");
        return ask(() -> {
            var call = known(callSid);
            if (call.status != Status.IN_PROGRESS) {
                throw new Refusal(400, 21220, "Requested resource is not eligible for recording");
            }
            return recording(exchange.startRecording(call, null, "StartCallRecordingAPI", channels, callback));
        });
    }

    /** GET Recordings.json, of one call or of all. */
    public Map<String, Object> listRecordings(@Nullable String callSid, Form form, String path) {
        var call = callSid == null ? form.text("CallSid") : callSid;
        var conference = form.text("ConferenceSid");
        var created = times(form, "DateCreated");
        form.ignore("IncludeSoftDeleted");
        return ask(() -> page(
                form,
                path,
                "recordings",
                exchange.recordings().stream()
                        .filter(it -> call == null || call.equals(it.call))
                        .filter(it -> conference == null || conference.equals(it.conference))
                        .filter(it -> created.test(it.started))
                        .toList(),
                this::recording));
    }

    /** GET Recordings/{sid}.json. */
    public Map<String, Object> fetchRecording(String sid) {
        return ask(() -> recording(knownRecording(sid, null)));
    }

    /** POST Calls/{sid}/Recordings/{sid or Twilio.CURRENT}.json: pauses, goes on, stops. */
    public Map<String, Object> updateRecording(String callSid, String sid, Form form) {
        var status = form.text("Status", "");
        form.ignore("PauseBehavior");
        if (!List.of("paused", "in-progress", "stopped").contains(status)) {
            throw new Refusal(400, 20001, "Invalid Status " + status);
        }
        return ask(() -> {
            var recording = knownRecording(sid, callSid);
            if (!recording.running()) {
                throw new Refusal(400, 21220, "The recording is " + recording.status);
            }
            if (status.equals("stopped")) {
                exchange.stopRecording(recording, false);
            } else {
                recording.status = status;
            }
            return recording(recording);
        });
    }

    /** DELETE Recordings/{sid}.json. */
    public void deleteRecording(String sid) {
        ask(() -> {
            exchange.forget(knownRecording(sid, null));
            return sid;
        });
    }

    /** @return the recording as a WAV file: a soft tone of the right length */
    public byte[] media(String sid) {
        return Wav.tone(ask(() -> knownRecording(sid, null).seconds()));
    }

    private Recording knownRecording(String sid, @Nullable String callSid) {
        var recording = exchange.recording(sid);
        if (sid.equals("Twilio.CURRENT") && callSid != null) {
            recording = known(callSid).recording;
        }
        if (recording == null || (callSid != null && !recording.call.equals(callSid))) {
            throw Refusal.notFound(path("/Recordings/" + sid + ".json"));
        }
        return recording;
    }

    private Map<String, Object> recording(Recording it) {
        return fields(
                "sid",
                it.sid,
                "account_sid",
                account(),
                "call_sid",
                it.call,
                "conference_sid",
                it.conference,
                "channels",
                it.channels,
                "source",
                it.source,
                "status",
                it.status,
                "duration",
                it.running() ? null : Long.toString(it.seconds()),
                "start_time",
                date(it.started),
                "date_created",
                date(it.started),
                "date_updated",
                date(it.updated),
                "error_code",
                null,
                "price",
                null,
                "price_unit",
                "USD",
                "track",
                "both",
                "encryption_details",
                null,
                "api_version",
                "2010-04-01",
                "media_url",
                exchange.urlOf(it),
                "uri",
                path("/Recordings/" + it.sid + ".json"),
                "subresource_uris",
                NO_LINKS);
    }

    // --- numbers

    /** GET IncomingPhoneNumbers.json. */
    public Map<String, Object> listNumbers(Form form, String path) {
        var number = form.text("PhoneNumber");
        form.ignore("FriendlyName", "Beta", "Origin");
        return ask(() -> page(
                form,
                path,
                "incoming_phone_numbers",
                exchange.lines().all().stream()
                        .filter(it -> number == null || it.number().contains(number.replace("*", "")))
                        .toList(),
                this::number));
    }

    /** GET IncomingPhoneNumbers/{sid}.json. */
    public Map<String, Object> fetchNumber(String sid) {
        return ask(() -> number(knownNumber(sid)));
    }

    /** POST IncomingPhoneNumbers/{sid}.json: changes what answers the number. */
    public Map<String, Object> updateNumber(String sid, Form form) {
        var voice = next(form, "VoiceUrl", "VoiceMethod");
        var fallback = next(form, "VoiceFallbackUrl", "VoiceFallbackMethod");
        var callback = next(form, "StatusCallback", "StatusCallbackMethod");
        form.ignore(
                "FriendlyName",
                "VoiceCallerIdLookup",
                "VoiceApplicationSid",
                "SmsUrl",
                "SmsMethod",
                "SmsFallbackUrl",
                "SmsFallbackMethod",
                "SmsApplicationSid",
                "AccountSid",
                "TrunkSid");
        return ask(() -> {
            var owned = knownNumber(sid);
            var line = owned.line();
            return number(exchange.lines()
                    .set(
                            owned.number(),
                            new CarrierSettings.Line(
                                    voice == null ? line.voiceUrl() : voice.url(),
                                    voice == null ? line.voiceMethod() : voice.method(),
                                    fallback == null ? line.voiceFallbackUrl() : fallback.url(),
                                    callback == null ? line.statusCallback() : callback.url())));
        });
    }

    private Lines.Owned knownNumber(String sid) {
        var owned = exchange.lines().bySid(sid);
        if (owned == null) {
            throw Refusal.notFound(path("/IncomingPhoneNumbers/" + sid + ".json"));
        }
        return owned;
    }

    private Map<String, Object> number(Lines.Owned it) {
        return fields(
                "sid", it.sid(),
                "account_sid", account(),
                "phone_number", it.number(),
                "friendly_name", it.number(),
                "voice_url", it.line().voiceUrl(),
                "voice_method", it.line().voiceMethod(),
                "voice_fallback_url", it.line().voiceFallbackUrl(),
                "voice_fallback_method", "POST",
                "status_callback", it.line().statusCallback(),
                "status_callback_method", "POST",
                "voice_caller_id_lookup", false,
                "capabilities", Map.of("voice", true, "sms", false, "mms", false, "fax", false),
                "beta", false,
                "origin", "twilio",
                "status", "in-use",
                "address_requirements", "none",
                "emergency_status", "Inactive",
                "api_version", "2010-04-01",
                "date_created", date(it.created()),
                "date_updated", date(it.created()),
                "uri", path("/IncomingPhoneNumbers/" + it.sid() + ".json"));
    }

    // --- queues

    /** POST Queues.json. */
    public Map<String, Object> createQueue(Form form) {
        var name = form.text("FriendlyName");
        if (name == null) {
            throw new Refusal(400, 20001, "Parameter FriendlyName is required");
        }
        var size = form.number("MaxSize", 100, 1, LARGEST_QUEUE);
        return ask(() -> {
            if (exchange.existingQueue(name) != null) {
                throw new Refusal(400, 22003, "A queue named " + name + " exists already");
            }
            var queue = new CallQueue(name, size, exchange.now());
            exchange.add(queue);
            return queue(queue);
        });
    }

    /** GET Queues.json. */
    public Map<String, Object> listQueues(Form form, String path) {
        return ask(() -> page(form, path, "queues", exchange.queues(), this::queue));
    }

    /** GET Queues/{sid}.json. */
    public Map<String, Object> fetchQueue(String sid) {
        return ask(() -> queue(knownQueue(sid)));
    }

    /** DELETE Queues/{sid}.json; only an empty queue can go. */
    public void deleteQueue(String sid) {
        ask(() -> {
            var queue = knownQueue(sid);
            if (!queue.members.isEmpty()) {
                throw new Refusal(400, 22001, "The queue is not empty");
            }
            exchange.remove(queue);
            return sid;
        });
    }

    /** GET Queues/{sid}/Members.json. */
    public Map<String, Object> listMembers(String sid, Form form, String path) {
        return ask(() -> {
            var queue = knownQueue(sid);
            return page(form, path, "queue_members", List.copyOf(queue.members.values()), it -> member(queue, it));
        });
    }

    /** GET Queues/{sid}/Members/{call sid or Front}.json. */
    public Map<String, Object> fetchMember(String sid, String callSid) {
        return ask(() -> {
            var queue = knownQueue(sid);
            return member(queue, knownMember(queue, callSid));
        });
    }

    /** POST Queues/{sid}/Members/{call sid or Front}.json: takes a caller out of the queue to other TwiML. */
    public Map<String, Object> dequeue(String sid, String callSid, Form form) {
        var to = next(form, "Url", "Method");
        if (to == null) {
            throw new Refusal(400, 21205, "Url parameter is required");
        }
        return ask(() -> {
            var queue = knownQueue(sid);
            var member = knownMember(queue, callSid);
            var before = member(queue, member);
            exchange.redirect(member.call(), to, null);
            return before;
        });
    }

    private CallQueue knownQueue(String sid) {
        var queue = exchange.existingQueue(sid);
        if (queue == null) {
            throw Refusal.notFound(path("/Queues/" + sid + ".json"));
        }
        return queue;
    }

    private Queued knownMember(CallQueue queue, String callSid) {
        var member = callSid.equals("Front") ? queue.front() : queue.members.get(callSid);
        if (member == null) {
            throw Refusal.notFound(path("/Queues/" + queue.sid + "/Members/" + callSid + ".json"));
        }
        return member;
    }

    private Map<String, Object> queue(CallQueue it) {
        return fields(
                "sid", it.sid,
                "account_sid", account(),
                "friendly_name", it.name,
                "current_size", it.members.size(),
                "max_size", it.maxSize,
                "average_wait_time", it.averageWait(),
                "date_created", date(it.created),
                "date_updated", date(it.created),
                "uri", path("/Queues/" + it.sid + ".json"),
                "subresource_uris", Map.of("members", path("/Queues/" + it.sid + "/Members.json")));
    }

    private Map<String, Object> member(CallQueue queue, Queued it) {
        return fields(
                "call_sid", it.call().sid,
                "queue_sid", queue.sid,
                "date_enqueued", date(it.since()),
                "position", queue.positionOf(it.call().sid),
                "wait_time", it.waited(),
                "uri", path("/Queues/" + queue.sid + "/Members/" + it.call().sid + ".json"));
    }

    // --- what requests have in common

    private static String to(Form form) {
        var to = form.text("To");
        if (to == null) {
            throw new Refusal(400, 21201, "No 'To' number is specified");
        }
        if (!ADDRESS.matcher(to).matches()) {
            throw new Refusal(400, 21211, "Invalid 'To' Phone Number: " + to);
        }
        return to;
    }

    private String from(Form form) {
        var from = form.text("From");
        if (from == null) {
            throw new Refusal(400, 21213, "'From' phone number is required");
        }
        if (!ADDRESS.matcher(from).matches()) {
            throw new Refusal(400, 21212, "Invalid From Number (caller ID): " + from);
        }
        if (from.startsWith("+") && exchange.lines().at(from) == null) {
            throw new Refusal(
                    400, 21210, "The source phone number provided, " + from + ", is not yet verified for your account");
        }
        return from;
    }

    /** TwiML to carry out; the URL wins when both are given. */
    private record Program(@Nullable Next url, @Nullable List<Verb> inline) {

        boolean given() {
            return url != null || inline != null;
        }
    }

    private static Program program(Form form) {
        var url = next(form, "Url", "Method");
        var twiml = form.text("Twiml");
        if (url != null || twiml == null) {
            return new Program(url, null);
        }
        if (twiml.length() > LONGEST_TWIML) {
            throw new Refusal(400, 20001, "Twiml parameter must not be longer than 4000 characters");
        }
        try {
            return new Program(null, Twiml.parse(twiml));
        } catch (Twiml.Malformed malformed) {
            return new Program(null, List.of(new Verb.Unknown(Objects.requireNonNull(malformed.getMessage()))));
        }
    }

    private static @Nullable Next next(Form form, String urlName, String methodName) {
        var url = form.text(urlName);
        var method = form.text(methodName, "POST");
        if (url == null) {
            return null;
        }
        if (!HTTP_URL.matcher(url).matches()) {
            throw new Refusal(400, 21205, urlName + " is not a valid URL: " + url);
        }
        return new Next(url, method);
    }

    private static @Nullable Hook callback(Form form, String name, String defaultEvents) {
        var next = next(form, name, name + "Method");
        var events = form.words(name + "Event", defaultEvents);
        return next == null ? null : new Hook(next.url(), next.method(), events);
    }

    private <T> Map<String, Object> page(
            Form form, String path, String name, List<T> all, Function<T, Map<String, Object>> render) {
        var size = form.number("PageSize", PAGE, 1, LARGEST_PAGE);
        var page = form.number("Page", 0, 0, Integer.MAX_VALUE / LARGEST_PAGE);
        form.ignore("PageToken");
        var start = Math.min((long) page * size, all.size());
        var shown = all.stream().skip(start).limit(size).map(render).toList();
        var more = start + shown.size() < all.size();
        return fields(
                name,
                shown,
                "page",
                page,
                "page_size",
                size,
                "start",
                start,
                "end",
                Math.max(start, start + shown.size() - 1),
                "uri",
                pageUri(path, form, page, size),
                "first_page_uri",
                pageUri(path, form, 0, size),
                "next_page_uri",
                more ? pageUri(path, form, page + 1, size) : null,
                "previous_page_uri",
                page > 0 ? pageUri(path, form, page - 1, size) : null);
    }

    private static String pageUri(String path, Form form, int page, int size) {
        var query = new ArrayList<String>();
        form.all().forEach((name, values) -> {
            if (!name.equals("Page") && !name.equals("PageSize") && !values.isEmpty()) {
                query.add(encode(name) + "=" + encode(values.get(0)));
            }
        });
        query.add("PageSize=" + size);
        query.add("Page=" + page);
        return path + "?" + String.join("&", query);
    }

    private static String encode(String text) {
        return java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8);
    }

    private String account() {
        return exchange.settings().accountSid();
    }

    private String path(String resource) {
        return "/2010-04-01/Accounts/" + account() + resource;
    }

    private static @Nullable String date(@Nullable Instant at) {
        return at == null ? null : Exchange.RFC_2822.format(at);
    }

    /** Name, value, name, value …; unlike {@link Map#of} in that order and with nulls. */
    private static Map<String, Object> fields(@Nullable Object... namesAndValues) {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        for (var i = 0; i + 1 < namesAndValues.length; i += 2) {
            fields.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        @SuppressWarnings("NullAway") // JSON null is a value of Twilio's resources
        Map<String, Object> resource = fields;
        return resource;
    }

    private <T> T ask(Supplier<T> question) {
        return exchange.timeline().ask(question);
    }
}
