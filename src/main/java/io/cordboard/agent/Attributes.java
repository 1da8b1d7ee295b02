package io.cordboard.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an agent, as expressions of queues see it. Two names in it are not free: {@code skills} are the agent's
 * tags, {@code levels} how good they are at each.
 *
 * @param own everything else
 * @param skills null to leave the tags as they are
 * @param levels null to leave them as they are; a tag without gets level 1
 */
public record Attributes(ObjectNode own, @Nullable List<String> skills, @Nullable Map<String, Integer> levels) {

    /** In characters, as PostgreSQL writes them. */
    public static final int LONGEST = 4096;

    private static final String SKILLS = "skills";
    private static final String LEVELS = "levels";

    /** @throws IllegalArgumentException when skills or levels are something else; the message says what they have to be */
    public static Attributes of(ObjectNode given) {
        ObjectNode own = given.deepCopy();
        return new Attributes(own, skills(own.remove(SKILLS)), levels(own.remove(LEVELS)));
    }

    private static @Nullable List<String> skills(@Nullable JsonNode given) {
        if (given == null) {
            return null;
        }
        List<String> skills = new ArrayList<>();
        for (JsonNode skill : given) {
            skills.add(skill.isTextual() ? skill.asText() : "");
        }
        if (!given.isArray() || skills.contains("")) {
            throw new IllegalArgumentException("skills are the agent's tags: a list of texts, as [\"support\"].");
        }
        return skills;
    }

    private static @Nullable Map<String, Integer> levels(@Nullable JsonNode given) {
        if (given == null) {
            return null;
        }
        Map<String, Integer> levels = new LinkedHashMap<>();
        given.fields().forEachRemaining(level -> {
            JsonNode value = level.getValue();
            levels.put(level.getKey(), value.isInt() ? value.asInt() : 0);
        });
        if (!given.isObject() || levels.values().stream().anyMatch(level -> level < 1 || level > 10)) {
            throw new IllegalArgumentException(
                    "levels are those of the agent's tags: an object of whole numbers from 1 to 10, as {\"support\": 5}.");
        }
        return levels;
    }

    /** Where the agent is rung, as TaskRouter has it: {@code contact_uri}; null without. */
    public @Nullable Address contact() {
        String contact = own.path("contact_uri").asText();
        if (contact.isBlank()) {
            return null;
        }
        return contact.startsWith("sip:")
                ? Address.of("sip", contact)
                : contact.startsWith("client:")
                        ? Address.of("client", contact.substring(7))
                        : Address.of("tel", contact);
    }
}
