package io.cordboard.telephony;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.cordboard.shared.CallId;
import io.cordboard.shared.LegId;
import java.util.List;
import java.util.UUID;

/**
 * Events, commands and steps as they are stored. A mapper of its own, so that what is in the tables does not change with
 * the settings of the web API. Fields unknown to this version are skipped: during an update two versions share the tables.
 */
final class TelephonyJson {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS, SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .addMixIn(CallId.class, Id.class)
            .addMixIn(LegId.class, Id.class)
            .build();
    private static final TypeReference<List<MediaStep>> STEPS = new TypeReference<>() {};

    private TelephonyJson() {}

    static String write(CarrierEvent event) {
        return json(event, new TypeReference<CarrierEvent>() {});
    }

    static String write(CarrierCommand command) {
        return json(command, new TypeReference<CarrierCommand>() {});
    }

    static String write(List<MediaStep> steps) {
        return json(steps, STEPS);
    }

    static CarrierEvent event(String json) {
        return read(json, new TypeReference<>() {});
    }

    static CarrierCommand command(String json) {
        return read(json, new TypeReference<>() {});
    }

    static List<MediaStep> steps(String json) {
        return read(json, STEPS);
    }

    private static <T> String json(T value, TypeReference<T> type) {
        try {
            return MAPPER.writerFor(type).writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Cannot be written as JSON: " + value.getClass(), e);
        }
    }

    private static <T> T read(String json, TypeReference<T> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "Not the JSON of a " + type.getType().getTypeName(), e);
        }
    }

    /** Ids are plain strings. */
    private abstract static class Id {

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        @SuppressWarnings("UnusedVariable")
        Id(UUID value) {}

        @JsonValue
        abstract UUID value();
    }
}
