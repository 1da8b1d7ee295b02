package io.cordboard.agent.web;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.cordboard.agent.AgentStatus;
import io.cordboard.agent.NotAvailableReasons;
import io.cordboard.agent.NotAvailableReasons.Reason;
import io.cordboard.customer.Account;
import io.cordboard.platform.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What an agent can be doing: TaskRouter's activities. */
@RestController
@Tag(name = "Agents")
class ActivitiesController {

    /** A customer has no more reasons than people can choose from. */
    private static final int REASONS = 1000;

    private final NotAvailableReasons reasons;

    ActivitiesController(NotAvailableReasons reasons) {
        this.reasons = reasons;
    }

    @GetMapping("/v1/activities")
    @Operation(
            summary = "List activities",
            description = "The statuses of agents, and your customer's reasons to be away or offline.")
    Page<ActivityJson> list(@AuthenticationPrincipal Account me) {
        List<ActivityJson> all = Stream.concat(
                        Arrays.stream(AgentStatus.values()).map(ActivityJson::of),
                        reasons.list(me.customer(), "", REASONS).stream().map(ActivityJson::of))
                .toList();
        return Page.whole(all);
    }

    /**
     * Something an agent can be doing.
     *
     * @param id of a reason only
     * @param kind {@code status}, or {@code reason}: chosen together with the status away or offline
     * @param available whether agents who do it are offered calls
     * @param chosen whether agents choose it; other statuses follow from calls
     */
    @Schema(name = "Activity")
    @JsonNaming(SnakeCaseStrategy.class)
    record ActivityJson(
            @Nullable UUID id,
            @Schema(example = "Lunch") String name,
            @Schema(example = "reason") String kind,
            @Schema(example = "false") boolean available,
            @Schema(example = "true") boolean chosen) {

        static ActivityJson of(AgentStatus status) {
            return new ActivityJson(
                    null, status.column(), "status", status == AgentStatus.AVAILABLE, status.canBeChosen());
        }

        static ActivityJson of(Reason reason) {
            return new ActivityJson(reason.id(), reason.name(), "reason", false, true);
        }
    }
}
