package io.cordboard.simulator.carrier;

import io.cordboard.simulator.carrier.Activity.Stop;
import io.cordboard.simulator.carrier.TruthLog.What;
import io.cordboard.simulator.carrier.Verb.Hook;
import io.cordboard.simulator.carrier.Verb.Next;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A conference: who is in it, who hears whom, and what its status callback is told. */
final class Conference {

    /** Twilio's conference status. */
    enum Status {
        INIT,
        IN_PROGRESS,
        COMPLETED;

        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** On what terms somebody takes part: the attributes of the Conference noun. */
    record Terms(
            @Nullable String label,
            boolean muted,
            boolean startOnEnter,
            boolean endOnExit,
            @Nullable String coach,
            boolean beep,
            @Nullable Next music,
            @Nullable Hook callback,
            boolean record,
            @Nullable Hook recordingCallback) {}

    final String sid = Sids.next("CF");
    final String name;
    final Instant created;
    final Map<String, Participant> participants = new LinkedHashMap<>();
    private final Exchange exchange;
    private @Nullable Hook callback;
    private @Nullable Recording recording;
    private int callbacksSent;
    private boolean mixing;
    Status status = Status.INIT;
    Instant updated;

    @Nullable
    String reasonEnded;

    @Nullable
    String endedBy;

    Conference(Exchange exchange, String name) {
        this.exchange = exchange;
        this.name = name;
        this.created = exchange.now();
        this.updated = created;
    }

    /** Somebody is being called who will take part when they answer. */
    Participant invite(VirtualCall call, Terms terms) {
        var invited = new Participant(call, terms);
        participants.put(call.sid, invited);
        rememberCallback(terms);
        call.whenEnded.add(() -> {
            if (!invited.inside && participants.remove(call.sid, invited)) {
                invited.tell(
                        "participant-leave",
                        Map.of(
                                "ReasonParticipantLeft",
                                "participant_add_failed",
                                "ParticipantCallStatus",
                                call.status.word()));
                endWhenEmpty("last-participant-left", call.sid);
            }
        });
        return invited;
    }

    Participant enter(VirtualCall call, InConference activity, Terms terms) {
        var participant = participants.computeIfAbsent(call.sid, sid -> new Participant(call, terms));
        rememberCallback(terms);
        participant.inside = true;
        participant.activity = activity;
        if (participant.startOnEnter) {
            status = Status.IN_PROGRESS;
            updated = exchange.now();
        }
        exchange.changed(call, "in conference " + name);
        participant.tell("participant-join", Map.of());
        for (var other : participants.values()) {
            if (other.inside && other != participant && !other.hold) {
                if (terms.beep()) {
                    exchange.hear(other.call, "beep", "");
                }
                if (participant.noticedBy(other)) {
                    exchange.hear(other.call, "conference", call.person() + " joined");
                }
            }
        }
        if (terms.record() && recording == null) {
            recording = exchange.startRecording(call, sid, "Conference", 1, terms.recordingCallback());
        }
        mix();
        if (!mixing) {
            participant.waitForStart(terms.music());
        }
        return participant;
    }

    private void rememberCallback(Terms terms) {
        if (callback == null) {
            callback = terms.callback();
        }
    }

    /** Opens the conversation when there are two and one of them may start it; brings newcomers into one that is open. */
    private void mix() {
        if (!mixing && inside() >= 2 && status == Status.IN_PROGRESS) {
            mixing = true;
            tell("conference-start", Map.of());
        }
        if (mixing) {
            participants.values().forEach(Participant::joinConversation);
        }
    }

    private long inside() {
        return participants.values().stream().filter(it -> it.inside).count();
    }

    /** Everybody out. */
    void end(String reason, @Nullable String by, String toParticipants) {
        if (status == Status.COMPLETED) {
            return;
        }
        status = Status.COMPLETED;
        updated = exchange.now();
        reasonEnded = reason;
        endedBy = by;
        exchange.forget(this);
        var leaving = participants.values().stream().filter(it -> it.inside).toList();
        leaving.forEach(it -> it.goOut(toParticipants));
        if (recording != null && recording.running()) {
            exchange.stopRecording(recording, false);
        }
        var fields = new LinkedHashMap<String, String>();
        fields.put("ReasonConferenceEnded", reason);
        if (by != null) {
            fields.put("CallSidEndingConference", by);
        }
        tell("conference-end", fields);
        leaving.forEach(it -> {
            exchange.hear(it.call, "conference", "ended");
            if (it.activity != null) {
                it.activity.released();
            }
        });
    }

