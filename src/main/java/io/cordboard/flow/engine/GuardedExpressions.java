package io.cordboard.flow.engine;

import io.cordboard.flow.Steps;
import io.cordboard.flow.check.ExpressionRules;
import java.lang.reflect.Method;
import org.camunda.bpm.engine.BadUserRequestException;
import org.camunda.bpm.engine.impl.el.JuelExpressionManager;
import org.camunda.bpm.impl.juel.jakarta.el.ELResolver;
import org.camunda.bpm.impl.juel.jakarta.el.ValueExpression;

/** Camunda's expressions behind {@link GuardedResolver}; the decision engine takes its JUEL from here as well. */
final class GuardedExpressions extends JuelExpressionManager {

    private final Steps steps;
    private final ExpressionRules rules;

    GuardedExpressions(Steps steps) {
        this.steps = steps;
        this.rules = new ExpressionRules(steps);
    }

    @Override
    public ValueExpression createValueExpression(String expression) {
        rules.faultOfAny(expression).ifPresent(fault -> {
            throw new BadUserRequestException("Refused by the expression guard: " + fault);
        });
        return super.createValueExpression(expression);
    }

    @Override
    protected ELResolver createElResolver() {
        return new GuardedResolver(steps);
    }

    @Override
    public void addFunction(String name, Method function) {
        if (ExpressionRules.FILTER_FUNCTIONS.contains(name)) {
            super.addFunction(name, function);
        }
    }
}
