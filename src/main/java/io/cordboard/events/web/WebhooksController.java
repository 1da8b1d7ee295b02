package io.cordboard.events.web;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.cordboard.customer.Account;
import io.cordboard.events.webhook.Deliveries;
import io.cordboard.events.webhook.Delivery;
import io.cordboard.events.webhook.Subscription;
import io.cordboard.events.webhook.Subscriptions;
import io.cordboard.events.webhook.Subscriptions.WithSecret;
import io.cordboard.platform.Page;
import io.cordboard.platform.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Outgoing webhooks, for the administrators of their customer. */
@RestController
@RequestMapping("/v1/webhooks")
@Tag(name = "Webhooks")
class WebhooksController {

    private static final String UNKNOWN = "No webhook of your customer has this id.";
    private static final String UNFIT = "Nothing may be sent to this URL, or a name is none of an event type.";

    private final Subscriptions subscriptions;
    private final Deliveries deliveries;

    WebhooksController(Subscriptions subscriptions, Deliveries deliveries) {
        this.subscriptions = subscriptions;
        this.deliveries = deliveries;
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(
            summary = "Subscribe to events",
            description = "From now on they are sent to a server of yours, signed with the secret that only this answer"
                    + " tells. docs/webhooks.md explains how to check the signature, and when an event is repeated.")
    @ApiResponse(responseCode = "201", description = "The webhook with its secret.")
    @ApiResponse(responseCode = "409", description = "There are as many as there may be.")
    @ApiResponse(responseCode = "422", description = UNFIT)
    WebhookJson create(@AuthenticationPrincipal Account me, @Valid @RequestBody NewWebhook webhook) {
        return WebhookJson.of(subscriptions.create(me.customer(), webhook.url().strip(), all(webhook.eventTypes())));
    }

    @GetMapping
    @Operation(summary = "List webhooks", description = "Those of your customer, the oldest first.")
    Page<WebhookJson> list(
            @AuthenticationPrincipal Account me,
            @RequestParam(defaultValue = "50") @Min(1) @Max(Page.LARGEST) int limit,
            @Parameter(description = "The value of next in the piece before.") @RequestParam(required = false) @Nullable
                    UUID cursor) {
        List<WebhookJson> found = subscriptions.list(me.customer(), cursor, limit + 1).stream()
                .map(WebhookJson::of)
                .toList();
        return Page.cut(found, limit, webhook -> webhook.id().toString());
    }

    @GetMapping("/{id}")
    @Operation(summary = "Get a webhook")
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "404", description = UNKNOWN)
    WebhookJson get(@AuthenticationPrincipal Account me, @PathVariable UUID id) {
        return WebhookJson.of(find(me, id));
    }

    @PutMapping("/{id}")
    @Operation(
            summary = "Change a webhook",
            description =
                    "Replaces URL and event types, enables or disables. One that is enabled anew is sent what happens"
                            + " from now on; one that is disabled is sent nothing more, not even what waits for its next attempt.")
    @ApiResponse(responseCode = "200", description = "The webhook after the change.")
    @ApiResponse(responseCode = "404", description = UNKNOWN)
    @ApiResponse(responseCode = "422", description = UNFIT)
    WebhookJson change(
            @AuthenticationPrincipal Account me, @PathVariable UUID id, @Valid @RequestBody ChangedWebhook webhook) {
        return subscriptions
                .change(me.customer(), id, webhook.url().strip(), all(webhook.eventTypes()), webhook.enabled())
                .map(WebhookJson::of)
                .orElseThrow(() -> unknown(id));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Delete a webhook", description = "With the record of its deliveries.")
    @ApiResponse(responseCode = "204", description = "It is gone.")
    @ApiResponse(responseCode = "404", description = UNKNOWN)
    void delete(@AuthenticationPrincipal Account me, @PathVariable UUID id) {
        if (!subscriptions.delete(me.customer(), id)) {
            throw unknown(id);
        }
    }

    @PostMapping("/{id}/rotate-secret")
    @Operation(
            summary = "Make a new secret",
            description = "Only this answer tells it. For 24 hours every event carries two signatures, one with the new"
                    + " secret and one with the secret before it.")
    @ApiResponse(responseCode = "200", description = "The webhook with its new secret.")
    @ApiResponse(responseCode = "404", description = UNKNOWN)
    WebhookJson rotateSecret(@AuthenticationPrincipal Account me, @PathVariable UUID id) {
        return subscriptions
                .rotateSecret(me.customer(), id)
                .map(WebhookJson::of)
                .orElseThrow(() -> unknown(id));
    }

    @PostMapping("/{id}/test")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(
            summary = "Try a webhook",
            description = "Sends the event webhook_test to this webhook only; what became of it is in the deliveries.")
    @ApiResponse(responseCode = "202", description = "The delivery, which is about to be attempted.")
    @ApiResponse(responseCode = "404", description = UNKNOWN)
    @ApiResponse(responseCode = "409", description = "The webhook is disabled.")
    DeliveryJson test(@AuthenticationPrincipal Account me, @PathVariable UUID id) {
        return DeliveryJson.of(deliveries.test(find(me, id)));
    }

    @GetMapping("/{id}/deliveries")
    @Operation(
            summary = "List what was sent",
            description = "The newest first, each with how its last attempt went. They are kept for 30 days.")
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "404", description = UNKNOWN)
    Page<DeliveryJson> deliveries(
            @AuthenticationPrincipal Account me,
            @PathVariable UUID id,
            @RequestParam(defaultValue = "50") @Min(1) @Max(Page.LARGEST) int limit,
            @Parameter(description = "The value of next in the piece before.") @RequestParam(required = false) @Nullable
                    UUID cursor) {
        List<DeliveryJson> found = deliveries.list(find(me, id), cursor, limit + 1).stream()
                .map(DeliveryJson::of)
                .toList();
        return Page.cut(found, limit, delivery -> delivery.id().toString());
    }

