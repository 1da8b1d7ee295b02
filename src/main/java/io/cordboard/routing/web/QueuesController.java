package io.cordboard.routing.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cordboard.customer.Account;
import io.cordboard.platform.IfMatch;
import io.cordboard.platform.Page;
import io.cordboard.platform.Problem;
import io.cordboard.routing.CallbackSecrets;
import io.cordboard.routing.QueueBook;
import io.cordboard.routing.QueueBook.Kept;
import io.cordboard.routing.QueueBook.Outcome;
import io.cordboard.routing.QueueBook.Outcome.Done;
import io.cordboard.routing.QueueSettings;
import io.cordboard.routing.Queues;
import io.cordboard.routing.Queues.Queue;
import io.cordboard.shared.QueueId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The queues, how long callers wait in them, and how they work. Everybody sees them, administrators change them. */
@RestController
@RequestMapping("/v1/queues")
@Tag(name = "Queues")
class QueuesController {

    private static final String NO_SUCH_QUEUE = "No queue of your customer has this id.";
    private static final String NAME_TAKEN = "There is a queue of this name.";
    private static final String UNFIT = "A value cannot be used; fields says which ones, and how to mend them.";
    private static final String CHANGED = "Somebody else changed the queue since If-Match.";

    private final Queues queues;
    private final QueueBook book;
    private final QueueBody body;
    private final CallbackSecrets secrets;

    QueuesController(Queues queues, QueueBook book, QueueBody body, CallbackSecrets secrets) {
        this.queues = queues;
        this.book = book;
        this.body = body;
        this.secrets = secrets;
    }

    @GetMapping
    @Operation(
            summary = "List queues",
            description = "By name, those of your customer, with their figures of this moment.")
    Page<QueueJson> list(
            @AuthenticationPrincipal Account me,
            @RequestParam(defaultValue = "" + Page.LARGEST) @Min(1) @Max(Page.LARGEST) int limit,
            @Parameter(description = "The value of next in the piece before.") @RequestParam(defaultValue = "")
                    String cursor) {
        List<QueueJson> found = queues.list(me.customer(), cursor, limit + 1).stream()
                .map(QueueJson::of)
                .toList();
        return Page.cut(found, limit, QueueJson::name);
    }

