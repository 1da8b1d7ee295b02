package io.cordboard.routing.web;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.cordboard.customer.Account;
import io.cordboard.platform.Page;
import io.cordboard.routing.Queues;
import io.cordboard.routing.Queues.Queue;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.UUID;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The queues and how long callers wait in them. */
@RestController
@Tag(name = "Queues")
class QueuesController {

    private final Queues queues;

    QueuesController(Queues queues) {
        this.queues = queues;
    }

    @GetMapping("/v1/queues")
    @Operation(
            summary = "List queues",
            description = "By name, those of your customer, with their figures of this moment.")
    Page<QueueJson> list(@AuthenticationPrincipal Account me) {
        return Page.whole(queues.of(me.customer()).stream().map(QueueJson::of).toList());
    }

    /**
     * A queue at this moment.
     *
     * @param averageWaitTime in seconds, of those who left in the last hour
     * @param longestWaitTime in seconds, of those who wait now
     */
    @Schema(name = "Queue")
    @JsonNaming(SnakeCaseStrategy.class)
    record QueueJson(
            UUID id,
            @Schema(example = "support") String name,
            @Schema(example = "support") String friendlyName,
            Instant createdAt,
            @Schema(example = "3") int currentSize,
            @Schema(example = "100") int maxSize,
            @Schema(example = "21") long averageWaitTime,
            @Schema(example = "48") long longestWaitTime,
            @Schema(example = "5") int agentsEligible,
            @Schema(example = "2") int agentsAvailable) {

        static QueueJson of(Queue queue) {
            return new QueueJson(
                    queue.id().value(),
                    queue.name(),
                    queue.name(),
                    queue.createdAt(),
                    queue.size(),
                    queue.maxSize(),
                    queue.averageWait().toSeconds(),
                    queue.longestWait().toSeconds(),
                    queue.eligible(),
                    queue.available());
        }
    }
}
