package io.cordboard.routing;

import org.jspecify.annotations.Nullable;

/**
 * Why a setting of a queue cannot be kept.
 *
 * @param field as in the body of the request, for example {@code rings[0].after_seconds}
 * @param problem a sentence about it
 * @param remedy how to mend it
 * @param place where in an expression; null when it is not about a place
 */
public record SettingFault(String field, String problem, String remedy, @Nullable Place place) {

    SettingFault(String field, String problem, String remedy) {
        this(field, problem, remedy, null);
    }

    /**
     * @param index from 0, in UTF-16 units
     * @param line from 1
     * @param column from 1
     */
    public record Place(int index, int line, int column) {}
}
