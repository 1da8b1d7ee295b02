package io.cordboard.flow.engine;

import io.cordboard.flow.Steps;
import java.lang.reflect.Method;
import java.util.Set;
import org.camunda.bpm.engine.impl.el.JuelExpressionManager;
import org.camunda.bpm.impl.juel.jakarta.el.ELResolver;

/** Camunda's expressions behind {@link GuardedResolver}; the decision engine takes its JUEL from here as well. */
final class GuardedExpressions extends JuelExpressionManager {

    /** Used by the filters of Tasklist; they take nothing and return names. */
    private static final Set<String> FUNCTIONS = Set.of("currentUser", "currentUserGroups");

    private final Steps steps;

    GuardedExpressions(Steps steps) {
        this.steps = steps;
    }

    @Override
    protected ELResolver createElResolver() {
        return new GuardedResolver(steps);
    }

    @Override
    public void addFunction(String name, Method function) {
        if (FUNCTIONS.contains(name)) {
            super.addFunction(name, function);
        }
    }
}
