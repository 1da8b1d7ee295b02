package io.cordboard.simulator.carrier;

import io.cordboard.simulator.carrier.Activity.Stop;
import io.cordboard.simulator.carrier.Timeline.Kind;
import io.cordboard.simulator.carrier.TruthLog.What;
import io.cordboard.simulator.carrier.Verb.Next;
import io.cordboard.simulator.carrier.Verb.Prompt;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Carries out TwiML on one call: fetches a document, does its verbs one after the other, follows where they lead. */
final class Program {

    /** Documents in a row in which nothing takes any time; then it is a loop. */
    private static final int MOST_IDLE_DOCUMENTS = 25;

    private static final Duration PER_CHARACTER = Duration.ofMillis(60);
    private static final Duration SHORTEST_SAY = Duration.ofMillis(400);
    private static final Duration PLAY = Duration.ofSeconds(4);
    private static final Duration PER_TONE = Duration.ofMillis(300);

    /** What the TwiML is for. */
    enum Purpose {
        /** The call itself; the call ends with it. */
        MAIN,
        /** Somebody waits in a queue, before a conference, or on hold. */
        HOLD_MUSIC,
        /** A message into a conference, or to one side before two are connected. */
        MESSAGE
    }

    /** How it ended, when not with the call. */
    enum End {
        DONE,
        LEFT,
        FAILED
    }

    private final Exchange exchange;
    private final VirtualCall call;
    private final Purpose purpose;
    private final Consumer<End> whenOver;
    private @Nullable URI document;
    private List<Verb> verbs = List.of();
    private int next;
    private int idleDocuments;
    private boolean usedFallback;
    private boolean over;
    private boolean speaking;
    private @Nullable Activity activity;
    private Timeline.@Nullable Timer prompt;

    Program(Exchange exchange, VirtualCall call, Purpose purpose, Consumer<End> whenOver) {
        this.exchange = exchange;
        this.call = call;
        this.purpose = purpose;
        this.whenOver = whenOver;
    }

    Exchange exchange() {
        return exchange;
    }

    VirtualCall call() {
        return call;
    }

    @Nullable
    Activity activity() {
        return activity;
    }

    boolean speaking() {
        return speaking;
    }

    boolean over() {
        return over;
    }

    /** Breaks off whatever is under way. */
    void stop(Stop why) {
        if (over) {
            return;
        }
        over = true;
        quiet();
        var broken = activity;
        activity = null;
        if (broken != null) {
            broken.stop(why);
        }
    }

    /** Asks the product for a document and carries it out. */
    void fetch(Next from, Map<String, String> extra) {
        var url = resolve(from.url());
        if (url == null) {
            fail(11100, "Invalid URL \"" + from.url() + "\": action URLs must be absolute when the TwiML came inline");
            return;
        }
        activity = null;
        exchange.askForTwiml(call, purpose == Purpose.HOLD_MUSIC, url, from.method(), extra, fetched -> {
            if (over) {
                return;
            }
            if (fetched.error() != null) {
                fallBackOrFail(url, fetched.error());
            } else {
                document = URI.create(ConnectionOverrides.withoutFragment(url));
                run(fetched.verbs());
            }
        });
    }

    void run(List<Verb> verbs) {
        this.verbs = verbs;
        this.next = 0;
        if (++idleDocuments > MOST_IDLE_DOCUMENTS) {
            fail(12100, MOST_IDLE_DOCUMENTS + " documents in a row in which nothing is said or asked");
        } else {
            proceed();
        }
    }

    /** Goes on with the verb after the one that was being carried out. */
    void proceed() {
        activity = null;
        if (over) {
            return;
        }
        if (next < verbs.size()) {
            perform(verbs.get(next++));
        } else {
            finish(End.DONE);
        }
    }

    /** Goes on with the action, or with the next verb when there is none. */
    void proceed(@Nullable Next action, Map<String, String> extra) {
        if (action == null) {
            proceed();
        } else {
            fetch(action, extra);
        }
    }

    /** Goes on with the action; the document itself is its own action when there is none. */
    void loop(@Nullable Next action, String method, Map<String, String> extra) {
        fetch(action != null ? action : new Next("", method), extra);
    }

    /** Tells the action, without doing what it answers: the call is over or elsewhere. */
    void tell(@Nullable Next action, Map<String, String> extra) {
        var url = action == null ? null : resolve(action.url());
        if (action != null && url != null) {
            exchange.tellAction(call, url, action.method(), extra);
        }
    }

