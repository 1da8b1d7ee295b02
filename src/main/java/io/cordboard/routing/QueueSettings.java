package io.cordboard.routing;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a queue works, as administrators set it. What is null when it comes from them has its usual value, what comes from
 * us is complete but for the expression and the addresses.
 *
 * <p>To add a setting: a component with its range and usual value here, and a column of the same name; that of a
 * {@code …Seconds} is an interval without the ending. {@link SettingColumns} does the rest.
 */
@Schema(name = "QueueSettings", requiredProperties = "name")
@JsonNaming(SnakeCaseStrategy.class)
public record QueueSettings(
        @Schema(description = "What flows enter it by, unique among your queues.", example = "support") @Nullable
                String name,
        @Schema(description = "Only agents with these tags are asked.", example = "[\"support\"]") @Nullable
                List<String> requiredTags,
        @Schema(
                        description = "Whether agents need all of required_tags or any of them.",
                        allowableValues = {"all", "any"},
                        defaultValue = "all")
                @Nullable
                String match,
        @Schema(
                        description = "Only agents for whom this is true are asked, see docs/queues.md.",
                        example = "languages HAS \"en\" AND levels.support > 3")
                @Nullable
                String expression,
        @Schema(
                        description = "Who is asked first.",
                        allowableValues = {
                            "longest_idle",
                            "random",
                            "round_robin",
                            "least_recent",
                            "fewest_calls",
                            "least_talk_time",
                            "best_skill",
                            "top_down",
                            "ring_all",
                            "progressive"
                        },
                        defaultValue = "longest_idle")
                @Nullable
                String strategy,
        @Schema(
                        description = "How many agents are asked for one call at the same time.",
                        minimum = "1",
                        maximum = "50",
                        defaultValue = "1")
                @Nullable
                Integer maxReserved,
        @Schema(
                        description = "For progressive: after how long one more agent is asked.",
                        minimum = "1",
                        maximum = "3600",
                        defaultValue = "5")
                @Nullable
                BigDecimal askIntervalSeconds,
        @Schema(
                        description = "How much longer a caller of one priority less has to have waited to be level.",
                        minimum = "0",
                        maximum = "86400",
                        defaultValue = "60")
                @Nullable
                BigDecimal priorityWorthSeconds,
        @Schema(description = "How many callers may wait.", minimum = "1", maximum = "50000", defaultValue = "100")
                @Nullable
                Integer maximumSize,
        @ArraySchema(
                        arraySchema =
                                @Schema(
                                        description =
                                                "When a caller is not let in: nobody with the skills is on shift, all of them are"
                                                        + " away, or all are busy."),
                        schema = @Schema(allowableValues = {"no_agents", "unavailable", "all_busy"}))
                @Nullable
                List<String> refuseWhen,
        @ArraySchema(
                        arraySchema = @Schema(description = "When a caller who waits leaves again."),
                        schema = @Schema(allowableValues = {"no_agents", "unavailable"}))
                @Nullable
                List<String> leaveWhen,
        @Schema(
                        description = "How long a call is not offered again to an agent who rejected it.",
                        minimum = "0",
                        maximum = "86400",
                        defaultValue = "15")
                @Nullable
                BigDecimal rejectPauseSeconds,
        @Schema(
                        description = "How long a call is not offered again to an agent who let it pass.",
                        minimum = "0",
                        maximum = "86400",
                        defaultValue = "15")
                @Nullable
                BigDecimal missPauseSeconds,
        @Schema(
                        description = "How long no call at all is offered to an agent who rejected one.",
                        minimum = "0",
                        maximum = "86400",
                        defaultValue = "0")
                @Nullable
                BigDecimal rejectRestSeconds,
        @Schema(
                        description = "How long no call at all is offered to an agent who let one pass.",
                        minimum = "0",
                        maximum = "86400",
                        defaultValue = "0")
                @Nullable
                BigDecimal missRestSeconds,
        @Schema(
                        description = "After how many offers let pass in a row after_missed_offer happens.",
                        minimum = "1",
                        maximum = "100",
                        defaultValue = "1")
                @Nullable
                Integer missesAllowed,
        @Schema(
                        description = "The status of an agent who let offers pass; available for no change.",
                        allowableValues = {"available", "away", "offline"},
                        defaultValue = "away")
                @Nullable
                String afterMissedOffer,
        @Schema(
                        description = "How long an agent may think about an offer.",
                        minimum = "1",
                        maximum = "86400",
                        defaultValue = "10")
                @Nullable
                BigDecimal reservationTimeoutSeconds,
        @Schema(
                        description = "After how long the flow goes on without an agent.",
                        minimum = "1",
                        maximum = "604800",
                        defaultValue = "300")
                @Nullable
                BigDecimal maximumWaitSeconds,
        @Schema(
                        description = "How long an agent may wrap up after a call.",
                        minimum = "1",
                        maximum = "86400",
                        defaultValue = "60")
                @Nullable
                BigDecimal wrapUpTimeoutSeconds,
        @Schema(
                        description = "How agents wrap up after a call, see docs/wrap-up.md.",
                        allowableValues = {
                            "mandatory",
                            "mandatory_timeout",
                            "forced_timeout",
                            "optional",
                            "agent_requested"
                        },
                        defaultValue = "forced_timeout")
                @Nullable
                String wrapUpMode,
        @Schema(
                        description = "The end of a wrap-up that has to be finished by the agent.",
                        minimum = "1",
                        maximum = "86400",
                        defaultValue = "86400")
                @Nullable
                BigDecimal wrapUpLimitSeconds,
        @ArraySchema(
                        arraySchema = @Schema(description = "How a call can be disposed of; none for any word."),
                        schema = @Schema(pattern = "[A-Za-z][A-Za-z0-9_-]{0,63}"),
                        maxItems = 100)
                @Nullable
                List<String> dispositions,
        @Schema(
                        description = "The status of an agent after a call; previous for the one chosen before.",
                        allowableValues = {"previous", "available", "away", "offline"},
                        defaultValue = "previous")
                @Nullable
                String postWorkStatus,
        @Schema(description = "Whether offers need no answer: the agent's phones ring at once.", defaultValue = "false")
                @Nullable
                Boolean autoAccept,
        @Schema(
                        description = "A server of yours that is asked at each reservation, see docs/assignment.md.",
                        maxLength = 2000,
                        example = "https://example.com/assignment")
                @Nullable
                String assignmentCallbackUrl,
        @Schema(description = "Another one, asked when that one gives no answer that can be used.", maxLength = 2000)
                @Nullable
                String assignmentCallbackFallbackUrl,
        @Schema(
                        description =
                                "Who hung up while waiting and calls again within this time is back in the old place.",
                        minimum = "0",
                        maximum = "86400",
                        defaultValue = "60")
                @Nullable
                BigDecimal resumeWithinSeconds,
        @Schema(
                        description =
                                "Whether callers may be called back instead of waiting on the line, and who is called first.",
                        allowableValues = {"off", "agent_first", "customer_first"},
                        defaultValue = "off")
                @Nullable
                String callBack,
        @Schema(
                        description = "How often a caller is called back who does not pick up.",
                        minimum = "1",
                        maximum = "10",
                        defaultValue = "3")
                @Nullable
                Integer callBackAttempts,
        @Schema(description = "The pause between two attempts.", minimum = "0", maximum = "86400", defaultValue = "300")
                @Nullable
                BigDecimal callBackPauseSeconds,
        @Schema(
                        description = "How long a promised call back holds, from the first of its hours on.",
                        minimum = "60",
                        maximum = "604800",
                        defaultValue = "86400")
                @Nullable
                BigDecimal callBackWithinSeconds,
        @ArraySchema(
                        arraySchema = @Schema(description = "When callers may be called back; none for always."),
                        schema = @Schema(pattern = CallBackHours.PATTERN, example = "mon-fri 09:00-17:30"),
                        maxItems = 50)
                @Nullable
                List<String> callBackHours,
        @Schema(
                        description = "The time zone of call_back_hours, for example Europe/Berlin.",
                        maxLength = 64,
                        defaultValue = "UTC")
                @Nullable
                String callBackTimeZone,
        @Schema(
                        description = "Within which time callers shall be with an agent, see docs/statistics.md.",
                        minimum = "0",
                        maximum = "3600",
                        defaultValue = "20")
                @Nullable
                BigDecimal serviceLevelWithinSeconds,
        @Schema(description = "How many percent of callers shall.", minimum = "1", maximum = "100", defaultValue = "80")
                @Nullable
                Integer serviceLevelPercent,
        @Schema(
                        description = "Within which time a message is to be worked on.",
                        minimum = "60",
                        maximum = "2592000",
                        defaultValue = "14400")
                @Nullable
                BigDecimal followUpWithinSeconds,
        @Schema(description = "Shorter messages are dropped.", minimum = "1", maximum = "120", defaultValue = "2")
                @Nullable
                BigDecimal shortestMessageSeconds,
        @Schema(
                        description = "How long messages are kept once they are worked on.",
                        minimum = "60",
                        maximum = "315360000",
                        defaultValue = "2592000")
                @Nullable
                BigDecimal keepMessagesForSeconds,
        @Schema(description = "With whom it is content after a while; the latest one reached replaces all before.")
                @Nullable
                List<Ring> rings,
        @Schema(description = "For top_down: who is asked first, second, …; all others are in tier 1.") @Nullable
                List<Tier> tiers) {

    /** For those who need not know where the queue asks; an address may have a password of its own in it. */
    public QueueSettings withoutCallback() {
        return SettingColumns.without(this, "assignmentCallbackUrl", "assignmentCallbackFallbackUrl");
    }

    /**
     * Skills a queue is content with from a waiting time on, instead of its own.
     *
     * @param requiredTags null for none
     * @param match {@code all} or {@code any} of them; null for all
     */
    @Schema(name = "QueueRing")
    @JsonNaming(SnakeCaseStrategy.class)
    public record Ring(
            @Schema(example = "30") @Nullable BigDecimal afterSeconds,
            @Schema(example = "[\"sales\"]") @Nullable List<String> requiredTags,
            @Schema(
                            allowableValues = {"all", "any"},
                            defaultValue = "all")
                    @Nullable
                    String match,
            @Nullable String expression) {}

    /** @param tier from 1, which is asked first */
    @Schema(name = "QueueTier")
    @JsonNaming(SnakeCaseStrategy.class)
    public record Tier(@Nullable UUID agentId, @Schema(example = "2") @Nullable Integer tier) {}
}
