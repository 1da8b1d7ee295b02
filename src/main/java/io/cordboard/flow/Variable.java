package io.cordboard.flow;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.camunda.bpm.engine.delegate.VariableScope;
import org.camunda.bpm.engine.variable.Variables;
import org.jspecify.annotations.Nullable;

/**
 * A process variable, declared once with its type. Stored as a scalar.
 *
 * @param <T> the type the code works with
 */
public final class Variable<T> {

    private final String name;
    private final Function<T, Object> store;
    private final Function<Object, T> load;
    private final boolean passing;

    private Variable(String name, Function<T, Object> store, Function<Object, T> load) {
        this(name, store, load, false);
    }

    private Variable(String name, Function<T, Object> store, Function<Object, T> load, boolean passing) {
        this.name = name;
        this.store = store;
        this.load = load;
        this.passing = passing;
    }

    public static Variable<String> text(String name) {
        return new Variable<>(name, value -> value, Object::toString);
    }

    public static Variable<Boolean> yesNo(String name) {
        return new Variable<>(name, value -> value, Boolean.class::cast);
    }

    public static Variable<Integer> number(String name) {
        return new Variable<>(name, value -> value, value -> ((Number) value).intValue());
    }

    /** An id or another value type that is stored as its text. */
    public static <T> Variable<T> of(String name, Function<String, T> parse) {
        return new Variable<>(name, Object::toString, value -> parse.apply(value.toString()));
    }

    /**
     * The same variable for a value that is only needed until the call waits again, such as the outcome a gateway asks
     * for: it is never written to the database.
     */
    public Variable<T> transientOnly() {
        return new Variable<>(name, store, load, true);
    }

    public String name() {
        return name;
    }

    /** @throws IllegalStateException when it is not set, with the variable's name */
    public T in(VariableScope scope) {
        return optionalIn(scope)
                .orElseThrow(() -> new IllegalStateException("The process variable '" + name + "' is not set."));
    }

    public Optional<T> optionalIn(VariableScope scope) {
        @Nullable Object value = scope.getVariable(name);
        return value == null ? Optional.empty() : Optional.of(load.apply(value));
    }

    public void set(VariableScope scope, T value) {
        // The engine refuses a passing value where a stored one is, from an older model or from an analyst's own.
        boolean kept = passing
                && scope.hasVariable(name)
                && !scope.getVariableTyped(name, false).isTransient();
        scope.setVariable(name, kept ? store.apply(value) : stored(value));
    }

    /** Sets it in this scope alone, for what happens side by side. */
    public void setHere(VariableScope scope, T value) {
        scope.setVariableLocal(name, stored(value));
    }

    /** As an entry for a map of variables. */
    public Map.Entry<String, Object> with(T value) {
        return Map.entry(name, stored(value));
    }

    private Object stored(T value) {
        Object plain = store.apply(value);
        return passing ? Variables.untypedValue(plain, true) : plain;
    }
}
