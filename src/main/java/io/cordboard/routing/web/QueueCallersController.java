package io.cordboard.routing.web;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.cordboard.customer.Account;
import io.cordboard.platform.Page;
import io.cordboard.platform.Problem;
import io.cordboard.routing.QueueCallers;
import io.cordboard.routing.QueueCallers.Waiting;
import io.cordboard.routing.Queues;
import io.cordboard.shared.QueueId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Who waits in a queue, and in which place. */
@RestController
@RequestMapping("/v1/queues/{id}/calls")
@Tag(name = "Queues")
class QueueCallersController {

    private final Queues queues;
    private final QueueCallers callers;

    QueueCallersController(Queues queues, QueueCallers callers) {
        this.queues = queues;
        this.callers = callers;
    }

    @GetMapping
    @Operation(
            summary = "List the callers in a queue",
            description = "Who is next first, those included who are being offered to an agent.")
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "404", description = "Your customer has no such queue.")
    Page<CallerJson> list(
            @AuthenticationPrincipal Account me,
            @PathVariable UUID id,
            @RequestParam(defaultValue = "50") @Min(1) @Max(Page.LARGEST) int limit,
            @Parameter(description = "The value of next in the piece before.") @RequestParam(required = false) @Nullable
                    UUID cursor) {
        QueueId queue = new QueueId(id);
        if (!queues.has(me.customer(), queue)) {
            throw Problem.notFound("There is no queue " + id + ".", "GET /v1/queues lists the queues you can see.");
        }
        List<CallerJson> found = callers.list(queue, cursor, limit + 1).stream()
                .map(CallerJson::of)
                .toList();
        return Page.cut(found, limit, caller -> caller.callId().toString());
    }

    /**
     * A caller in a queue.
     *
     * @param place from 1, who is next
     * @param enteredAt when they came into this queue
     * @param waitingSince the same, the queues before included
     * @param callBack true for one who is not on the line but is called back
     * @param asked names of the agents who are asked to take the call at this moment
     */
    @Schema(name = "QueueCaller")
    @JsonNaming(SnakeCaseStrategy.class)
    record CallerJson(
            @Schema(example = "1") int place,
            UUID callId,
            @Schema(example = "+15550142001") String from,
            int priority,
            Instant enteredAt,
            Instant waitingSince,
            @Schema(example = "false") boolean callBack,
            @Schema(example = "[\"Charles\"]") List<String> asked) {

        static CallerJson of(Waiting caller) {
            return new CallerJson(
                    caller.place(),
                    caller.call().value(),
                    caller.from(),
                    caller.priority(),
                    caller.enteredAt(),
                    caller.waitingSince(),
                    caller.callBack(),
                    caller.asked());
        }
    }
}
