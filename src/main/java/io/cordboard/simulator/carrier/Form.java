package io.cordboard.simulator.carrier;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The parameters of a REST request. Remembers which of them the carrier knows, so that a misspelt one can be told. */
public final class Form {

    private final Map<String, List<String>> parameters;
    private final Set<String> unknown;

    /** Takes query and body parameters together. */
    public Form(Map<String, List<String>> parameters) {
        this.parameters = new LinkedHashMap<>(parameters);
        this.unknown = new TreeSet<>(parameters.keySet());
    }

    @Nullable
    String text(String name) {
        unknown.remove(name);
        var values = parameters.get(name);
        return values == null || values.isEmpty() || values.get(0).isEmpty() ? null : values.get(0);
    }

    String text(String name, String otherwise) {
        var value = text(name);
        return value == null ? otherwise : value;
    }

    boolean has(String name) {
        unknown.remove(name);
        return parameters.containsKey(name);
    }

    /** Repeated fields, or several words in one. */
    Set<String> words(String name, String otherwise) {
        unknown.remove(name);
        var values = parameters.get(name);
        return Twiml.events(values == null ? otherwise : String.join(" ", values));
    }

    boolean flag(String name, boolean otherwise) {
        return text(name, Boolean.toString(otherwise)).equalsIgnoreCase("true");
    }

    int number(String name, int otherwise, int least, int most) {
        var value = text(name);
        if (value == null) {
            return otherwise;
        }
        try {
            return Math.max(least, Math.min(most, Integer.parseInt(value)));
        } catch (NumberFormatException notANumber) {
            throw new Refusal(400, 20001, "Parameter " + name + " must be a number");
        }
    }

    Duration seconds(String name, int otherwise, int least, int most) {
        return Duration.ofSeconds(number(name, otherwise, least, most));
    }

    /** Parameters that are Twilio's, though they change nothing here. */
    void ignore(String... names) {
        for (var name : names) {
            unknown.remove(name);
        }
    }

    /** @return names that Twilio does not document for this request, or that nobody asked for yet */
    public Set<String> unknown() {
        return unknown;
    }

    /** @return all parameters, for the log */
    public Map<String, List<String>> all() {
        return parameters;
    }
}
