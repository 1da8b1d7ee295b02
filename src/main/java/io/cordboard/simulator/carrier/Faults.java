package io.cordboard.simulator.carrier;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The knobs that make the simulated network as bad as a real one can be. With the same seed, the same faults. */
public final class Faults {

    /** What goes wrong. */
    public enum Fault {
        /** REST: the answer takes longer by {@code milliseconds}. */
        LATENCY,
        /** REST: nothing is done, the answer is {@code status} (500, 503, 429 …). */
        ERROR,
        /** REST: the command is carried out, then the connection is cut without an answer. */
        LOST_REPLY,
        /** REST: the connection is cut before anything is done. */
        CUT,
        /** Webhook: sent {@code copies} times at once. */
        DUPLICATE,
        /** Webhook: held back until the next one of the same kind has been sent. */
        REORDER,
        /** Webhook: sent {@code milliseconds} late. */
        DELAY,
        /** Webhook: never sent. */
        LOSE;

        @JsonValue
        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        @JsonCreator
        static Fault of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }

    /**
     * One knob. Give either {@code probability} or {@code next}.
     *
     * @param on which requests: {@code rest}, {@code webhook}, or one kind such as {@code rest:calls.create} or
     *     {@code webhook:status}
     * @param probability how many of them, 0 to 1
     * @param next the next so many of them; counts down
     * @param milliseconds for latency and delay; real time
     * @param status for error
     * @param copies for duplicate, in all
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Rule(
            String on,
            Fault fault,
            @Nullable Double probability,
            @Nullable Integer next,
            @Nullable Integer milliseconds,
            @Nullable Integer status,
            @Nullable Integer copies) {

        /** Refuses what cannot be meant. */
        public Rule {
            if (on == null || fault == null || !on.matches("(rest|webhook)(:[a-z.-]+)?")) {
                throw new Impossible(
                        "A fault needs \"on\" (rest, webhook, rest:calls.create, webhook:status …) and \"fault\"");
            }
            if ((probability == null) == (next == null)) {
                throw new Impossible("A fault needs either \"probability\" or \"next\"");
            }
        }

        private boolean concerns(String kind) {
            return on.equals(kind) || (on.indexOf(':') < 0 && kind.startsWith(on + ":"));
        }

        private Rule withNext(int left) {
            return new Rule(on, fault, probability, left, milliseconds, status, copies);
        }

        /** How long, for a delay or latency. */
        public int millisecondsOr(int otherwise) {
            return milliseconds == null ? otherwise : milliseconds;
        }

        /** The HTTP status, for an error. */
        public int statusOr(int otherwise) {
            return status == null ? otherwise : status;
        }

        int copiesOr(int otherwise) {
            return copies == null ? otherwise : copies;
        }
    }

    /** All knobs and the seed of their dice. */
    public record Settings(long seed, List<Rule> rules) {

        /** No rules means no faults. */
        public Settings {
            rules = rules == null ? List.of() : List.copyOf(rules);
        }
    }

    private final List<Rule> rules = new ArrayList<>();
    private final List<Random> dice = new ArrayList<>();
    private long seed;

    /** @return the knobs as they stand, with what is left of each {@code next} */
    public synchronized Settings settings() {
        return new Settings(seed, rules);
    }

    /** Replaces all knobs and starts their dice again. */
    public synchronized void set(Settings settings) {
        seed = settings.seed();
        rules.clear();
        dice.clear();
        for (var rule : settings.rules()) {
            dice.add(new Random(seed * 31 + rules.size()));
            rules.add(rule);
        }
    }

    /** Throws the dice for one request. @return what goes wrong with it, in the order of the rules */
    public synchronized List<Rule> strike(String kind) {
        if (rules.isEmpty()) {
            return List.of();
        }
        var struck = new ArrayList<Rule>();
        for (var i = 0; i < rules.size(); i++) {
            var rule = rules.get(i);
            if (!rule.concerns(kind)) {
                continue;
            }
            var probability = rule.probability();
            var next = rule.next();
            if (probability != null && dice.get(i).nextDouble() < probability) {
                struck.add(rule);
            } else if (next != null && next > 0) {
                rules.set(i, rule.withNext(next - 1));
                struck.add(rule);
            }
        }
        return struck;
    }
}
