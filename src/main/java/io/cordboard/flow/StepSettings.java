package io.cordboard.flow;

import java.time.Duration;
import java.util.Optional;
import org.camunda.bpm.engine.delegate.DelegateExecution;

/** Reads what the analyst filled into a step: the extension properties of the current element, expressions evaluated. */
public interface StepSettings {

    /** The value with its expressions evaluated; empty when the field was left out or blank. */
    Optional<String> text(DelegateExecution execution, String key);

    /** @throws InvalidStepSetting if it is not a whole number */
    int number(DelegateExecution execution, String key, int otherwise);

    /** @throws InvalidStepSetting if it is not an ISO 8601 duration */
    Duration duration(DelegateExecution execution, String key, Duration otherwise);

    boolean yesNo(DelegateExecution execution, String key, boolean otherwise);

    /** A setting that cannot be read; names process, element, field and what would be right. */
    class InvalidStepSetting extends RuntimeException {
        public InvalidStepSetting(String message) {
            super(message);
        }
    }
}
