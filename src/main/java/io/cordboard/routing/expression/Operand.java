package io.cordboard.routing.expression;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One side of a comparison. */
sealed interface Operand {

    /** Where it begins in the text. */
    int index();

    record Text(String value, int index) implements Operand {}

    record Number(BigDecimal value, int index) implements Operand {}

    record Truth(boolean value, int index) implements Operand {}

    /** @param values one at least, all of one type */
    record Values(List<Operand> values, int index) implements Operand {}

    /**
     * What something is called that is known of the agent, or of the call.
     *
     * @param path without the prefix that says whose it is
     */
    record Name(boolean ofCall, List<String> path, int index) implements Operand {}

    /** The type of a value that is written down; null for one that is only named. */
    default @Nullable ValueType type() {
        if (this instanceof Text) {
            return ValueType.TEXT;
        }
        if (this instanceof Number) {
            return ValueType.NUMBER;
        }
        if (this instanceof Truth) {
            return ValueType.BOOLEAN;
        }
        return this instanceof Values ? ValueType.LIST : null;
    }
}
