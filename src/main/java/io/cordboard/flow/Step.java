package io.cordboard.flow;

import java.util.List;
import org.camunda.bpm.engine.delegate.JavaDelegate;

/**
 * A step that an analyst draws. Its bean name is the step's name in the models ({@code #{say}}); its description is the
 * one source of its element template and of its page in the documentation.
 *
 * <p>A step that waits ({@link Kind#WAIT}) is drawn as a receive task without a message, marked by the extension property
 * {@code step}; the bean runs when the task is entered and the task goes on when its execution is signalled.
 */
public interface Step extends JavaDelegate {

    Description description();

    enum Kind {
        /** A service task: it is done at once. */
        TASK,
        /** A receive task: the call waits in it. */
        WAIT
    }

    enum FieldType {
        TEXT,
        LONG_TEXT,
        NUMBER,
        /** ISO 8601, for example {@code PT5S}. */
        DURATION,
        YES_NO,
        CHOICE
    }

    /**
     * @param name what the analyst reads, verb first
     * @param purpose one or two sentences: what the caller or agent notices
     * @param results process variables the step sets
     */
    record Description(String name, Kind kind, String purpose, List<Field> fields, List<Result> results) {}

    /**
     * A setting of the step, stored as an extension property of the element. Its value may contain expressions such as
     * {@code ${callerNumber}}.
     *
     * @param key the property's name
     * @param preset what the template fills in; empty for nothing
     * @param choices the values allowed, only for {@link FieldType#CHOICE}
     */
    record Field(
            String key,
            String label,
            FieldType type,
            String preset,
            boolean required,
            String hint,
            List<String> choices) {

        public static Field text(String key, String label, String preset, boolean required, String hint) {
            return new Field(key, label, FieldType.TEXT, preset, required, hint, List.of());
        }

        public static Field longText(String key, String label, String preset, boolean required, String hint) {
            return new Field(key, label, FieldType.LONG_TEXT, preset, required, hint, List.of());
        }

        public static Field number(String key, String label, String preset, String hint) {
            return new Field(key, label, FieldType.NUMBER, preset, false, hint, List.of());
        }

        public static Field duration(String key, String label, String preset, String hint) {
            return new Field(key, label, FieldType.DURATION, preset, false, hint, List.of());
        }

        public static Field yesNo(String key, String label, boolean preset, String hint) {
            return new Field(key, label, FieldType.YES_NO, Boolean.toString(preset), false, hint, List.of());
        }

        public static Field choice(String key, String label, String preset, String hint, String... choices) {
            return new Field(key, label, FieldType.CHOICE, preset, false, hint, List.of(choices));
        }
    }

    /** A process variable the step leaves behind. */
    record Result(String variable, String meaning) {}
}
