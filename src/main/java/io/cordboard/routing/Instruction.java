package io.cordboard.routing;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.cordboard.agent.Address;
import io.cordboard.call.RingPlan;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What shall become of a reservation, as somebody else than its agent says: the answer to an assignment callback, or to
 * be sent to the API. docs/assignment.md explains the words.
 */
@Schema(name = "ReservationInstruction", requiredProperties = "instruction")
@JsonNaming(SnakeCaseStrategy.class)
public record Instruction(
        @Schema(
                        description =
                                "What becomes of the reservation; conference, dequeue and call accept it as well.",
                        allowableValues = {"accept", "reject", "conference", "dequeue", "call", "redirect"},
                        example = "accept")
                @Nullable
                String instruction,
        @Schema(description = "For reject: why not, for colleagues to read.", maxLength = 200) @Nullable String reason,
        @Schema(description = "For reject: false when the agent shall never be offered this call again.") @Nullable
                Boolean again,
        @Schema(
                        description = "For reject: the agent's status from now on.",
                        allowableValues = {"available", "away", "offline"})
                @Nullable
                String status,
        @Schema(
                        description =
                                "For conference, dequeue and call: rung instead of the agent's own phones. A number such as"
                                        + " +4930123456, sip:user@domain, client:name or extension:digits.",
                        example = "+15550102009")
                @Nullable
                String to,
        @Schema(
                        description =
                                "For conference, dequeue and call: how long the phones ring; as the model has it.",
                        minimum = "1",
                        maximum = "40")
                @Nullable
                BigDecimal ringTimeoutSeconds,
        @Schema(
                        description = "For conference, dequeue and call: said to the agent alone before the two meet.",
                        maxLength = 1000)
                @Nullable
                String say,
        @Schema(
                        description =
                                "For accept, conference, dequeue and call: the agent's status after this call, whatever the"
                                        + " queue says.",
                        allowableValues = {"previous", "available", "away", "offline"})
                @Nullable
                String postWorkStatus,
        @Schema(description = "For redirect: where the caller waits from now on.", example = "sales") @Nullable
                String queue) {

    private static final Set<String> RINGING = Set.of("to", "ring_timeout_seconds", "say", "post_work_status");

    /** What goes with which word. */
    private static final Map<String, Set<String>> FIELDS = Map.of(
            "accept",
            Set.of("post_work_status"),
            "reject",
            Set.of("reason", "again", "status"),
            "conference",
            RINGING,
            "dequeue",
            RINGING,
            "call",
            RINGING,
            "redirect",
            Set.of("queue"));

    private static final List<String> WORDS = List.of("accept", "reject", "conference", "dequeue", "call", "redirect");
    private static final BigDecimal LONGEST_RING = BigDecimal.valueOf(40);

    /** The agent takes the call. */
    public static Instruction accept() {
        return new Instruction("accept", null, null, null, null, null, null, null, null);
    }

    /**
     * The agent does not take the call.
     *
     * @param reason why not; null for none
     * @param again whether it may be offered to the same agent again
     */
    public static Instruction reject(@Nullable String reason, boolean again) {
        return new Instruction("reject", reason, again, null, null, null, null, null, null);
    }

    public boolean rejects() {
        return "reject".equals(instruction);
    }

    public boolean redirects() {
        return "redirect".equals(instruction);
    }

    /**
     * How the agent is rung.
     *
     * @throws IllegalArgumentException when there is no such address, which {@link #faults} tells
     */
    public RingPlan ringPlan() {
        return new RingPlan(
                to == null ? null : address(to).dialString(),
                ringTimeoutSeconds == null
                        ? null
                        : Duration.ofMillis(ringTimeoutSeconds.movePointRight(3).longValue()),
                say);
    }

    /** All that is wrong with it; none when it can be followed. */
    List<SettingFault> faults() {
        Set<String> fields = instruction == null ? null : FIELDS.get(instruction);
        if (fields == null) {
            return List.of(new SettingFault(
                    "instruction",
                    instruction == null ? "The instruction is missing." : "There is no such instruction.",
                    "Send one of: " + String.join(", ", WORDS) + "."));
        }
        List<SettingFault> faults = new ArrayList<>();
        given().forEach((field, value) -> {
            if (!fields.contains(field)) {
                faults.add(new SettingFault(
                        field,
                        field + " means nothing to " + instruction + ".",
                        "Its fields are: "
                                + String.join(", ", fields.stream().sorted().toList()) + "."));
            }
        });
        text("reason", reason, 200, faults);
        text("say", say, 1_000, faults);
        oneOf("status", status, List.of("available", "away", "offline"), faults);
        oneOf("post_work_status", postWorkStatus, List.of("previous", "available", "away", "offline"), faults);
        if (ringTimeoutSeconds != null
                && (ringTimeoutSeconds.compareTo(BigDecimal.ONE) < 0
                        || ringTimeoutSeconds.compareTo(LONGEST_RING) > 0)) {
            faults.add(new SettingFault(
                    "ring_timeout_seconds",
                    "ring_timeout_seconds cannot be " + ringTimeoutSeconds + ".",
                    "Send seconds, 1 to " + LONGEST_RING + "; leave it out for what the model says."));
        }
        if (redirects() && (queue == null || queue.isBlank())) {
            faults.add(new SettingFault(
                    "queue", "Where the caller is redirected to is missing.", "Send the name of a queue."));
        }
        if (to != null) {
            try {
                address(to);
            } catch (IllegalArgumentException unfit) {
                faults.add(new SettingFault(
                        "to",
                        String.valueOf(unfit.getMessage()),
                        "Send a number such as +4930123456, sip:user@domain, client:name or extension:digits."));
            }
        } else if ("call".equals(instruction)) {
            faults.add(new SettingFault(
                    "to",
                    "Who is called is missing.",
                    "Send a phone number or address; conference rings the agent's own phones."));
        }
        return faults;
    }

    private Map<String, Object> given() {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("reason", reason);
        all.put("again", again);
        all.put("status", status);
        all.put("to", to);
        all.put("ring_timeout_seconds", ringTimeoutSeconds);
        all.put("say", say);
        all.put("post_work_status", postWorkStatus);
        all.put("queue", queue);
        Map<String, Object> given = new LinkedHashMap<>();
        all.forEach((field, value) -> {
            if (value != null) {
                given.put(field, value);
            }
        });
        return given;
    }

    private static void text(String field, @Nullable String value, int longest, List<SettingFault> faults) {
        if (value != null && value.length() > longest) {
            faults.add(new SettingFault(field, field + " is too long.", "Send at most " + longest + " characters."));
        }
    }

    private static void oneOf(String field, @Nullable String value, List<String> allowed, List<SettingFault> faults) {
        if (value != null && !allowed.contains(value)) {
            faults.add(new SettingFault(
                    field, field + " cannot be this.", "Send one of: " + String.join(", ", allowed) + "."));
        }
    }

    private static Address address(String text) {
        for (String kind : List.of("sip", "client", "extension", "tel")) {
            if (text.startsWith(kind + ":")) {
                return Address.of(kind, text.substring(kind.length() + 1));
            }
        }
        return Address.of("tel", text);
    }
}
