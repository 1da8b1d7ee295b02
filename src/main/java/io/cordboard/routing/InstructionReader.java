package io.cordboard.routing;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Reads instructions, whoever gives them. Strictly: what is misspelt would otherwise do nothing, and be found out by
 * callers.
 */
@Component
public class InstructionReader {

    private final ObjectReader reader;

    InstructionReader(ObjectMapper json) {
        ObjectMapper strict = json.copy();
        for (CoercionInputShape shape :
                List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
            strict.coercionConfigFor(LogicalType.Textual).setCoercion(shape, CoercionAction.Fail);
        }
        this.reader = strict.readerFor(Instruction.class).with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }

    /** @throws UnfitInstructionException when it cannot be followed */
    public Instruction read(JsonNode body) throws UnfitInstructionException {
        Instruction instruction = parse(body);
        List<SettingFault> faults = instruction.faults();
        if (!faults.isEmpty()) {
            throw new UnfitInstructionException(faults);
        }
        return instruction;
    }

    private Instruction parse(JsonNode body) throws UnfitInstructionException {
        if (!body.isObject()) {
            throw unfit("instruction", "This is no JSON object.", "Send one such as {\"instruction\": \"accept\"}.");
        }
        try {
            return reader.readValue(body);
        } catch (UnrecognizedPropertyException e) {
            throw unfit(
                    e.getPropertyName(),
                    "There is no field of this name.",
                    "docs/assignment.md lists the fields of each instruction.");
        } catch (JsonMappingException e) {
            String field =
                    e.getPath().isEmpty() ? "instruction" : e.getPath().get(0).getFieldName();
            throw unfit(
                    String.valueOf(field),
                    "The value of " + field + " is of another type than expected.",
                    "Send it as /v3/api-docs describes ReservationInstruction.");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static UnfitInstructionException unfit(String field, String problem, String remedy) {
        return new UnfitInstructionException(List.of(new SettingFault(field, problem, remedy)));
    }

    /** It is not known what is meant, or it cannot be done. */
    public static final class UnfitInstructionException extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient List<SettingFault> faults;

        UnfitInstructionException(List<SettingFault> faults) {
            super(faults.toString(), null, false, false);
            this.faults = faults;
        }

        /** All of them. */
        public List<SettingFault> faults() {
            return faults;
        }
    }
}
