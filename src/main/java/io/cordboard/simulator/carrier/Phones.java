package io.cordboard.simulator.carrier;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The people at the other end: how each phone behaves when the product calls it. */
public final class Phones {

    private static final int DEFAULT_ANSWER_AFTER_MS = 600;

    /** What happens when a phone is called. */
    public enum Behaviour {
        /** Picks up after a while. */
        ANSWER,
        /** Rings until somebody answers or declines by hand, or the caller gives up. */
        MANUAL,
        /** The line is engaged. */
        BUSY,
        /** Rings and nobody comes. */
        NO_ANSWER,
        /** Picks up and never says or presses anything, whatever the script. */
        SILENT,
        /** The call is declined while it rings. */
        REJECT,
        /** There is no such number. */
        FAILED,
        /** An answering machine picks up. */
        MACHINE,
        /** Picks up and hangs up a second later. */
        HANG_UP;

        @JsonValue
        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        @JsonCreator
        static Behaviour of(String word) {
            try {
                return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
            } catch (IllegalArgumentException unknown) {
                throw new Impossible("There is no behaviour \"" + word + "\"", unknown);
            }
        }

        boolean picksUp() {
            return this == ANSWER || this == SILENT || this == MACHINE || this == HANG_UP;
        }
    }

    /**
     * One virtual phone.
     *
     * @param answerAfterMs simulated milliseconds from the first ring to the answer
     * @param script what its owner does once the call is up, see {@link Script}
     */
    public record Phone(@Nullable Behaviour behaviour, @Nullable Integer answerAfterMs, @Nullable List<String> script) {

        Behaviour behaviourOrAnswer() {
            return behaviour == null ? Behaviour.ANSWER : behaviour;
        }

        int answerAfterMsOrDefault() {
            return answerAfterMs == null ? DEFAULT_ANSWER_AFTER_MS : answerAfterMs;
        }

        List<String> scriptOrNone() {
            return script == null || behaviour == Behaviour.SILENT ? List.of() : script;
        }
    }

    private static final Phone ANSWERS = new Phone(Behaviour.ANSWER, DEFAULT_ANSWER_AFTER_MS, List.of());

    private static Phone magic(Behaviour behaviour, int answerAfterMs) {
        return new Phone(behaviour, answerAfterMs, List.of());
    }

    /** Numbers that always behave in one way, so that a test needs no preparation. */
    private static final Map<String, Phone> MAGIC = Map.of(
            "+15550199001", magic(Behaviour.BUSY, DEFAULT_ANSWER_AFTER_MS),
            "+15550199002", magic(Behaviour.NO_ANSWER, DEFAULT_ANSWER_AFTER_MS),
            "+15550199003", magic(Behaviour.REJECT, DEFAULT_ANSWER_AFTER_MS),
            "+15550199004", magic(Behaviour.FAILED, DEFAULT_ANSWER_AFTER_MS),
            "+15550199005", magic(Behaviour.SILENT, DEFAULT_ANSWER_AFTER_MS),
            "+15550199006", magic(Behaviour.MACHINE, DEFAULT_ANSWER_AFTER_MS),
            "+15550199007", magic(Behaviour.MANUAL, DEFAULT_ANSWER_AFTER_MS),
            "+15550199008", magic(Behaviour.ANSWER, 8_000),
            "+15550199009", magic(Behaviour.HANG_UP, DEFAULT_ANSWER_AFTER_MS));

    private final Map<String, Phone> phones = new ConcurrentHashMap<>(MAGIC);

    Phones(Map<String, Phone> configured) {
        configured.forEach(this::set);
    }

    Phone at(String address) {
        return phones.getOrDefault(address, ANSWERS);
    }

    /** @return every phone that does not simply answer, by its number or address */
    public Map<String, Phone> all() {
        return new TreeMap<>(phones);
    }

    /** Changes how a phone behaves from its next call on. */
    public Phone set(String address, Phone phone) {
        if (phone.answerAfterMs() != null && phone.answerAfterMs() < 0) {
            throw new Impossible("answerAfterMs must not be negative");
        }
        var script = phone.scriptOrNone();
        Script.parse(script);
        var complete = new Phone(phone.behaviourOrAnswer(), phone.answerAfterMsOrDefault(), script);
        phones.put(address, complete);
        return complete;
    }
}
