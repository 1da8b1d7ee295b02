package io.cordboard.simulator.carrier;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Virtual phones from the side of the people who hold them: dial, press keys, speak, answer, hang up, listen. */
public final class TestPhone {

    private static final Pattern ADDRESS =
            Pattern.compile("\\+[1-9][0-9]{6,14}|client:.{1,100}|sips?:.{1,200}|anonymous");
    private static final Pattern KEYS = Pattern.compile("[0-9*#A-D]{1,64}");
    private static final int LONGEST_SPEECH = 5_000;

    /**
     * Something that the person on a leg heard.
     *
     * @param kind say, play, music, beep, silence, ringing, conference, conversation, voice (of a person), tone, busy, ended
     */
    public record Heard(Instant at, String kind, String text) {}

    /**
     * A leg as its person sees it.
     *
     * @param where ringing, requesting, speaking, gathering, queued, conference, dialing, talking, recording or ended
     * @param listens whether keys or speech would be taken notice of
     * @param heard empty in lists of calls
     */
    public record Call(
            String sid,
            String from,
            String to,
            String direction,
            String status,
            String where,
            boolean listens,
            List<String> talkingWith,
            @Nullable String parentSid,
            Instant created,
            @Nullable Instant answered,
            @Nullable Instant ended,
            List<Heard> heard) {}

    /** What became of keys or speech. @param noticed false when nobody was listening */
    public record Input(boolean noticed, Call call) {}

    private final Exchange exchange;
    private final Phones phones;

    TestPhone(Exchange exchange, Phones phones) {
        this.exchange = exchange;
        this.phones = phones;
    }

    /** Dials one of the account's numbers. @param script what the caller does when asked, see {@link Script} */
    public Call place(String from, String to, List<String> script) {
        if (!ADDRESS.matcher(from).matches()) {
            throw new Impossible("\"from\" must be a number in E.164, such as +15550142001");
        }
        Script.parse(script);
        return ask(() -> {
            var line = exchange.lines().at(to);
            if (line == null) {
                throw new Impossible.Unknown("Nothing answers " + to + "; the numbers in service are "
                        + exchange.lines().all().stream()
                                .map(Lines.Owned::number)
                                .toList()
                        + ". Add one with PUT /simulator/api/numbers/{number}");
            }
            return view(exchange.place(from, line, script), true);
        });
    }

    /** @return calls that are remembered, the newest first */
    public List<Call> calls(int limit) {
        return ask(() -> exchange.calls().stream()
                .limit(limit)
                .map(call -> view(call, false))
                .toList());
    }

    /** One call with everything heard. */
    public Call call(String sid) {
        return with(sid, call -> view(call, true));
    }

    /** Presses keys. */
    public Input press(String sid, String digits) {
        if (!KEYS.matcher(digits).matches()) {
            throw new Impossible("\"digits\" must be 1 to 64 of 0-9, *, #, A-D");
        }
        return with(sid, call -> {
            mustBeUp(call);
            return new Input(exchange.press(call, digits) > 0, view(call, true));
        });
    }

    /** Speaks. */
    public Input speak(String sid, String text) {
        if (text.isBlank() || text.length() > LONGEST_SPEECH) {
            throw new Impossible("\"text\" must be 1 to " + LONGEST_SPEECH + " characters");
        }
        return with(sid, call -> {
            mustBeUp(call);
            return new Input(exchange.speak(call, text), view(call, true));
        });
    }

    /** Picks up a phone that rings. */
    public Call answer(String sid) {
        return with(sid, call -> {
            if (!exchange.answer(call)) {
                throw new Impossible("The call is " + call.status.word() + "; only a ringing phone can be answered");
            }
            return view(call, true);
        });
    }

    /** Declines a call that rings. */
    public Call decline(String sid) {
        return with(sid, call -> {
            if (!exchange.decline(call)) {
                throw new Impossible("The call is " + call.status.word() + "; only a ringing phone can decline");
            }
            return view(call, true);
        });
    }

    /** Hangs up; a call that has ended stays as it is. */
    public Call hangUp(String sid) {
        return with(sid, call -> {
            if (!call.status.ended()) {
                exchange.hangUp(call);
            }
            return view(call, true);
        });
    }

    /** @return phones that do not simply answer */
    public Map<String, Phones.Phone> phones() {
        return phones.all();
    }

    /** Changes how a phone behaves. */
    public Phones.Phone phone(String address, Phones.Phone phone) {
        if (!ADDRESS.matcher(address).matches()) {
            throw new Impossible("A phone is named by a number in E.164, client:name or sip:name@host");
        }
        return phones.set(address, phone);
    }

    /** @return the account's numbers and what answers them */
    public Map<String, CarrierSettings.Line> numbers() {
        var numbers = new java.util.TreeMap<String, CarrierSettings.Line>();
        exchange.lines().all().forEach(owned -> numbers.put(owned.number(), owned.line()));
        return numbers;
    }

    /** Adds a number to the account, or changes what answers it. */
    public CarrierSettings.Line number(String number, CarrierSettings.Line line) {
        if (!number.matches("\\+[1-9][0-9]{6,14}")
                || line.voiceUrl() == null
                || line.voiceUrl().isBlank()) {
            throw new Impossible("A number in E.164 and a \"voiceUrl\" are needed");
        }
        var complete = line.voiceMethod() == null
                ? new CarrierSettings.Line(line.voiceUrl(), "POST", line.voiceFallbackUrl(), line.statusCallback())
                : line;
        return exchange.lines().set(number, complete).line();
    }

    /** @return how fast time runs */
    public Speed speed() {
        return exchange.timeline().speed();
    }

    /** Changes how fast time runs, for waits under way too. */
    public Speed speed(String speed) {
        var changed = Speed.parse(speed);
        return ask(() -> {
            exchange.timeline().speed(changed);
            return changed;
        });
    }

    private static void mustBeUp(VirtualCall call) {
        if (call.status != VirtualCall.Status.IN_PROGRESS) {
            throw new Impossible("The call is " + call.status.word() + "; nobody can hear this");
        }
    }

    private <T> T ask(java.util.function.Supplier<T> question) {
        return exchange.timeline().ask(question);
    }

    private <T> T with(String sid, Function<VirtualCall, T> action) {
        return ask(() -> {
            var call = exchange.call(sid);
            if (call == null) {
                throw new Impossible.Unknown("There is no call " + sid + " (ended calls are forgotten after a while)");
            }
            return action.apply(call);
        });
    }

    private static Call view(VirtualCall call, boolean withHeard) {
        var activity = call.activity();
        return new Call(
                call.sid,
                call.from,
                call.to,
                call.direction.word(),
                call.status.word(),
                call.where(),
                activity != null && activity.listens(),
                activity == null ? List.of() : activity.talkingWith(),
                call.parent == null ? null : call.parent.sid,
                call.created,
                call.answered,
                call.ended,
                withHeard ? List.copyOf(call.heard) : List.of());
    }
}
