package io.cordboard.simulator.carrier;

import io.cordboard.simulator.carrier.Timeline.Kind;
import java.time.Duration;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** Gather: plays its prompts and collects keys or speech; falls through to the next verb when nothing comes. */
final class Gathering implements Activity {

    private final Program program;
    private final Verb.Gather gather;
    private final StringBuilder digits = new StringBuilder();
    private final StringBuilder words = new StringBuilder();
    private boolean listening;
    private boolean done;
    private Timeline.@Nullable Timer deadline;

    Gathering(Program program, Verb.Gather gather) {
        this.program = program;
        this.gather = gather;
    }

    void start() {
        prompt(0);
    }

    private void prompt(int index) {
        if (listening || done) {
            return;
        }
        if (index < gather.prompts().size()) {
            program.play(gather.prompts().get(index), () -> prompt(index + 1));
        } else {
            listen(gather.timeout());
            program.exchange().turn(program.call());
        }
    }

    private void listen(Duration atMost) {
        listening = true;
        program.quiet();
        if (deadline != null) {
            deadline.cancel();
        }
        deadline = program.exchange().timeline().after(atMost, Kind.WAIT, () -> finish(""));
    }

    @Override
    public String where() {
        return "gathering";
    }

    @Override
    public boolean listens() {
        return true;
    }

    @Override
    public boolean press(char key) {
        if (!gather.dtmf()) {
            return false;
        }
        words.setLength(0);
        if (gather.finishOnKey().indexOf(key) >= 0) {
            finish(String.valueOf(key));
            return true;
        }
        digits.append(key);
        if (digits.length() == gather.numDigits()) {
            finish("");
        } else {
            listen(gather.timeout());
        }
        return true;
    }

    @Override
    public boolean speak(String text) {
        if (!gather.speech() || !digits.isEmpty() || (!listening && !gather.bargeIn())) {
            return false;
        }
        words.append(words.isEmpty() ? "" : " ").append(text);
        listen(gather.speechTimeout());
        return true;
    }

    private void finish(String finishedOn) {
        if (done) {
            return;
        }
        done = true;
        stop(Stop.REDIRECTED);
        program.quiet();
        var result = new LinkedHashMap<String, String>();
        if (!digits.isEmpty() || (words.isEmpty() && gather.dtmf())) {
            result.put("Digits", digits.toString());
            result.put("FinishedOnKey", finishedOn);
        }
        if (!words.isEmpty() || (digits.isEmpty() && gather.speech())) {
            result.put("SpeechResult", words.toString());
            result.put("Confidence", words.isEmpty() ? "0.0" : "0.92");
            result.put("Language", "en-US");
        }
        result.put("msg", "Gather End");
        if (digits.isEmpty() && words.isEmpty() && !gather.actionOnEmptyResult()) {
            program.proceed();
        } else {
            program.loop(gather.action(), gather.method(), result);
        }
    }

    @Override
    public void stop(Stop why) {
        done = true;
        if (deadline != null) {
            deadline.cancel();
        }
    }
}
