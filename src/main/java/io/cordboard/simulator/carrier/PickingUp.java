package io.cordboard.simulator.carrier;

import io.cordboard.simulator.carrier.Timeline.Kind;
import io.cordboard.simulator.carrier.Verb.Next;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Dial Queue: takes the caller at the front of a queue, or waits for one. */
final class PickingUp implements Activity {

    private final Program program;
    private final Verb.Dial dial;
    private final Verb.ToQueue target;
    private final Exchange exchange;
    private @Nullable CallQueue queue;
    private @Nullable Queued taken;
    private Timeline.@Nullable Timer deadline;
    private boolean talking;
    private boolean done;

    PickingUp(Program program, Verb.Dial dial, Verb.ToQueue target) {
        this.program = program;
        this.dial = dial;
        this.target = target;
        this.exchange = program.exchange();
    }

    VirtualCall call() {
        return program.call();
    }

    void start() {
        queue = exchange.existingQueue(target.name());
        if (queue == null) {
            finish("failed");
            return;
        }
        var front = queue.front();
        if (front != null) {
            take(front);
        } else {
            exchange.hear(call(), "ringing", "waiting for a caller in " + target.name());
            queue.takers.add(this);
            deadline = exchange.timeline().after(dial.timeout(), Kind.WAIT, () -> finish("no-answer"));
        }
    }

    void take(Queued caller) {
        if (deadline != null) {
            deadline.cancel();
        }
        taken = caller;
        var whisper = target.whisper();
        var url = whisper == null ? null : program.resolve(whisper.url());
        caller.pickUp(this, whisper == null || url == null ? null : new Next(url, whisper.method()));
    }

    void connected() {
        exchange.answerInbound(call());
        talking = true;
        if (taken != null) {
            exchange.hear(
                    call(), "conversation", "connected with " + taken.call().person());
        }
        exchange.turn(call());
    }

    void released() {
        finish(talking ? "completed" : "no-answer");
    }

    private void finish(String status) {
        if (done) {
            return;
        }
        close();
        program.proceed(dial.action(), result(status));
    }

    private void close() {
        done = true;
        if (deadline != null) {
            deadline.cancel();
        }
        if (queue != null) {
            queue.takers.remove(this);
        }
    }

    private Map<String, String> result(String status) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("DialCallStatus", status);
        if (queue != null) {
            fields.put("QueueSid", queue.sid);
        }
        if (taken != null) {
            fields.put("DialCallSid", taken.call().sid);
        }
        return fields;
    }

    @Override
    public String where() {
        return talking ? "talking" : "dialing";
    }

    @Override
    public boolean press(char key) {
        if (key == '*' && dial.hangupOnStar()) {
            letGo();
            finish("completed");
            return true;
        }
        return false;
    }

    @Override
    public boolean speak(String text) {
        if (!talking || taken == null) {
            return false;
        }
        exchange.hear(taken.call(), "voice", text);
        return true;
    }

    @Override
    public List<String> talkingWith() {
        return talking && taken != null ? List.of(taken.call().person()) : List.of();
    }

    @Override
    public void stop(Stop why) {
        if (done) {
            return;
        }
        close();
        if (why == Stop.HANGUP) {
            program.tell(dial.action(), result(talking ? "completed" : "canceled"));
        }
        letGo();
    }

    private void letGo() {
        if (taken != null) {
            taken.released();
        }
    }
}
