package io.cordboard.simulator.carrier;

import io.cordboard.simulator.carrier.Activity.Stop;
import io.cordboard.simulator.carrier.Phones.Behaviour;
import io.cordboard.simulator.carrier.Timeline.Kind;
import io.cordboard.simulator.carrier.TruthLog.What;
import io.cordboard.simulator.carrier.Verb.Hook;
import io.cordboard.simulator.carrier.Verb.Next;
import io.cordboard.simulator.carrier.VirtualCall.Direction;
import io.cordboard.simulator.carrier.VirtualCall.Status;
import io.cordboard.simulator.carrier.Webhooks.Webhook;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The switch itself: every call, conference, queue and recording there is. Everything in here happens on the timeline. */
final class Exchange {

    static final DateTimeFormatter RFC_2822 = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.US)
            .withZone(ZoneOffset.UTC);

    private static final Duration REACTION = Duration.ofMillis(300);
    private static final Duration CALL_SET_UP = Duration.ofMillis(200);
    private static final Duration MACHINE_DETECTION = Duration.ofMillis(800);
    private static final Duration GREETING = Duration.ofSeconds(4);
    private static final Duration PROCESSING = Duration.ofMillis(500);
    private static final Duration TRANSCRIBING = Duration.ofSeconds(1);
    private static final Duration ONE_SECOND = Duration.ofSeconds(1);
    private static final int SIP_BUSY = 486;
    private static final int SIP_CANCELED = 487;
    private static final int SIP_NOT_FOUND = 404;
    private static final int SIP_DECLINED = 603;

    private final Map<String, VirtualCall> calls = new LinkedHashMap<>();
    private final Deque<VirtualCall> endedCalls = new ArrayDeque<>();
    private final Map<String, Conference> conferences = new LinkedHashMap<>();
    private final Map<String, Conference> liveConferences = new LinkedHashMap<>();
    private final Map<String, CallQueue> queues = new LinkedHashMap<>();
    private final Map<String, Recording> recordings = new LinkedHashMap<>();

    private final CarrierSettings settings;
    private final Clock clock;
    private final Timeline timeline;
    private final Webhooks webhooks;
    private final TruthLog log;
    private final Phones phones;
    private final Lines lines;
    private final Browsers browsers;
    private volatile String ownUrl = "http://localhost";

    Exchange(
            CarrierSettings settings,
            Clock clock,
            Timeline timeline,
            Webhooks webhooks,
            TruthLog log,
            Phones phones,
            Lines lines) {
        this.settings = settings;
        this.clock = clock;
        this.timeline = timeline;
        this.webhooks = webhooks;
        this.log = log;
        this.phones = phones;
        this.lines = lines;
        this.browsers = new Browsers(this);
    }

    CarrierSettings settings() {
        return settings;
    }

    Timeline timeline() {
        return timeline;
    }

    Webhooks webhooks() {
        return webhooks;
    }

    TruthLog log() {
        return log;
    }

    Lines lines() {
        return lines;
    }

    Browsers browsers() {
        return browsers;
    }

    Instant now() {
        return clock.instant();
    }

    String timestamp() {
        return RFC_2822.format(now());
    }

    void listensOn(int port) {
        ownUrl = "http://localhost:" + port;
    }

    String baseUrl() {
        return settings.baseUrl() == null ? ownUrl + "/simulator/carrier" : settings.baseUrl();
    }

    private Next ofProduct(String url, String method) {
        var base = settings.productUrl() == null ? ownUrl : settings.productUrl();
        return new Next(url.startsWith("/") ? base + url : url, method);
    }

    // --- calls

    @Nullable
    VirtualCall call(String sid) {
        return calls.get(sid);
    }

    /** @return all calls that are remembered, the newest first */
    List<VirtualCall> calls() {
        var all = new ArrayList<>(calls.values());
        Collections.reverse(all);
        return all;
    }

    /** Somebody picks up a virtual phone and dials one of the account's numbers. */
    VirtualCall place(String from, Lines.Owned to, List<String> script) {
        var line = to.line();
        var call = new VirtualCall(from, to.number(), Direction.INBOUND, null, now());
        call.script = Script.parse(script);
        call.fallback = line.voiceFallbackUrl() == null ? null : ofProduct(line.voiceFallbackUrl(), "POST");
        if (line.statusCallback() != null) {
            var told = ofProduct(line.statusCallback(), "POST");
            call.statusCallback = new Hook(told.url(), told.method(), Twiml.events("completed"));
        }
        calls.put(call.sid, call);
        status(call, Status.RINGING);
        hear(call, "ringing", "");
        main(call, program -> program.fetch(ofProduct(line.voiceUrl(), line.voiceMethod()), Map.of()));
        return call;
    }

    /** A leg that the network will ring when told to {@link #initiate}. */
    VirtualCall createLeg(String from, String to, Direction direction, @Nullable VirtualCall parent) {
        var call = new VirtualCall(from, to, direction, parent, now());
        call.script = Script.parse(phones.at(to).scriptOrNone());
        calls.put(call.sid, call);
        log.add(
                What.STATE,
                call.sid,
                "status",
                call.status.word(),
                "from",
                from,
                "to",
                to,
                "direction",
                direction.word());
        return call;
    }

    /** Starts ringing the phone on the other end. */
    void initiate(VirtualCall call, Duration ringFor) {
        tellStatus(call, "initiated", "initiated");
        timerOf(call, CALL_SET_UP, Kind.PROMPT, () -> ring(call, ringFor));
    }

    private void ring(VirtualCall call, Duration ringFor) {
        var phone = phones.at(call.to);
        var behaviour = phone.behaviourOrAnswer();
        if (behaviour == Behaviour.BUSY) {
            fail(call, Status.BUSY, SIP_BUSY);
            return;
        }
        if (behaviour == Behaviour.FAILED) {
            fail(call, Status.FAILED, SIP_NOT_FOUND);
            return;
        }
        status(call, Status.RINGING);
        hear(call, "ringing", "");
        tellStatus(call, "ringing", "ringing");
        timerOf(call, ringFor, Kind.WAIT, () -> {
            if (call.status == Status.RINGING) {
                fail(call, Status.NO_ANSWER, SIP_CANCELED);
            }
        });
        if (browsers.ring(call)) {
            return;
        }
        var pickUpAfter = Duration.ofMillis(phone.answerAfterMsOrDefault());
        if (behaviour == Behaviour.REJECT) {
            timerOf(call, pickUpAfter, Kind.WAIT, () -> decline(call));
        } else if (behaviour.picksUp()) {
            timerOf(call, pickUpAfter, Kind.WAIT, () -> answer(call));
        }
    }

    private void fail(VirtualCall call, Status as, int sipResponseCode) {
        call.sipResponseCode = sipResponseCode;
        end(call, as);
    }

    /** The person on the other end picks up. @return false when it does not ring (any more) */
    boolean answer(VirtualCall call) {
        if (call.status != Status.RINGING || call.direction == Direction.INBOUND) {
            return false;
        }
        var behaviour = phones.at(call.to).behaviourOrAnswer();
        call.answered = now();
        status(call, Status.IN_PROGRESS);
        tellStatus(call, "answered", "in-progress");
        limitTime(call);
        if (behaviour == Behaviour.HANG_UP) {
            timerOf(call, ONE_SECOND, Kind.WAIT, () -> end(call, Status.COMPLETED));
        }
        detectMachine(call, behaviour == Behaviour.MACHINE);
        return true;
    }

    /** Without machine detection the TwiML starts at once; with it after the verdict, unless that comes separately. */
    private void detectMachine(VirtualCall call, boolean machine) {
        var detection = call.answeringMachineDetection;
        if (detection == null) {
            call.whenAnswered.run();
            return;
        }
        var toEnd = detection.equals("DetectMessageEnd");
        var verdict = !machine ? "human" : toEnd ? "machine_end_beep" : "machine_start";
        var takes = machine && toEnd ? GREETING : MACHINE_DETECTION;
        var separately = call.amdCallback;
        if (separately != null) {
            call.whenAnswered.run();
        }
        timerOf(call, takes, Kind.WAIT, () -> {
            call.answeredBy = verdict;
            if (separately == null) {
                call.whenAnswered.run();
                return;
            }
            var fields = new LinkedHashMap<String, String>();
            fields.put("CallSid", call.sid);
            fields.put("AccountSid", settings.accountSid());
            fields.put("AnsweredBy", verdict);
            fields.put("MachineDetectionDuration", Long.toString(takes.toMillis()));
            webhooks.notify(new Webhook(Webhooks.Kind.AMD, call.sid, separately.url(), separately.method(), fields));
        });
    }

    /** The TwiML of an inbound call answers it with its first verb that is heard. */
    void answerInbound(VirtualCall call) {
        if (call.direction == Direction.INBOUND && call.status == Status.RINGING) {
            call.answered = now();
            status(call, Status.IN_PROGRESS);
            tellStatus(call, "answered", "in-progress");
            limitTime(call);
        }
    }

    private void limitTime(VirtualCall call) {
        timerOf(call, call.timeLimit, Kind.WAIT, () -> end(call, Status.COMPLETED));
    }

    /** The person puts the phone down. */
    void hangUp(VirtualCall call) {
        log.add(What.INPUT, call.sid, "does", "hangs up");
        if (call.status == Status.IN_PROGRESS) {
            end(call, Status.COMPLETED);
        } else if (call.direction == Direction.INBOUND) {
            end(call, Status.NO_ANSWER);
        } else {
            decline(call);
        }
    }

    /** The person on the other end does not want the call. @return false when it does not ring (any more) */
    boolean decline(VirtualCall call) {
        if (call.status != Status.RINGING || call.direction == Direction.INBOUND) {
            return false;
        }
        fail(call, Status.NO_ANSWER, SIP_DECLINED);
        return true;
    }

    /** Ends a call, whatever it is busy with. Does nothing when it has ended already. */
    void end(VirtualCall call, Status as) {
        if (call.status.ended()) {
            return;
        }
        call.ended = now();
        call.status = as;
        call.updated = now();
        hear(call, as == Status.BUSY ? "busy" : "ended", as.word());
        call.timers.forEach(Timeline.Timer::cancel);
        call.timers.clear();
        breakOff(call, Stop.HANGUP);
        if (call.recording != null && call.recording.running()) {
            stopRecording(call.recording, false);
        }
        log.add(What.STATE, call.sid, "status", as.word());
        tellStatus(call, "completed", as.word());
        List.copyOf(call.whenEnded).forEach(Runnable::run);
        call.whenEnded.clear();
        forgetOldCalls(call);
    }

    private void breakOff(VirtualCall call, Stop why) {
        var program = call.program;
        var bridge = call.bridge;
        call.program = null;
        call.bridge = null;
        if (program != null) {
            program.stop(why);
        }
        if (bridge != null) {
            bridge.stop(why);
        }
    }

    private void forgetOldCalls(VirtualCall latest) {
        endedCalls.addLast(latest);
        var oldest = now().minus(settings.rememberFor());
        while (endedCalls.size() > settings.endedCalls()
                || (!endedCalls.isEmpty() && endedSince(endedCalls.getFirst(), oldest))) {
            calls.remove(endedCalls.removeFirst().sid);
        }
        drop(recordings, settings.endedCalls(), it -> !it.running());
        drop(conferences, settings.endedCalls(), it -> it.status == Conference.Status.COMPLETED);
    }

    private static boolean endedSince(VirtualCall call, Instant before) {
        return call.ended != null && call.ended.isBefore(before);
    }

    private static <T> void drop(Map<String, T> kept, int most, java.util.function.Predicate<T> droppable) {
        var oldestFirst = kept.values().iterator();
        while (kept.size() > most && oldestFirst.hasNext() && droppable.test(oldestFirst.next())) {
            oldestFirst.remove();
        }
    }

    void forget(VirtualCall call) {
        calls.remove(call.sid);
        endedCalls.remove(call);
    }

    /** A REST command gives the call other TwiML, from a URL or inline. */
    void redirect(VirtualCall call, @Nullable Next to, @Nullable List<Verb> inline) {
        breakOff(call, Stop.REDIRECTED);
        main(call, program -> start(program, to, inline));
    }

    /** What the call does when it is answered. */
    void whenAnswered(VirtualCall call, @Nullable Next to, @Nullable List<Verb> inline) {
        call.whenAnswered = () -> main(call, program -> start(program, to, inline));
    }

    private static void start(Program program, @Nullable Next to, @Nullable List<Verb> inline) {
        if (to != null) {
            program.fetch(to, Map.of());
        } else {
            program.run(inline == null ? List.of() : inline);
        }
    }

    private void main(VirtualCall call, Consumer<Program> start) {
        var program = new Program(this, call, Program.Purpose.MAIN, end -> end(call, Status.COMPLETED));
        call.program = program;
        start.accept(program);
    }

    private void timerOf(VirtualCall call, Duration delay, Kind kind, Runnable task) {
        call.timers.add(timeline.after(delay, kind, () -> {
            if (!call.status.ended()) {
                task.run();
            }
        }));
    }

    private void status(VirtualCall call, Status status) {
        call.status = status;
        call.updated = now();
        log.add(
                What.STATE,
                call.sid,
                "status",
                status.word(),
                "from",
                call.from,
                "to",
                call.to,
                "direction",
                call.direction.word());
    }

    /** Writes into the log where the call has got to. */
    void changed(VirtualCall call, String where) {
        log.add(What.STATE, call.sid, "status", call.status.word(), "where", where);
    }

    /** Simulated seconds since the answer. */
    long secondsOf(VirtualCall call) {
        if (call.answered == null) {
            return 0;
        }
        var until = call.ended == null ? now() : call.ended;
        return Math.max(1, Math.round(Duration.between(call.answered, until).toMillis() / 1000.0));
    }

    // --- the person on the phone

    /** The person on this leg hears something. */
    void hear(VirtualCall call, String kind, String text) {
        call.keep(new TestPhone.Heard(now(), kind, text));
        log.add(What.HEARD, call.sid, "kind", kind, "text", text);
    }

    /** It is the person's turn: they do the next line of their script, if they have one. */
    void turn(VirtualCall call) {
        var act = call.script.next();
        if (act == null || act instanceof Script.StaySilent) {
            return;
        }
        if (act instanceof Script.Talk talk) {
            timerOf(call, talk.duration(), Kind.WAIT, () -> turn(call));
        } else {
            timerOf(call, REACTION, Kind.WAIT, () -> act(call, act));
        }
    }

    private void act(VirtualCall call, Script.Act act) {
        if (act instanceof Script.Press press) {
            press(call, press.digits());
        } else if (act instanceof Script.Speak speak) {
            speak(call, speak.text());
            if (call.activity() instanceof TakingRecording) {
                turn(call);
            }
        } else if (act instanceof Script.HangUp) {
            hangUp(call);
        }
    }

    /** @return how many of the keys anybody took notice of */
    int press(VirtualCall call, String digits) {
        var noticed = 0;
        for (var key : digits.toCharArray()) {
            var activity = call.activity();
            if (activity != null && activity.press(key)) {
                noticed++;
            }
        }
        log.add(What.INPUT, call.sid, "does", "presses", "digits", digits, "noticed", noticed);
        return noticed;
    }

    /** @return whether anybody took notice */
    boolean speak(VirtualCall call, String text) {
        var activity = call.activity();
        var noticed = activity != null && activity.speak(text);
        if (call.recording != null) {
            call.recording.hear(text);
        }
        log.add(What.INPUT, call.sid, "does", "says", "text", text, "noticed", noticed);
        return noticed;
    }

    // --- webhooks

    /** The parameters that come with every voice request. */
    Map<String, String> fieldsOf(VirtualCall call) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("CallSid", call.sid);
        fields.put("AccountSid", settings.accountSid());
        fields.put("From", call.from);
        fields.put("To", call.to);
        fields.put("Caller", call.from);
        fields.put("Called", call.to);
        fields.put("CallStatus", call.status.word());
        fields.put("ApiVersion", "2010-04-01");
        fields.put("Direction", call.direction.word());
        if (call.parent != null) {
            fields.put("ParentCallSid", call.parent.sid);
        }
        if (call.answeredBy != null) {
            fields.put("AnsweredBy", call.answeredBy);
        }
        if (call.direction == Direction.INBOUND) {
            fields.put("StirVerstat", "TN-Validation-Passed-A");
            fields.put("CallToken", "{\"parentCallInfoToken\":\"" + call.sid + "\"}");
        }
        for (var side : List.of("From", "To", "Caller", "Called")) {
            fields.put(side + "City", "");
            fields.put(side + "State", "");
            fields.put(side + "Zip", "");
            fields.put(side + "Country", "US");
        }
        return fields;
    }

    /** Asks the product for TwiML; the verbs arrive on the timeline. */
    void askForTwiml(
            VirtualCall call,
            boolean whileWaiting,
            String url,
            String method,
            Map<String, String> extra,
            Consumer<Fetched> then) {
        var fields = fieldsOf(call);
        fields.putAll(extra);
        var kind = whileWaiting ? Webhooks.Kind.WAIT : Webhooks.Kind.VOICE;
        webhooks.send(new Webhook(kind, call.sid, url, method, fields), outcome -> then.accept(Fetched.of(outcome)));
    }

    /** Requests an action URL whose answer does not matter any more. */
    void tellAction(VirtualCall call, String url, String method, Map<String, String> extra) {
        var fields = fieldsOf(call);
        fields.putAll(extra);
        webhooks.notify(new Webhook(Webhooks.Kind.VOICE, call.sid, url, method, fields));
    }

    private void tellStatus(VirtualCall call, String event, String callStatus) {
        var told = call.statusCallback;
        if (told == null || !told.events().contains(event)) {
            return;
        }
        var fields = fieldsOf(call);
        fields.put("CallStatus", callStatus);
        fields.put("Timestamp", timestamp());
        fields.put("CallbackSource", "call-progress-events");
        fields.put("SequenceNumber", Integer.toString(call.callbacksSent++));
        if (event.equals("completed")) {
            var seconds = call.durationSeconds();
            fields.put("Duration", Long.toString((seconds + 59) / 60));
            fields.put("CallDuration", Long.toString(seconds));
            fields.put("SipResponseCode", Integer.toString(call.sipResponseCode));
            if (call.recording != null) {
                fields.put("RecordingUrl", urlOf(call.recording));
                fields.put("RecordingSid", call.recording.sid);
                fields.put("RecordingDuration", Long.toString(call.recording.seconds()));
            }
        }
        webhooks.notify(new Webhook(Webhooks.Kind.STATUS, call.sid, told.url(), told.method(), fields));
    }

    // --- conferences and queues

    /** The live conference of that name; a new one when there is none. */
    Conference conference(String name) {
        return liveConferences.computeIfAbsent(name, absent -> {
            var created = new Conference(this, name);
            conferences.put(created.sid, created);
            return created;
        });
    }

    /** By SID, or by friendly name while it lives. */
    @Nullable
    Conference findConference(String sidOrName) {
        var bySid = conferences.get(sidOrName);
        return bySid != null ? bySid : liveConferences.get(sidOrName);
    }

    List<Conference> conferences() {
        var all = new ArrayList<>(conferences.values());
        Collections.reverse(all);
        return all;
    }

    void forget(Conference ended) {
        liveConferences.remove(ended.name, ended);
    }

    CallQueue queue(String name) {
        return queues.computeIfAbsent(name, absent -> new CallQueue(name, CallQueue.DEFAULT_MAX_SIZE, now()));
    }

    void add(CallQueue queue) {
        queues.put(queue.name, queue);
    }

    @Nullable
    CallQueue existingQueue(String sidOrName) {
        var byName = queues.get(sidOrName);
        return byName != null
                ? byName
                : queues.values().stream()
                        .filter(it -> it.sid.equals(sidOrName))
                        .findFirst()
                        .orElse(null);
    }

    List<CallQueue> queues() {
        return List.copyOf(queues.values());
    }

    void remove(CallQueue queue) {
        queues.remove(queue.name);
    }

    // --- recordings

    Recording startRecording(
            VirtualCall call, @Nullable String conference, String source, int channels, @Nullable Hook callback) {
        var recording = new Recording(timeline, call.sid, conference, source, channels, callback, now());
        recordings.put(recording.sid, recording);
        if (!source.equals("RecordVerb")) {
            call.recording = conference == null ? recording : call.recording;
        }
        tellRecording(recording, call, "in-progress");
        return recording;
    }

    /** Ends a recording; a little later it is ready, or absent when there was nothing to hear. */
    void stopRecording(Recording recording, boolean absent) {
        if (!recording.running()) {
            return;
        }
        recording.end("processing");
        recording.updated = now();
        timeline.after(PROCESSING, Kind.PROMPT, () -> {
            recording.status = absent ? "absent" : "completed";
            recording.updated = now();
            var call = calls.get(recording.call);
            if (call != null) {
                tellRecording(recording, call, recording.status);
            }
        });
    }

    private void tellRecording(Recording recording, VirtualCall call, String status) {
        var told = recording.callback;
        if (told == null || !told.events().contains(status)) {
            return;
        }
        var fields = new LinkedHashMap<String, String>();
        fields.put("AccountSid", settings.accountSid());
        fields.put("CallSid", call.sid);
        if (recording.conference != null) {
            fields.put("ConferenceSid", recording.conference);
        }
        fields.put("RecordingSid", recording.sid);
        fields.put("RecordingUrl", urlOf(recording));
        fields.put("RecordingStatus", status);
        fields.put("RecordingDuration", Long.toString(recording.seconds()));
        fields.put("RecordingChannels", Integer.toString(recording.channels));
        fields.put("RecordingStartTime", RFC_2822.format(recording.started));
        fields.put("RecordingSource", recording.source);
        fields.put("RecordingTrack", "both");
        webhooks.notify(new Webhook(Webhooks.Kind.RECORDING, call.sid, told.url(), told.method(), fields));
    }

    /** Writes down what was said, and tells whoever asked for it. */
    void transcribe(Recording recording, VirtualCall call, @Nullable Hook told) {
        if (told == null) {
            return;
        }
        timeline.after(TRANSCRIBING, Kind.WAIT, () -> {
            var transcription = Sids.next("TR");
            var fields = fieldsOf(call);
            fields.put("RecordingSid", recording.sid);
            fields.put("RecordingUrl", urlOf(recording));
            fields.put("TranscriptionSid", transcription);
            fields.put("TranscriptionStatus", "completed");
            fields.put("TranscriptionText", recording.text());
            fields.put("TranscriptionType", "fast");
            fields.put("TranscriptionUrl", accountUrl() + "/Transcriptions/" + transcription);
            webhooks.notify(new Webhook(Webhooks.Kind.TRANSCRIPTION, call.sid, told.url(), told.method(), fields));
        });
    }

    @Nullable
    Recording recording(String sid) {
        return recordings.get(sid);
    }

    List<Recording> recordings() {
        var all = new ArrayList<>(recordings.values());
        Collections.reverse(all);
        return all;
    }

    void forget(Recording recording) {
        recordings.remove(recording.sid);
    }

    String urlOf(Recording recording) {
        return accountUrl() + "/Recordings/" + recording.sid;
    }

    private String accountUrl() {
        return baseUrl() + "/2010-04-01/Accounts/" + settings.accountSid();
    }
}
