package io.cordboard.flow;

import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.beans.factory.ListableBeanFactory;

/**
 * The registry of steps: every bean that a model may name is a {@link JavaDelegate}, and no other bean can be reached from
 * a model. Those that are a {@link Step} are described, hence offered to analysts as element templates.
 */
public final class Steps {

    private final ListableBeanFactory beans;

    public Steps(ListableBeanFactory beans) {
        this.beans = beans;
    }

    public boolean has(String name) {
        return beans.containsBean(name) && beans.isTypeMatch(name, JavaDelegate.class);
    }

    /** @throws IllegalStateException when no step has this name */
    public JavaDelegate named(String name) {
        if (!has(name)) {
            throw new IllegalStateException("There is no step '" + name + "'. The steps are: " + names());
        }
        return beans.getBean(name, JavaDelegate.class);
    }

    /** All names, described or not, in alphabetical order. */
    public SortedSet<String> names() {
        return new TreeSet<>(java.util.List.of(beans.getBeanNamesForType(JavaDelegate.class, false, false)));
    }

    /** The description of a step; empty for a step that only our own models use. */
    public Optional<Step.Description> description(String name) {
        return has(name) && beans.getBean(name) instanceof Step step
                ? Optional.of(step.description())
                : Optional.empty();
    }

    /** The steps offered to analysts, by name. */
    public Map<String, Step.Description> described() {
        var described = new TreeMap<String, Step.Description>();
        names().forEach(name -> description(name).ifPresent(found -> described.put(name, found)));
        return described;
    }
}
