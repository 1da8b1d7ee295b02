package io.cordboard.flow.engine;

import io.cordboard.flow.StepSettings;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.Expression;
import org.camunda.bpm.engine.impl.persistence.entity.ExecutionEntity;
import org.camunda.bpm.engine.impl.pvm.process.ActivityImpl;
import org.jspecify.annotations.Nullable;

/** Reads the settings that {@link StepParseListener} kept beside the element a call is in. */
final class ElementSettings implements StepSettings {

    @Override
    public Optional<String> text(DelegateExecution execution, String key) {
        Expression expression = settings(execution).get(key);
        if (expression == null) {
            return Optional.empty();
        }
        try {
            @Nullable Object value = expression.getValue(execution);
            return Optional.ofNullable(value).map(Object::toString).filter(text -> !text.isBlank());
        } catch (ProcessEngineException e) {
            throw new InvalidStepSetting(where(execution, key) + " has an expression that cannot be evaluated: "
                    + expression.getExpressionText() + " (" + e.getMessage() + ")");
        }
    }

    @Override
    public int number(DelegateExecution execution, String key, int otherwise) {
        Optional<String> text = text(execution, key);
        try {
            return text.map(String::strip).map(Integer::valueOf).orElse(otherwise);
        } catch (NumberFormatException e) {
            throw invalid(execution, key, text.orElse(""), "a whole number such as 3");
        }
    }

    @Override
    public Duration duration(DelegateExecution execution, String key, Duration otherwise) {
        Optional<String> text = text(execution, key);
        try {
            return text.map(String::strip).map(Duration::parse).orElse(otherwise);
        } catch (DateTimeParseException e) {
            throw invalid(execution, key, text.orElse(""), "an ISO 8601 duration such as PT10S");
        }
    }

    @Override
    public boolean yesNo(DelegateExecution execution, String key, boolean otherwise) {
        Optional<String> text = text(execution, key).map(String::strip);
        if (text.isEmpty()) {
            return otherwise;
        }
        return switch (text.get()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw invalid(execution, key, text.get(), "true or false");
        };
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Expression> settings(DelegateExecution execution) {
        ActivityImpl activity = ((ExecutionEntity) execution).getActivity();
        Object settings = activity == null ? null : activity.getProperty(StepParseListener.SETTINGS);
        return settings == null ? Map.of() : (Map<String, Expression>) settings;
    }

    private static InvalidStepSetting invalid(DelegateExecution execution, String key, String value, String right) {
        return new InvalidStepSetting(where(execution, key) + " is '" + value + "' but must be " + right + ".");
    }

    private static String where(DelegateExecution execution, String key) {
        return "The field '" + key + "' of the element '" + execution.getCurrentActivityId() + "' in the process '"
                + execution.getProcessDefinitionId() + "'";
    }
}
