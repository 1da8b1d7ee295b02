package io.cordboard.routing.web;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.cordboard.platform.Problem;
import io.cordboard.routing.QueueBook;
import io.cordboard.routing.QueueSettings;
import io.cordboard.routing.SettingFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Reads the settings of a queue more strictly than other bodies are read: what is misspelt would otherwise silently get its
 * usual value, and be found out by callers.
 */
@Component
class QueueBody {

    /** What an answer has besides; it may come back. */
    private static final List<String> OURS = List.of("id", "created_at", "warnings", "assignment_callback_secret");

    private final ObjectReader reader;

    QueueBody(ObjectMapper json) {
        ObjectMapper strict = json.copy();
        strict.setDefaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL));
        for (LogicalType number : List.of(LogicalType.Integer, LogicalType.Float)) {
            strict.coercionConfigFor(number).setCoercion(CoercionInputShape.String, CoercionAction.Fail);
        }
        strict.coercionConfigFor(LogicalType.Integer).setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
        for (CoercionInputShape shape :
                List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
            strict.coercionConfigFor(LogicalType.Textual).setCoercion(shape, CoercionAction.Fail);
        }
        this.reader = strict.readerFor(QueueSettings.class).with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }

    QueueSettings settings(ObjectNode body) {
        try {
            return reader.readValue(body.deepCopy().remove(OURS));
        } catch (UnrecognizedPropertyException e) {
            throw unfit(List.of(new SettingFault(
                    path(e),
                    "There is no setting " + path(e) + ".",
                    "The settings are: "
                            + e.getKnownPropertyIds().stream()
                                    .map(String::valueOf)
                                    .sorted()
                                    .collect(Collectors.joining(", "))
                            + ".",
                    null)));
        } catch (JsonMappingException e) {
            String expected = QueueBook.expected(path(e));
            throw unfit(List.of(new SettingFault(
                    path(e),
                    "The value of " + path(e) + " is of another type than expected.",
                    expected.isEmpty() ? "Send it as /v3/api-docs describes QueueSettings." : expected,
                    null)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All of them at once in {@code fields}. */
    static Problem unfit(List<SettingFault> faults) {
        Problem problem = Problem.of(
                HttpStatus.UNPROCESSABLE_ENTITY,
                faults.stream().map(SettingFault::problem).distinct().collect(Collectors.joining(" ")),
                faults.stream().map(SettingFault::remedy).distinct().collect(Collectors.joining(" ")));
        problem.getBody().setProperty("fields", faults);
        return problem;
    }

    private static String path(JsonMappingException e) {
        return e.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName())
                .collect(Collectors.joining())
                .replaceFirst("^\\.", "");
    }
}