    @GetMapping("/{id}")
    @Operation(
            summary = "Get a queue",
            description =
                    "All its settings; GET /v1/queues has its figures. Only administrators see the addresses of the"
                            + " assignment callback.")
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "404", description = NO_SUCH_QUEUE)
    ResponseEntity<QueueSettingsJson> get(@AuthenticationPrincipal Account me, @PathVariable UUID id) {
        Kept queue = book.find(me.customer(), new QueueId(id)).orElseThrow(QueuesController::unknown);
        Kept shown = me.role().administers()
                ? queue
                : new Kept(
                        queue.id(),
                        queue.createdAt(),
                        queue.revision(),
                        queue.settings().withoutCallback());
        return answer(HttpStatus.OK, new Done(shown, List.of(), null));
    }

    @PostMapping
    @Operation(
            summary = "Add a queue",
            description =
                    "Only the name has to be sent. A field that does not exist is refused, like one outside of its"
                            + " range. docs/queues.md explains the settings and the expressions.")
    @ApiResponse(responseCode = "201", description = "The queue, whose address is in Location.")
    @ApiResponse(responseCode = "409", description = NAME_TAKEN)
    @ApiResponse(responseCode = "422", description = UNFIT)
    @Settings
    ResponseEntity<QueueSettingsJson> add(@AuthenticationPrincipal Account me, @RequestBody ObjectNode queue) {
        return answer(HttpStatus.CREATED, done(book.add(me.customer(), body.settings(queue))));
    }

    @PutMapping("/{id}")
    @Operation(
            summary = "Change a queue",
            description =
                    "Replaces all settings; what is left out gets its usual value. So send what GET gave, changed,"
                            + " with its ETag as If-Match. Callers who wait are matched by the new settings at once.")
    @ApiResponse(responseCode = "200", description = "The queue after the change.")
    @ApiResponse(responseCode = "404", description = NO_SUCH_QUEUE)
    @ApiResponse(responseCode = "409", description = NAME_TAKEN)
    @ApiResponse(responseCode = "412", description = CHANGED)
    @ApiResponse(responseCode = "422", description = UNFIT)
    @Settings
    ResponseEntity<QueueSettingsJson> change(
            @AuthenticationPrincipal Account me,
            @PathVariable UUID id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody ObjectNode queue) {
        return answer(
                HttpStatus.OK,
                done(book.change(me.customer(), new QueueId(id), body.settings(queue), revision(ifMatch))));
    }

    @DeleteMapping("/{id}")
    @Operation(
            summary = "Delete a queue",
            description = "Its name becomes free. What calls did in it stays readable under the name.")
    @ApiResponse(responseCode = "204")
    @ApiResponse(responseCode = "404", description = NO_SUCH_QUEUE)
    @ApiResponse(responseCode = "409", description = "Somebody waits in it, talks out of it, or left a message in it.")
    @ApiResponse(responseCode = "412", description = CHANGED)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(
            @AuthenticationPrincipal Account me,
            @PathVariable UUID id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        Outcome outcome = book.delete(me.customer(), new QueueId(id), revision(ifMatch));
        if (!(outcome instanceof Outcome.Deleted)) {
            done(outcome);
        }
    }

    @PostMapping("/{id}/rotate-secret")
    @Operation(
            summary = "Make a new secret",
            description =
                    "Of the questions to the queue's assignment callback; only this answer tells it. For 24 hours they"
                            + " carry two signatures, one with the new secret and one with the secret before it.")
    @ApiResponse(responseCode = "200", description = "The new secret.")
    @ApiResponse(responseCode = "404", description = NO_SUCH_QUEUE)
    SecretJson rotateSecret(@AuthenticationPrincipal Account me, @PathVariable UUID id) {
        return secrets.rotate(me.customer(), new QueueId(id))
                .map(secret -> new SecretJson(id, secret))
                .orElseThrow(QueuesController::unknown);
    }

    private static Done done(Outcome outcome) {
        if (outcome instanceof Done done) {
            return done;
        }
        if (outcome instanceof Outcome.Unfit unfit) {
            throw QueueBody.unfit(unfit.faults());
        }
        if (outcome instanceof Outcome.NameTaken taken) {
            throw Problem.conflict(
                    "There is a queue " + taken.name() + " already.", "Change that one, or choose another name.");
        }
        if (outcome instanceof Outcome.ChangedMeanwhile changed) {
            throw IfMatch.changedMeanwhile("queue", changed.revision());
        }
        if (outcome instanceof Outcome.InUse use) {
            throw Problem.conflict(
                    "The queue is in use: callers waiting: " + use.callers() + ", calls with agents: " + use.talks()
                            + ", open messages: " + use.messages() + ".",
                    "Let no flow enter it any more, and delete it when all of them are done.");
        }
        throw unknown();
    }

    private static Problem unknown() {
        return Problem.notFound("There is no such queue.", "GET /v1/queues lists the queues of your customer.");
    }

    private static @Nullable Integer revision(@Nullable String ifMatch) {
        return IfMatch.revision(ifMatch, "GET /v1/queues/{id}");
    }

    private static ResponseEntity<QueueSettingsJson> answer(HttpStatus status, Done done) {
        Kept queue = done.queue();
        var response = ResponseEntity.status(status).eTag(IfMatch.tag(queue.revision()));
        if (status == HttpStatus.CREATED) {
            response.location(URI.create("/v1/queues/" + queue.id()));
        }
        return response.body(new QueueSettingsJson(
                queue.id().value(), queue.createdAt(), queue.settings(), done.warnings(), done.newSecret()));
    }

    /** The body is read by {@link QueueBody}, but described like all others. */
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = QueueSettings.class)))
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    private @interface Settings {}

    /**
     * A queue as it is set.
     *
     * @param warnings after a change: what may be meant, and looks like a mistake
     * @param assignmentCallbackSecret what the questions are signed with; only in the answer that made it
     */
    @Schema(name = "QueueWithSettings")
    @JsonNaming(SnakeCaseStrategy.class)
    record QueueSettingsJson(
            UUID id,
            Instant createdAt,
            @JsonUnwrapped QueueSettings settings,
            List<String> warnings,
            @Schema(example = "whsec_…") @Nullable String assignmentCallbackSecret) {}

    /**
     * A new secret of a queue's assignment callback.
     *
     * @param secret only this answer tells it
     */
    @Schema(name = "QueueSecret")
    @JsonNaming(SnakeCaseStrategy.class)
    record SecretJson(UUID queueId, @Schema(example = "whsec_…") String secret) {}

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
