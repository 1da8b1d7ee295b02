package io.cordboard.simulator.carrier;

import io.cordboard.simulator.carrier.Timeline.Kind;
import io.cordboard.simulator.carrier.VirtualCall.Status;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Dial to phones: rings all of them at once, the first to answer is connected, the others stop ringing. */
final class Dialling implements Activity {

    private final Program program;
    private final Verb.Dial dial;
    private final Exchange exchange;
    private final VirtualCall call;
    private final Map<VirtualCall, Verb.ToPhone> legs = new LinkedHashMap<>();
    private @Nullable VirtualCall winner;
    private @Nullable Recording recording;
    private boolean talking;
    private boolean done;

    Dialling(Program program, Verb.Dial dial) {
        this.program = program;
        this.dial = dial;
        this.exchange = program.exchange();
        this.call = program.call();
    }

    void start() {
        exchange.hear(call, "ringing", "calling");
        var from = dial.callerId() == null ? call.from : dial.callerId();
        for (var target : dial.targets()) {
            var phone = (Verb.ToPhone) target;
            var leg = exchange.createLeg(from, phone.address(), VirtualCall.Direction.OUTBOUND_DIAL, call);
            leg.statusCallback = program.resolve(phone.callback());
            leg.whenAnswered = () -> answered(leg, phone);
            leg.whenEnded.add(() -> ended(leg));
            legs.put(leg, phone);
        }
        List.copyOf(legs.keySet()).forEach(leg -> exchange.initiate(leg, dial.timeout()));
    }

    private void answered(VirtualCall leg, Verb.ToPhone phone) {
        if (done || winner != null) {
            exchange.end(leg, Status.COMPLETED);
            return;
        }
        winner = leg;
        for (var other : List.copyOf(legs.keySet())) {
            if (other != leg) {
                exchange.end(other, Status.CANCELED);
            }
        }
        var whisper = program.resolve(phone.whisper());
        if (whisper == null) {
            connect(leg);
        } else {
            var message = new Program(exchange, leg, Program.Purpose.MESSAGE, end -> connect(leg));
            leg.program = message;
            message.fetch(whisper, Map.of());
        }
    }

    private void connect(VirtualCall leg) {
        if (done || leg.status.ended()) {
            return;
        }
        leg.program = null;
        leg.bridge = new OtherSide();
        talking = true;
        exchange.answerInbound(call);
        exchange.hear(call, "conversation", "connected with " + leg.person());
        exchange.hear(leg, "conversation", "connected with " + call.person());
        if (dial.record()) {
            recording = exchange.startRecording(call, null, "DialVerb", 1, program.resolve(dial.recordingCallback()));
        }
        leg.timers.add(
                exchange.timeline().after(dial.timeLimit(), Kind.WAIT, () -> exchange.end(leg, Status.COMPLETED)));
        exchange.turn(call);
        exchange.turn(leg);
    }

    private void ended(VirtualCall leg) {
        legs.remove(leg);
        if (leg == winner || (winner == null && legs.isEmpty())) {
            finish(talking ? Status.COMPLETED.word() : leg.status.word(), leg);
        }
    }

    private void finish(String status, VirtualCall leg) {
        if (done) {
            return;
        }
        close();
        program.proceed(dial.action(), result(status, leg));
    }

    private Map<String, String> result(String status, @Nullable VirtualCall leg) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("DialCallStatus", status);
        if (leg != null) {
            fields.put("DialCallSid", leg.sid);
            fields.put("DialBridged", Boolean.toString(talking));
            if (leg.answered != null) {
                fields.put("DialCallDuration", Long.toString(exchange.secondsOf(leg)));
            }
        }
        if (recording != null) {
            fields.put("RecordingUrl", exchange.urlOf(recording));
            fields.put("RecordingSid", recording.sid);
            fields.put("RecordingDuration", Long.toString(recording.seconds()));
        }
        return fields;
    }

    private void close() {
        done = true;
        if (recording != null) {
            exchange.stopRecording(recording, false);
        }
    }

    private boolean say(VirtualCall listener, String text) {
        if (!talking) {
            return false;
        }
        if (recording != null) {
            recording.hear(text);
        }
        exchange.hear(listener, "voice", text);
        return true;
    }

    @Override
    public String where() {
        return talking ? "talking" : "dialing";
    }

    @Override
    public boolean press(char key) {
        if (winner == null || !talking) {
            return false;
        }
        if (key == '*' && dial.hangupOnStar()) {
            exchange.end(winner, Status.COMPLETED);
        } else {
            exchange.hear(winner, "tone", String.valueOf(key));
        }
        return true;
    }

    @Override
    public boolean speak(String text) {
        return winner != null && say(winner, text);
    }

    @Override
    public List<String> talkingWith() {
        return winner != null && talking ? List.of(winner.person()) : List.of();
    }

    @Override
    public void stop(Stop why) {
        if (done) {
            return;
        }
        close();
        var last = winner;
        for (var leg : List.copyOf(legs.keySet())) {
            last = leg;
            exchange.end(leg, leg.answered == null ? Status.CANCELED : Status.COMPLETED);
        }
        if (why == Stop.HANGUP) {
            program.tell(dial.action(), result(talking ? "completed" : "canceled", last));
        }
    }

    /** What the called leg is busy with while it is connected. */
    private final class OtherSide implements Activity {

        @Override
        public String where() {
            return "talking";
        }

        @Override
        public boolean press(char key) {
            exchange.hear(call, "tone", String.valueOf(key));
            return true;
        }

        @Override
        public boolean speak(String text) {
            return say(call, text);
        }

        @Override
        public List<String> talkingWith() {
            return List.of(call.person());
        }

        @Override
        public void stop(Stop why) {
            if (why == Stop.REDIRECTED && winner != null) {
                finish(Status.COMPLETED.word(), winner);
            }
        }
    }
}
