package io.cordboard.platform;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One piece of a longer list.
 *
 * @param next what to send as {@code cursor} to get the piece after this one; null when this is the last
 */
public record Page<T>(List<T> items, @Nullable String next) {

    /** The largest piece that is given out at once. */
    public static final int LARGEST = 200;

    /** A list that is never cut. */
    public static <T> Page<T> whole(List<T> items) {
        return new Page<>(items, null);
    }

    /**
     * Cuts what was read with one row more than asked for.
     *
     * @param limit how many were asked for
     * @param cursor where the next piece goes on, made from the last item of this one
     */
    public static <T> Page<T> cut(List<T> oneMore, int limit, Function<T, String> cursor) {
        if (oneMore.size() <= limit) {
            return whole(oneMore);
        }
        List<T> items = List.copyOf(oneMore.subList(0, limit));
        return new Page<>(items, cursor.apply(items.get(limit - 1)));
    }
}
