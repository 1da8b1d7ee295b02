package io.cordboard.simulator.carrier;

import java.util.Locale;

/**
 * How fast simulated time runs.
 *
 * @param factor simulated seconds per real second
 * @param instant whether what is said and played takes no time at all; waits still run at the factor
 */
public record Speed(double factor, boolean instant) {

    /** Waits run so much faster when the speed is instant: a caller has 5 s to press a key, a test still 250 ms. */
    private static final double FACTOR_OF_WAITS_WHEN_INSTANT = 20;

    private static final double SLOWEST = 0.1;
    private static final double FASTEST = 1000;

    /** Reads {@code "instant"} or a factor between 0.1 and 1000. */
    public static Speed parse(String text) {
        if (text.strip().toLowerCase(Locale.ROOT).equals("instant")) {
            return new Speed(FACTOR_OF_WAITS_WHEN_INSTANT, true);
        }
        try {
            var factor = Double.parseDouble(text.strip());
            if (factor >= SLOWEST && factor <= FASTEST) {
                return new Speed(factor, false);
            }
        } catch (NumberFormatException notANumber) {
            throw new Impossible(
                    "\"" + text + "\" is no speed; write a number from 0.1 to 1000, or instant", notANumber);
        }
        throw new Impossible("Speed " + text + " is out of range; write a number from 0.1 to 1000, or instant");
    }

    @Override
    public String toString() {
        return instant
                ? "instant"
                : factor == Math.rint(factor) ? Long.toString((long) factor) : Double.toString(factor);
    }
}