    private void endWhenEmpty(String reason, String by) {
        if (participants.isEmpty()) {
            end(reason, by, "participant_hung_up");
        }
    }

    /** Everybody hears a message. */
    void announce(Next message) {
        participants.values().forEach(it -> it.announce(message));
    }

    @Nullable
    Participant find(String callSidOrLabel) {
        var byCall = participants.get(callSidOrLabel);
        if (byCall != null) {
            return byCall;
        }
        return participants.values().stream()
                .filter(it -> callSidOrLabel.equals(it.label))
                .findFirst()
                .orElse(null);
    }

    private void tell(String event, Map<String, String> more) {
        exchange.log().add(What.CONFERENCE, null, "conference", sid, "name", name, "event", event, "fields", more);
        var to = callback;
        if (to == null || !to.events().contains(subscription(event))) {
            return;
        }
        var fields = new LinkedHashMap<String, String>();
        fields.put("ConferenceSid", sid);
        fields.put("FriendlyName", name);
        fields.put("AccountSid", exchange.settings().accountSid());
        fields.put("SequenceNumber", Integer.toString(++callbacksSent));
        fields.put("Timestamp", exchange.timestamp());
        fields.put("StatusCallbackEvent", event);
        fields.putAll(more);
        exchange.webhooks()
                .notify(new Webhooks.Webhook(
                        Webhooks.Kind.CONFERENCE, more.get("CallSid"), to.url(), to.method(), fields));
    }

    /** The word in statusCallbackEvent that asks for an event. */
    private static String subscription(String event) {
        return switch (event) {
            case "conference-start" -> "start";
            case "conference-end" -> "end";
            case "participant-join" -> "join";
            case "participant-leave" -> "leave";
            case "participant-mute", "participant-unmute" -> "mute";
            case "participant-hold", "participant-unhold" -> "hold";
            case "participant-modify" -> "modify";
            case "participant-speech-start", "participant-speech-stop" -> "speaker";
            default -> "announcement";
        };
    }

    /** One call in the conference, or on its way into it. */
    final class Participant {

        final VirtualCall call;
        final @Nullable String label;
        final boolean startOnEnter;
        final Instant created = exchange.now();
        boolean endOnExit;
        boolean muted;
        boolean hold;
        boolean coaching;

        @Nullable
        String coached;

        private boolean inside;
        private boolean talked;
        private @Nullable InConference activity;
        private @Nullable HoldMusic music;
        private @Nullable Program announcement;

        private Participant(VirtualCall call, Terms terms) {
            this.call = call;
            this.label = terms.label();
            this.muted = terms.muted();
            this.startOnEnter = terms.startOnEnter();
            this.endOnExit = terms.endOnExit();
            this.coached = terms.coach();
            this.coaching = terms.coach() != null;
        }

        Conference conference() {
            return Conference.this;
        }

        String status() {
            if (inside) {
                return "connected";
            }
            return call.status == VirtualCall.Status.IN_PROGRESS ? "connecting" : call.status.word();
        }

        private void waitForStart(@Nullable Next wait) {
            listenTo(wait);
        }

        private void listenTo(@Nullable Next wait) {
            silence();
            var fields = Map.of("ConferenceSid", sid, "FriendlyName", name);
            music = new HoldMusic(exchange, call, wait, () -> fields, end -> {});
            music.start();
        }

        private void silence() {
            if (music != null) {
                music.stop(Stop.REDIRECTED);
                music = null;
            }
        }

        private void joinConversation() {
            if (!inside || talked) {
                return;
            }
            if (!hold) {
                silence();
            }
            talked = true;
            var others = talkingWith();
            exchange.hear(
                    call, "conference", others.isEmpty() ? "nobody else is here" : "with " + String.join(", ", others));
            exchange.turn(call);
        }

        void mute(boolean changed) {
            if (muted != changed) {
                muted = changed;
                tell(muted ? "participant-mute" : "participant-unmute", Map.of());
            }
        }

