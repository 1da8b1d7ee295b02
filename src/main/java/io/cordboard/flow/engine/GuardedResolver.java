package io.cordboard.flow.engine;

import io.cordboard.flow.Steps;
import io.cordboard.flow.check.ExpressionRules;
import java.beans.FeatureDescriptor;
import java.util.Collections;
import java.util.Date;
import java.util.Iterator;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.DelegateTask;
import org.camunda.bpm.engine.delegate.VariableScope;
import org.camunda.bpm.engine.variable.context.VariableContext;
import org.camunda.bpm.engine.variable.value.TypedValue;
import org.camunda.bpm.impl.juel.jakarta.el.ELContext;
import org.camunda.bpm.impl.juel.jakarta.el.ELException;
import org.camunda.bpm.impl.juel.jakarta.el.ELResolver;
import org.camunda.bpm.impl.juel.jakarta.el.PropertyNotWritableException;
import org.jspecify.annotations.Nullable;

/**
 * What an expression can reach, everything else being refused: process variables that hold a plain value, the steps, the
 * business key of the execution, and a few harmless methods of texts.
 *
 * <p>This is the last line: whatever way an expression came into the engine, it is evaluated here.
 */
final class GuardedResolver extends ELResolver {

    private static final String EXECUTION = "execution";
    private static final String BUSINESS_KEY = "processBusinessKey";

    /** The one thing an expression sees of an execution. */
    private record ExecutionView(@Nullable String processBusinessKey) {}

    private final Steps steps;

    GuardedResolver(Steps steps) {
        this.steps = steps;
    }

    @Override
    public @Nullable Object getValue(ELContext context, @Nullable Object base, @Nullable Object property) {
        String name = String.valueOf(property);
        if (base == null) {
            return identifier(context, name);
        }
        if (base instanceof ExecutionView view && BUSINESS_KEY.equals(name)) {
            context.setPropertyResolved(true);
            return view.processBusinessKey();
        }
        throw refused("the property '" + name + "' cannot be read here");
    }

    private @Nullable Object identifier(ELContext context, String name) {
        if (steps.has(name)) {
            context.setPropertyResolved(true);
            return steps.named(name);
        }
        if (context.getContext(VariableScope.class) instanceof VariableScope scope) {
            if (EXECUTION.equals(name)) {
                context.setPropertyResolved(true);
                return view(scope);
            }
            if (scope.hasVariable(name)) {
                context.setPropertyResolved(true);
                return plain(name, scope.getVariable(name));
            }
        }
        if (context.getContext(VariableContext.class) instanceof VariableContext variables
                && variables.containsVariable(name)) {
            context.setPropertyResolved(true);
            TypedValue value = variables.resolve(name);
            return value == null ? null : plain(name, value.getValue());
        }
        return null;
    }

    private static ExecutionView view(VariableScope scope) {
        if (scope instanceof DelegateExecution execution) {
            return new ExecutionView(execution.getProcessBusinessKey());
        }
        if (scope instanceof DelegateTask task && task.getExecution() != null) {
            return new ExecutionView(task.getExecution().getProcessBusinessKey());
        }
        throw refused("there is no execution here");
    }

    private static @Nullable Object plain(String name, @Nullable Object value) {
        if (value == null
                || value instanceof String
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof Date) {
            return value;
        }
        throw refused("the variable '" + name + "' holds no text, number, date or yes/no");
    }

    @Override
    public Object invoke(
            ELContext context,
            @Nullable Object base,
            @Nullable Object method,
            Class<?> @Nullable [] types,
            @Nullable Object @Nullable [] params) {
        String name = String.valueOf(method);
        @Nullable Object[] given = params == null ? new Object[0] : params;
        if (!(base instanceof String text) || !ExpressionRules.STRING_METHODS.contains(name)) {
            throw refused("the method '" + name + "' cannot be called here");
        }
        context.setPropertyResolved(true);
        return switch (name) {
            case "contains" -> text.contains(textParameter(name, given));
            case "endsWith" -> text.endsWith(textParameter(name, given));
            case "startsWith" -> text.startsWith(textParameter(name, given));
            case "equals" -> text.equals(String.valueOf(single(name, given)));
            case "equalsIgnoreCase" -> text.equalsIgnoreCase(String.valueOf(single(name, given)));
            case "isEmpty" -> text.isEmpty();
            case "length" -> text.length();
            case "trim" -> text.trim();
            case "toLowerCase" -> text.toLowerCase(java.util.Locale.ROOT);
            case "toUpperCase" -> text.toUpperCase(java.util.Locale.ROOT);
            case "substring" -> substring(text, given);
            default -> throw refused("the method '" + name + "' cannot be called here");
        };
    }

    /** Positions outside the text are moved to its ends, so that a short phone number is no error. */
    private static String substring(String text, @Nullable Object[] params) {
        if (params.length < 1 || params.length > 2) {
            throw refused("'substring' needs one or two numbers");
        }
        int begin = Math.min(position(params[0]), text.length());
        int end = params.length == 2 ? Math.min(position(params[1]), text.length()) : text.length();
        return text.substring(begin, Math.max(begin, end));
    }

    private static int position(@Nullable Object param) {
        if (param instanceof Number number) {
            return Math.max(0, number.intValue());
        }
        throw refused("'substring' needs numbers");
    }

    private static String textParameter(String method, @Nullable Object[] params) {
        Object param = single(method, params);
        if (param == null) {
            throw refused("'" + method + "' needs a text, but got none");
        }
        return String.valueOf(param);
    }

    private static @Nullable Object single(String method, @Nullable Object[] params) {
        if (params.length != 1) {
            throw refused("'" + method + "' needs one value");
        }
        Object param = params[0];
        return param == null ? null : plain("a parameter of " + method, param);
    }

    private static ELException refused(String what) {
        return new ELException("Refused by the expression guard: " + what + ".");
    }

    @Override
    public boolean isReadOnly(ELContext context, @Nullable Object base, @Nullable Object property) {
        return true;
    }

    @Override
    public void setValue(ELContext context, @Nullable Object base, @Nullable Object property, @Nullable Object value) {
        throw new PropertyNotWritableException("Refused by the expression guard: an expression cannot set anything.");
    }

    @Override
    public Class<?> getType(ELContext context, @Nullable Object base, @Nullable Object property) {
        return Object.class;
    }

    @Override
    public Iterator<FeatureDescriptor> getFeatureDescriptors(ELContext context, @Nullable Object base) {
        return Collections.emptyIterator();
    }

    @Override
    public Class<?> getCommonPropertyType(ELContext context, @Nullable Object base) {
        return Object.class;
    }
}