    @Nullable
    String resolve(String url) {
        try {
            if (url.isBlank()) {
                return document == null ? null : document.toString();
            }
            var reference = URI.create(url);
            if (reference.isAbsolute()) {
                return url;
            }
            return document == null ? null : document.resolve(reference).toString();
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }

    /** The same with an absolute URL; an empty URL stays empty, one that cannot be resolved becomes a broken one. */
    @Nullable
    Next resolve(@Nullable Next next) {
        if (next == null || next.url().isBlank()) {
            return next;
        }
        var url = resolve(next.url());
        return new Next(url == null ? "about:invalid" : url, next.method());
    }

    Verb.@Nullable Hook resolve(Verb.@Nullable Hook callback) {
        var url = callback == null ? null : resolve(callback.url());
        return callback == null || url == null ? null : new Verb.Hook(url, callback.method(), callback.events());
    }

    private void perform(Verb verb) {
        exchange.log().add(What.TWIML_VERB, call.sid, "verb", verb.getClass().getSimpleName(), "text", verb.toString());
        if (purpose == Purpose.MAIN && answers(verb)) {
            exchange.answerInbound(call);
        }
        if (verb instanceof Prompt it) {
            idleDocuments = 0;
            play(it, this::proceed);
        } else if (verb instanceof Verb.Gather gather) {
            idleDocuments = 0;
            begin(new Gathering(this, gather), Gathering::start);
        } else if (verb instanceof Verb.Redirect redirect) {
            fetch(redirect.to(), Map.of());
        } else if (verb instanceof Verb.Hangup) {
            exchange.end(call, VirtualCall.Status.COMPLETED);
        } else if (verb instanceof Verb.Leave && purpose == Purpose.HOLD_MUSIC) {
            finish(End.LEFT);
        } else if (purpose != Purpose.MAIN) {
            fail(12200, "<" + verb.getClass().getSimpleName() + "> is not allowed here");
        } else if (verb instanceof Verb.Enqueue enqueue) {
            idleDocuments = 0;
            begin(new Queued(this, enqueue), Queued::start);
        } else if (verb instanceof Verb.Dial dial) {
            idleDocuments = 0;
            dial(dial);
        } else if (verb instanceof Verb.TakeRecording taking) {
            idleDocuments = 0;
            begin(new TakingRecording(this, taking), TakingRecording::start);
        } else if (verb instanceof Verb.Reject reject) {
            reject(reject);
        } else if (verb instanceof Verb.Refer refer) {
            exchange.log().add(What.WARNING, call.sid, "text", "Refer works on SIP legs only");
            proceed(refer.action(), Map.of("ReferCallStatus", "failed", "ReferSipResponseCode", "405"));
        } else if (verb instanceof Verb.Unknown unknown) {
            fail(12200, "<" + unknown.name() + "> is no verb of TwiML that can be carried out here");
        } else {
            exchange.log().add(What.WARNING, call.sid, "text", "Leave does nothing outside a queue");
            proceed();
        }
    }

    private static boolean answers(Verb verb) {
        return !(verb instanceof Verb.Reject
                || verb instanceof Verb.Redirect
                || verb instanceof Verb.Pause
                || (verb instanceof Verb.Dial dial && dial.answerOnBridge()));
    }

    private void reject(Verb.Reject reject) {
        if (call.status == VirtualCall.Status.RINGING) {
            exchange.hear(
                    call, reject.busy() ? "busy" : "say", reject.busy() ? "busy tone" : "The number is not in service");
            exchange.end(call, reject.busy() ? VirtualCall.Status.BUSY : VirtualCall.Status.NO_ANSWER);
        } else {
            exchange.end(call, VirtualCall.Status.COMPLETED);
        }
    }

    private void dial(Verb.Dial dial) {
        var first = dial.targets().get(0);
        if (first instanceof Verb.ToConference conference) {
            begin(new InConference(this, dial, conference), InConference::start);
        } else if (first instanceof Verb.ToQueue queue) {
            begin(new PickingUp(this, dial, queue), PickingUp::start);
        } else {
            begin(new Dialling(this, dial), Dialling::start);
        }
    }

    private <A extends Activity> void begin(A started, Consumer<A> start) {
        activity = started;
        start.accept(started);
    }

    /** Plays one prompt, then goes on. A prompt that loops for ever never does. */
    void play(Prompt it, Runnable then) {
        speaking = true;
        var hold = purpose == Purpose.HOLD_MUSIC;
        Duration once;
        int times;
        if (it instanceof Verb.Say say) {
            exchange.hear(call, "say", say.text());
            once = length(say.text());
            times = say.loop();
        } else if (it instanceof Verb.Play play) {
            if (play.digits() != null) {
                exchange.hear(call, "tone", play.digits());
                once = PER_TONE.multipliedBy(play.digits().length());
            } else {
                exchange.hear(call, hold ? "music" : "play", play.url());
                once = hold ? exchange.settings().musicLength() : PLAY;
            }
            times = play.loop();
        } else {
            exchange.hear(call, "silence", "");
            once = ((Verb.Pause) it).length();
            times = 1;
        }
        if (times == 0) {
            return;
        }
        var kind = hold ? Kind.LOOP : it instanceof Verb.Pause ? Kind.WAIT : Kind.PROMPT;
        prompt = exchange.timeline().after(once.multipliedBy(times), kind, () -> {
            speaking = false;
            if (!over) {
                then.run();
            }
        });
    }

    static Duration length(String text) {
        var spoken = PER_CHARACTER.multipliedBy(text.length());
        return spoken.compareTo(SHORTEST_SAY) < 0 ? SHORTEST_SAY : spoken;
    }

    /** Stops the prompt that is being played, as a key press does. */
    void quiet() {
        speaking = false;
        if (prompt != null) {
            prompt.cancel();
        }
    }

    private void fallBackOrFail(String url, Fetched.Problem problem) {
        var fallback = call.fallback;
        if (purpose == Purpose.MAIN && fallback != null && !usedFallback) {
            usedFallback = true;
            exchange.log().add(What.WARNING, call.sid, "code", problem.code(), "text", problem.message());
            var extra = new HashMap<String, String>();
            extra.put("ErrorCode", Integer.toString(problem.code()));
            extra.put("ErrorUrl", url);
            fetch(fallback, extra);
        } else {
            fail(problem.code(), problem.message());
        }
    }

    void fail(int code, String message) {
        exchange.log().add(What.WARNING, call.sid, "code", code, "text", message);
        if (purpose != Purpose.MAIN) {
            finish(End.FAILED);
            return;
        }
        exchange.answerInbound(call);
        activity = null;
        verbs = List.of(new Verb.Hangup());
        next = 0;
        play(new Verb.Say("We are sorry, an application error has occurred. Goodbye.", 1), this::proceed);
    }

    private void finish(End end) {
        if (over) {
            return;
        }
        over = true;
        quiet();
        whenOver.accept(end);
    }
}
