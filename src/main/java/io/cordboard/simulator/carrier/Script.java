package io.cordboard.simulator.carrier;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a person does when it is their turn, that is when they are asked for input, when a recording starts and when a
 * conversation starts. Each line is used once:
 *
 * <ul>
 *   <li>{@code press 1#}: presses keys
 *   <li>{@code say I want to buy}: speaks
 *   <li>{@code silence}: lets the turn pass
 *   <li>{@code talk 3000}: (in a conversation) goes on for so many milliseconds, then takes the next line
 *   <li>{@code hang up}
 * </ul>
 */
final class Script {

    private static final Pattern LINE =
            Pattern.compile("(?i)(press) +([0-9*#A-Dw]+)|(say) +(.+)|(talk) +([0-9]{1,8})|(silence)|(hang up)");

    sealed interface Act permits Press, Speak, StaySilent, Talk, HangUp {}

    record Press(String digits) implements Act {}

    record Speak(String text) implements Act {}

    record StaySilent() implements Act {}

    record Talk(Duration duration) implements Act {}

    record HangUp() implements Act {}

    private final Deque<Act> acts;

    private Script(Deque<Act> acts) {
        this.acts = acts;
    }

    static Script parse(@Nullable List<String> lines) {
        var acts = new ArrayDeque<Act>();
        for (var line : lines == null ? List.<String>of() : lines) {
            acts.add(act(line));
        }
        return new Script(acts);
    }

    private static Act act(String line) {
        var matcher = LINE.matcher(line.strip());
        if (!matcher.matches()) {
            throw new Impossible(
                    "\"" + line + "\" cannot be done; write: press 1, say …, talk 3000, silence or hang up");
        }
        if (matcher.group(1) != null) {
            return new Press(matcher.group(2));
        }
        if (matcher.group(3) != null) {
            return new Speak(matcher.group(4));
        }
        if (matcher.group(5) != null) {
            return new Talk(Duration.ofMillis(Long.parseLong(matcher.group(6))));
        }
        return matcher.group(7) != null ? new StaySilent() : new HangUp();
    }

    /** The next act, which is used up by this; null when the script is at its end. */
    @Nullable
    Act next() {
        return acts.poll();
    }
}