    @PostMapping("/{id}/deliveries/{delivery}/redeliver")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(
            summary = "Send an event again",
            description =
                    "Whatever became of it, with the same id; one that waits for its next attempt waits no longer.")
    @ApiResponse(responseCode = "202", description = "The delivery, which is about to be attempted.")
    @ApiResponse(responseCode = "404", description = "No webhook of your customer has this id, or no such delivery.")
    @ApiResponse(responseCode = "409", description = "The webhook is disabled.")
    DeliveryJson redeliver(@AuthenticationPrincipal Account me, @PathVariable UUID id, @PathVariable UUID delivery) {
        return deliveries
                .redeliver(find(me, id), delivery)
                .map(DeliveryJson::of)
                .orElseThrow(() -> Problem.notFound(
                        "This webhook has no delivery " + delivery + ".",
                        "GET /v1/webhooks/" + id + "/deliveries lists those of the last 30 days."));
    }

    private Subscription find(Account me, UUID id) {
        return subscriptions.find(me.customer(), id).orElseThrow(() -> unknown(id));
    }

    private static Problem unknown(UUID id) {
        return Problem.notFound("There is no webhook " + id + ".", "GET /v1/webhooks lists those of your customer.");
    }

    private static List<String> all(@Nullable List<@Nullable String> eventTypes) {
        return eventTypes == null
                ? List.of()
                : eventTypes.stream()
                        .map(type -> type == null ? "" : type.strip())
                        .toList();
    }

    /**
     * A webhook to be.
     *
     * @param eventTypes leave it out for all
     */
    @JsonNaming(SnakeCaseStrategy.class)
    record NewWebhook(
            @Schema(example = "https://example.com/cordboard") @NotBlank String url,
            @Schema(example = "[\"agent_status_updated\", \"call_ended\"]") @Nullable
                    List<@Nullable String> eventTypes) {}

    /**
     * A webhook as it shall be.
     *
     * @param eventTypes leave it out for all
     */
    @JsonNaming(SnakeCaseStrategy.class)
    record ChangedWebhook(
            @Schema(example = "https://example.com/cordboard") @NotBlank String url,
            @Schema(example = "[\"agent_status_updated\", \"call_ended\"]") @Nullable List<@Nullable String> eventTypes,
            @NotNull Boolean enabled) {}

    /**
     * A webhook.
     *
     * @param eventTypes none means all
     * @param secret only in the answer that made it
     * @param oldSecretUntil until when the secret before this one signs as well
     * @param disabledBecause why Cordboard disabled it
     * @param failingSince the first failure since the last success
     */
    @Schema(name = "Webhook")
    @JsonNaming(SnakeCaseStrategy.class)
    record WebhookJson(
            UUID id,
            @Schema(example = "https://example.com/cordboard") String url,
            @Schema(example = "[\"agent_status_updated\"]") List<String> eventTypes,
            boolean enabled,
            @Nullable String disabledBecause,
            @Nullable Instant failingSince,
            @Schema(example = "whsec_…") @Nullable String secret,
            @Nullable Instant oldSecretUntil,
            Instant createdAt) {

        static WebhookJson of(Subscription subscription) {
            return of(subscription, null);
        }

        static WebhookJson of(WithSecret told) {
            return of(told.subscription(), told.secret());
        }

        private static WebhookJson of(Subscription subscription, @Nullable String secret) {
            return new WebhookJson(
                    subscription.id(),
                    subscription.url(),
                    subscription.eventTypes(),
                    subscription.enabled(),
                    subscription.disabledBecause(),
                    subscription.failingSince(),
                    secret,
                    subscription.oldSecretUntil(),
                    subscription.createdAt());
        }
    }

    /**
     * One event for one webhook.
     *
     * @param id the header webhook-id, the same at each attempt
     * @param eventId its id on the live feed; none for a test
     * @param state pending, delivered or failed
     * @param nextAttemptAt only while it is pending
     * @param status of the last answer, if there was one
     * @param error what went wrong the last time
     * @param durationMs how long the last attempt took
     * @param payload the body
     */
    @Schema(name = "WebhookDelivery")
    @JsonNaming(SnakeCaseStrategy.class)
    record DeliveryJson(
            UUID id,
            @Nullable Long eventId,
            @Schema(example = "agent_status_updated") String eventType,
            @Schema(example = "delivered") String state,
            int attempts,
            @Nullable Instant nextAttemptAt,
            @Nullable Instant lastAttemptAt,
            @Schema(example = "200") @Nullable Integer status,
            @Nullable String error,
            @Nullable Integer durationMs,
            Instant createdAt,
            @Schema(implementation = Object.class) @JsonRawValue String payload) {

        static DeliveryJson of(Delivery delivery) {
            return new DeliveryJson(
                    delivery.id(),
                    delivery.event(),
                    delivery.type(),
                    delivery.state(),
                    delivery.attempts(),
                    delivery.nextAttemptAt(),
                    delivery.lastAttemptAt(),
                    delivery.status(),
                    delivery.error(),
                    delivery.millis(),
                    delivery.createdAt(),
                    delivery.payload());
        }
    }
}
