package io.cordboard.events.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What subscribers are sent: the type of an event with underscores for its dots, and what is worth knowing of it. */
@Component
class Payloads {

    private static final String STATUS_UPDATED = "agent.status_updated";

    private final ObjectMapper json;

    Payloads(ObjectMapper json) {
        this.json = json;
    }

    /** A row of the event log with what it does not say itself. */
    record Happened(
            long id,
            Instant at,
            String type,
            @Nullable UUID call,
            @Nullable UUID agent,
            @Nullable String agentName,
            @Nullable UUID customer,
            String data) {}

    /** As subscribers know it: {@code agent_status_updated}. */
    static String type(String logged) {
        return logged.replace('.', '_');
    }

    /** @param id of the delivery, by which a subscriber recognises repetitions */
    String of(UUID id, Happened event) {
        JsonNode data = read(event.data());
        return text(
                id,
                type(event.type()),
                event.at(),
                event.type().equals(STATUS_UPDATED) ? status(event, data) : all(event, data));
    }

    /** Something harmless to try a subscription with. */
    String test(UUID id, UUID subscription, Instant at) {
        return text(id, "webhook_test", at, json.createObjectNode().put("webhook", subscription.toString()));
    }

    private ObjectNode status(Happened event, JsonNode logged) {
        ObjectNode data = json.createObjectNode();
        data.put("id", event.agent() == null ? null : event.agent().toString());
        data.put("name", event.agentName());
        data.set("status", logged.get("status"));
        data.set("previous_status", logged.get("previous_status"));
        if (logged.has("reason")) {
            data.set("reason", logged.get("reason"));
        }
        data.put("tm_update", event.at().toString());
        return data;
    }

    private ObjectNode all(Happened event, JsonNode logged) {
        ObjectNode data = json.createObjectNode();
        if (event.call() != null) {
            data.put("call_id", event.call().toString());
        }
        if (event.agent() != null) {
            data.put("agent_id", event.agent().toString());
        }
        logged.fields().forEachRemaining(field -> data.set(field.getKey(), field.getValue()));
        return data;
    }

    private String text(UUID id, String type, Instant at, ObjectNode data) {
        ObjectNode message = json.createObjectNode();
        message.put("id", id.toString());
        message.put("event_type", type);
        message.put("created_at", at.toString());
        message.set("data", data);
        try {
            return json.writeValueAsString(message);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private JsonNode read(String data) {
        try {
            return json.readTree(data);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("PostgreSQL keeps no JSON that cannot be read", e);
        }
    }
}