        void hold(boolean changed, @Nullable Next holdMusic) {
            if (hold == changed) {
                return;
            }
            hold = changed;
            if (hold) {
                listenTo(holdMusic);
            } else {
                silence();
                exchange.hear(call, "conference", "off hold");
            }
            tell(hold ? "participant-hold" : "participant-unhold", Map.of());
        }

        void modified() {
            tell("participant-modify", Map.of());
        }

        void announce(Next message) {
            if (!inside) {
                return;
            }
            var program = new Program(
                    exchange,
                    call,
                    Program.Purpose.MESSAGE,
                    end -> tell(end == Program.End.DONE ? "announcement-end" : "announcement-fail", Map.of()));
            announcement = program;
            program.fetch(message, Map.of("ConferenceSid", sid, "FriendlyName", name));
        }

        /** Leaves by itself or is told to; the conference may end with it. */
        void leave(String reason) {
            if (!inside) {
                return;
            }
            goOut(reason);
            for (var other : participants.values()) {
                if (other.inside && !other.hold && !hold && noticedBy(other)) {
                    exchange.hear(other.call, "conference", call.person() + " left");
                }
            }
            var how = reason.equals("participant_kicked") ? "kicked" : "left";
            if (endOnExit) {
                end("participant-with-end-conference-on-exit-" + how, call.sid, "moderator_ended_conference");
            } else if (inside() == 0) {
                end("last-participant-" + how, call.sid, "participant_hung_up");
            }
        }

        /** Thrown out; the call goes on with its TwiML. */
        void kick() {
            var was = activity;
            leave("participant_kicked");
            if (was != null) {
                was.released();
            }
        }

        private void goOut(String reason) {
            inside = false;
            silence();
            if (announcement != null) {
                announcement.stop(Stop.REDIRECTED);
            }
            participants.remove(call.sid);
            tell(
                    "participant-leave",
                    Map.of(
                            "ParticipantCallStatus",
                            call.status.word(),
                            "ReasonParticipantLeft",
                            reason.equals("participant_kicked") ? "participant_updated_via_api" : reason));
        }

        private void tell(String event, Map<String, String> more) {
            var fields = new LinkedHashMap<String, String>();
            fields.put("CallSid", call.sid);
            if (label != null) {
                fields.put("ParticipantLabel", label);
            }
            fields.put("Muted", Boolean.toString(muted));
            fields.put("Hold", Boolean.toString(hold));
            fields.put("Coaching", Boolean.toString(coaching));
            fields.put("EndConferenceOnExit", Boolean.toString(endOnExit));
            fields.put("StartConferenceOnEnter", Boolean.toString(startOnEnter));
            fields.putAll(more);
            Conference.this.tell(event, fields);
        }

        private boolean hears(Participant speaker) {
            return this != speaker
                    && inside
                    && speaker.inside
                    && mixing
                    && !hold
                    && !speaker.hold
                    && speaker.noticedBy(this);
        }

        /** Whether the other could hear this one breathe. */
        private boolean noticedBy(Participant other) {
            return !muted && (!coaching || other.call.sid.equals(coached));
        }

        boolean listens() {
            var waiting = music == null ? null : music.activity();
            return waiting != null && waiting.listens();
        }

        boolean press(char key) {
            var waiting = music == null ? null : music.activity();
            if (waiting != null) {
                return waiting.press(key);
            }
            return reaches("tone", String.valueOf(key));
        }

        boolean speak(String text) {
            var waiting = music == null ? null : music.activity();
            if (waiting != null) {
                return waiting.speak(text);
            }
            if (muted || hold) {
                return false;
            }
            if (recording != null) {
                recording.hear(text);
            }
            tell("participant-speech-start", Map.of());
            var heard = reaches("voice", text);
            tell("participant-speech-stop", Map.of());
            return heard;
        }

        private boolean reaches(String kind, String text) {
            var heard = false;
            for (var other : participants.values()) {
                if (other.hears(this)) {
                    exchange.hear(other.call, kind, text);
                    heard = true;
                }
            }
            return heard;
        }

        /** Whom this one hears. */
        List<String> talkingWith() {
            return participants.values().stream()
                    .filter(this::hears)
                    .map(other -> other.call.person())
                    .toList();
        }
    }
}
