package io.cordboard.routing.expression;

import java.util.List;
import java.util.Set;

/**
 * An attribute of agents that an expression compares.
 *
 * @param path names of objects within objects, the last one that of the value
 * @param wanted what the comparison can deal with; anything else makes it false
 */
public record AttributeUse(List<String> path, Set<ValueType> wanted) {

    /** As it is written in an expression. */
    public String name() {
        return String.join(".", path);
    }
}
