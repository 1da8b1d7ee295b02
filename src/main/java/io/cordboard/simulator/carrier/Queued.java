package io.cordboard.simulator.carrier;

import io.cordboard.simulator.carrier.Verb.Next;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Enqueue: the caller listens to the wait TwiML over and over until somebody picks the call up or it leaves. */
final class Queued implements Activity {

    private final Program program;
    private final Verb.Enqueue enqueue;
    private final Exchange exchange;
    private final VirtualCall call;
    private final CallQueue queue;
    private final Instant since;
    private final HoldMusic music;
    private @Nullable Program message;
    private @Nullable PickingUp partner;
    private boolean connected;
    private boolean done;

    Queued(Program program, Verb.Enqueue enqueue) {
        this.program = program;
        this.enqueue = enqueue;
        this.exchange = program.exchange();
        this.call = program.call();
        this.queue = exchange.queue(enqueue.queue());
        this.since = exchange.now();
        this.music = new HoldMusic(exchange, call, program.resolve(enqueue.music()), this::fields, this::waitingOver);
    }

    VirtualCall call() {
        return call;
    }

    Instant since() {
        return since;
    }

    long waited() {
        return Duration.between(since, exchange.now()).toSeconds();
    }

    void start() {
        if (queue.members.size() >= queue.maxSize) {
            leave("queue-full");
            return;
        }
        queue.members.put(call.sid, this);
        exchange.changed(call, "queued in " + queue.name);
        var taker = queue.takers.poll();
        if (taker != null) {
            taker.take(this);
        } else {
            music.start();
        }
    }

    private void waitingOver(Program.End end) {
        leave(end == Program.End.LEFT ? "leave" : "error");
    }

    private Map<String, String> fields() {
        var fields = new LinkedHashMap<String, String>();
        fields.put("QueueSid", queue.sid);
        fields.put("QueueTime", Long.toString(waited()));
        fields.put("QueuePosition", Integer.toString(queue.positionOf(call.sid)));
        fields.put("AvgQueueTime", Long.toString(queue.averageWait()));
        fields.put("CurrentQueueSize", Integer.toString(queue.members.size()));
        fields.put("MaxQueueSize", Integer.toString(queue.maxSize));
        return fields;
    }

    private Map<String, String> result(String result) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("QueueResult", result);
        fields.put("QueueSid", queue.sid);
        fields.put("QueueTime", Long.toString(waited()));
        return fields;
    }

    /** Somebody dials the queue and this caller is next. */
    void pickUp(PickingUp by, @Nullable Next whisper) {
        partner = by;
        silence(Stop.REDIRECTED);
        queue.remove(call.sid, waited());
        if (whisper == null) {
            connect();
            return;
        }
        var before = new Program(exchange, call, Program.Purpose.MESSAGE, end -> {
            if (!done) {
                connect();
            }
        });
        message = before;
        before.fetch(whisper, result("bridging-in-process"));
    }

    private void connect() {
        message = null;
        connected = true;
        if (partner != null) {
            partner.connected();
            exchange.hear(
                    call, "conversation", "connected with " + partner.call().person());
            exchange.turn(call);
        }
    }

    /** The other side has gone. */
    void released() {
        leave(connected ? "bridged" : "bridging-in-process");
    }

    /** Leaves the queue and goes on with the action. */
    private void leave(String how) {
        if (done) {
            return;
        }
        done = true;
        silence(Stop.REDIRECTED);
        queue.remove(call.sid, waited());
        exchange.changed(call, "left queue " + queue.name + ": " + how);
        program.proceed(enqueue.action(), result(how));
    }

    private void silence(Stop why) {
        music.stop(why);
        if (message != null) {
            message.stop(why);
            message = null;
        }
    }

    @Override
    public String where() {
        return connected ? "talking" : "queued";
    }

    @Override
    public boolean listens() {
        var inner = music.activity();
        return inner != null && inner.listens();
    }

    @Override
    public boolean press(char key) {
        var inner = music.activity();
        if (connected && partner != null) {
            exchange.hear(partner.call(), "tone", String.valueOf(key));
            return true;
        }
        return inner != null && inner.press(key);
    }

    @Override
    public boolean speak(String text) {
        var inner = music.activity();
        if (connected && partner != null) {
            exchange.hear(partner.call(), "voice", text);
            return true;
        }
        return inner != null && inner.speak(text);
    }

    @Override
    public List<String> talkingWith() {
        return connected && partner != null ? List.of(partner.call().person()) : List.of();
    }

    @Override
    public void stop(Stop why) {
        if (done) {
            return;
        }
        done = true;
        silence(why);
        queue.remove(call.sid, waited());
        var bridged = partner != null;
        program.tell(
                enqueue.action(),
                result(
                        why == Stop.HANGUP
                                ? (bridged ? "bridged" : "hangup")
                                : (bridged ? "redirected-from-bridged" : "redirected")));
        if (partner != null) {
            partner.released();
        }
    }
}
