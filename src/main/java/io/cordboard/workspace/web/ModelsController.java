package io.cordboard.workspace.web;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.cordboard.customer.Account;
import io.cordboard.customer.Role;
import io.cordboard.flow.Drafts;
import io.cordboard.flow.Drafts.Draft;
import io.cordboard.flow.Drafts.Model;
import io.cordboard.flow.Drafts.Outdated;
import io.cordboard.flow.Drafts.Part;
import io.cordboard.flow.Drafts.Published;
import io.cordboard.platform.Page;
import io.cordboard.platform.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Models from the draft to live calls, for analysts and administrators of the operator. What an analyst drew goes live by
 * the decision of a second person.
 */
@RestController
@RequestMapping("/v1/models")
@Tag(name = "Models")
class ModelsController {

    private final Drafts drafts;

    ModelsController(Drafts drafts) {
        this.drafts = drafts;
    }

    @GetMapping
    @Operation(
            summary = "List models",
            description = "What calls to live numbers begin with. For analysts and administrators of the operator.")
    Page<Model> published(@AuthenticationPrincipal Account me) {
        return Page.whole(drafts.published());
    }

    @GetMapping("/drafts")
    @Operation(summary = "List drafts", description = "Those that wait to be published, newest first.")
    Page<DraftJson> waiting(@AuthenticationPrincipal Account me) {
        return Page.whole(drafts.waiting().stream().map(DraftJson::of).toList());
    }

    @PostMapping("/drafts/{id}/publish")
    @Operation(
            summary = "Publish a draft",
            description =
                    "All its files go live together: the next call begins with them, calls under way go on as they"
                            + " began. Administrators may, and analysts unless the draft is their own.")
    @ApiResponse(responseCode = "200", description = "The models that are live now.")
    @ApiResponse(responseCode = "403", description = "It is your own draft; somebody else has to publish it.")
    @ApiResponse(responseCode = "404", description = "There is no such draft.")
    @ApiResponse(
            responseCode = "409",
            description = "Somebody decided on it before, or published a model of it after it was made.")
    Page<Model> publish(
            @AuthenticationPrincipal Account me,
            @PathVariable String id,
            @RequestBody(required = false) @Nullable Confirmation confirmation) {
        Draft draft = find(id);
        if (me.role() != Role.ADMIN && draft.author().equals(me.id())) {
            throw Problem.of(
                    HttpStatus.FORBIDDEN,
                    "You deployed this draft yourself.",
                    "Ask another analyst or an administrator to look at it and to publish it.");
        }
        var replaces = confirmation == null || confirmation.replaces == null
                ? Map.<String, Integer>of()
                : confirmation.replaces;
        var outcome = drafts.publish(draft, me.id(), replaces);
        if (outcome instanceof Published published) {
            return Page.whole(published.models());
        }
        throw outcome instanceof Outdated outdated ? surprise(outdated) : decided(id);
    }

    @DeleteMapping("/drafts/{id}")
    @Operation(
            summary = "Discard a draft",
            description = "For its author and administrators. Trial calls under way end on it.")
    @ApiResponse(responseCode = "204")
    @ApiResponse(responseCode = "403", description = "It is somebody else's.")
    @ApiResponse(responseCode = "404", description = "There is no such draft.")
    @ApiResponse(responseCode = "409", description = "Somebody decided on it before.")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void discard(@AuthenticationPrincipal Account me, @PathVariable String id) {
        Draft draft = find(id);
        if (me.role() != Role.ADMIN && !draft.author().equals(me.id())) {
            throw Problem.of(
                    HttpStatus.FORBIDDEN,
                    "The draft is of " + draft.authorName() + ".",
                    "Ask them or an administrator to discard it.");
        }
        if (!drafts.discard(draft, me.id())) {
            throw decided(id);
        }
    }

    private Draft find(String id) {
        return drafts.find(id).orElseThrow(() -> decided(id));
    }

    private Problem decided(String id) {
        return drafts.decisionOn(id)
                .map(decision -> Problem.conflict(
                        "The draft was %s by %s at %s.".formatted(decision.state(), decision.by(), decision.at()),
                        "GET /v1/models/drafts lists those that wait."))
                .orElseGet(() -> Problem.notFound(
                        "There is no draft " + id + ".", "GET /v1/models/drafts lists those that wait."));
    }

    private static Problem surprise(Outdated outdated) {
        String live = outdated.models().stream()
                .map(model -> "%s (version %d, since %s%s)"
                        .formatted(
                                model.key(),
                                model.version(),
                                model.since(),
                                model.by() == null ? "" : ", by " + model.by()))
                .collect(Collectors.joining(", "));
        String confirmation = outdated.models().stream()
                .map(model -> "\"%s\": %d".formatted(model.key(), model.version()))
                .distinct()
                .collect(Collectors.joining(", "));
        return Problem.conflict(
                "Other versions are live than the draft was made for: " + live + ".",
                "Deploy a draft that contains what they changed, or replace them knowingly: send {\"replaces\": {"
                        + confirmation + "}}.");
    }

    /** @param replaces the live version that the draft is known to replace, by key */
    @Schema(name = "PublishDraft")
    record Confirmation(@Schema(example = "{\"ivr\": 7}") @Nullable Map<String, Integer> replaces) {}

    /**
     * @param name as its author called the deployment
     * @param models what would go live
     * @param by who deployed it
     */
    @Schema(name = "Draft")
    @JsonNaming(SnakeCaseStrategy.class)
    record DraftJson(
            String id,
            @Schema(example = "ivr") String name,
            List<Part> models,
            @Schema(example = "Ada") String by,
            UUID agentId,
            Instant at) {

        static DraftJson of(Draft draft) {
            return new DraftJson(
                    draft.id(),
                    draft.name(),
                    draft.models(),
                    draft.authorName(),
                    draft.author().value(),
                    draft.at());
        }
    }
}
