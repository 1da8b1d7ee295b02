package io.cordboard.simulator.carrier;

import io.cordboard.simulator.carrier.Timeline.Kind;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Record: beep, then everything the caller says until a key, silence, the limit or the hang-up. */
final class TakingRecording implements Activity {

    private final Program program;
    private final Verb.TakeRecording verb;
    private @Nullable Recording recording;
    private Timeline.@Nullable Timer silence;
    private Timeline.@Nullable Timer limit;
    private boolean done;

    TakingRecording(Program program, Verb.TakeRecording verb) {
        this.program = program;
        this.verb = verb;
    }

    void start() {
        var exchange = program.exchange();
        if (verb.playBeep()) {
            exchange.hear(program.call(), "beep", "");
        }
        var callback = program.resolve(verb.recordingCallback());
        recording = exchange.startRecording(program.call(), null, "RecordVerb", 1, callback);
        limit = exchange.timeline().after(verb.maxLength(), Kind.WAIT, () -> finish(""));
        waitForSilence();
        exchange.turn(program.call());
    }

    private void waitForSilence() {
        if (silence != null) {
            silence.cancel();
        }
        silence = program.exchange().timeline().after(verb.timeout(), Kind.WAIT, () -> finish(""));
    }

    @Override
    public String where() {
        return "recording";
    }

    @Override
    public boolean listens() {
        return true;
    }

    @Override
    public boolean press(char key) {
        if (verb.finishOnKey().indexOf(key) < 0) {
            return false;
        }
        finish(String.valueOf(key));
        return true;
    }

    @Override
    public boolean speak(String text) {
        if (recording == null || done) {
            return false;
        }
        recording.hear(text);
        waitForSilence();
        return true;
    }

    private void finish(String digits) {
        if (done) {
            return;
        }
        done = true;
        var taken = close();
        if (taken == null || taken.text().isEmpty()) {
            program.proceed();
        } else {
            program.loop(verb.action(), verb.method(), result(taken, digits));
        }
    }

    private Map<String, String> result(Recording taken, String digits) {
        var result = new LinkedHashMap<String, String>();
        result.put("RecordingUrl", program.exchange().urlOf(taken));
        result.put("RecordingSid", taken.sid);
        result.put("RecordingDuration", Long.toString(taken.seconds()));
        result.put("Digits", digits);
        return result;
    }

    /** Ends the recording; a silent one is thrown away, as Twilio does. */
    private @Nullable Recording close() {
        var taken = recording;
        if (silence != null) {
            silence.cancel();
        }
        if (limit != null) {
            limit.cancel();
        }
        if (taken != null) {
            program.exchange().stopRecording(taken, taken.text().isEmpty());
            if (verb.transcribe() && !taken.text().isEmpty()) {
                program.exchange().transcribe(taken, program.call(), program.resolve(verb.transcribeCallback()));
            }
        }
        return taken;
    }

    @Override
    public void stop(Stop why) {
        if (done) {
            return;
        }
        done = true;
        var taken = close();
        if (why == Stop.HANGUP && taken != null && !taken.text().isEmpty() && verb.action() != null) {
            program.tell(verb.action(), result(taken, "hangup"));
        }
    }
}
