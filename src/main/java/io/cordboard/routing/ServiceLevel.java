package io.cordboard.routing;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The usual definitions of a service level: which part of the callers was served in time. T is that time. */
public enum ServiceLevel {
    /** Who gives up counts as not served, however early. */
    OF_OFFERED("answered in T / offered") {
        @Override
        @Nullable
        Double percent(int answeredInTime, int abandonedInTime, QueueFigures all) {
            return part(answeredInTime, all.offeredCalls());
        }
    },
    /** Who gives up in time does not count. */
    WITHOUT_EARLY_ABANDONS("answered in T / (offered - abandoned in T)") {
        @Override
        @Nullable
        Double percent(int answeredInTime, int abandonedInTime, QueueFigures all) {
            return part(answeredInTime, all.offeredCalls() - abandonedInTime);
        }
    },
    /** Who gives up in time counts as served. */
    WITH_EARLY_ABANDONS("(answered in T + abandoned in T) / offered") {
        @Override
        @Nullable
        Double percent(int answeredInTime, int abandonedInTime, QueueFigures all) {
            return part(answeredInTime + abandonedInTime, all.offeredCalls());
        }
    },
    /** Who was not answered does not count. */
    OF_ANSWERED("answered in T / answered") {
        @Override
        @Nullable
        Double percent(int answeredInTime, int abandonedInTime, QueueFigures all) {
            return part(answeredInTime, all.accepted().count());
        }
    };

    private final String formula;

    ServiceLevel(String formula) {
        this.formula = formula;
    }

    /** In words, for people who compare it with what they are used to. */
    public String formula() {
        return formula;
    }

    /** As the API has it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @param threshold which of the thresholds of the figures is T, from 0
     * @return null when there was nobody to serve
     */
    public @Nullable Double percent(QueueFigures figures, int threshold) {
        return percent(figures.accepted().within(threshold), figures.abandoned().within(threshold), figures);
    }

    abstract @Nullable Double percent(int answeredInTime, int abandonedInTime, QueueFigures all);

    private static @Nullable Double part(int part, int whole) {
        return whole <= 0 ? null : 100.0 * part / whole;
    }
}
