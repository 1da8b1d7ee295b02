package io.cordboard.agent.web;

import io.cordboard.agent.Tags;
import io.cordboard.customer.Account;
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
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The tags that agents of a customer may have and its queues may ask for. */
@RestController
@RequestMapping("/v1/tags")
@Tag(name = "Tags")
class TagsController {

    private final Tags tags;

    TagsController(Tags tags) {
        this.tags = tags;
    }

    @GetMapping
    @Operation(summary = "List tags", description = "By name, with how many agents have each and how many queues ask.")
    Page<TagJson> list(
            @AuthenticationPrincipal Account me,
            @RequestParam(defaultValue = "50") @Min(1) @Max(Page.LARGEST) int limit,
            @Parameter(description = "The value of next in the piece before.") @RequestParam(defaultValue = "")
                    String cursor) {
        List<TagJson> found = tags.list(me.customer(), cursor, limit + 1).stream()
                .map(TagJson::of)
                .toList();
        return Page.cut(found, limit, TagJson::id);
    }

    @PostMapping
    @Operation(summary = "Add a tag")
    @ApiResponse(responseCode = "201")
    @ApiResponse(responseCode = "409", description = "There is one of this name.")
    ResponseEntity<TagJson> add(@AuthenticationPrincipal Account me, @Valid @RequestBody NewTag wanted) {
        String description = wanted.description == null ? "" : wanted.description.strip();
        if (!tags.add(me.customer(), wanted.name, description)) {
            throw Problem.conflict("There is a tag " + wanted.name + " already.", "Use it, or choose another name.");
        }
        return ResponseEntity.created(URI.create("/v1/tags/" + wanted.name))
                .body(new TagJson(wanted.name, wanted.name, description, 0, 0));
    }

    @DeleteMapping("/{id}")
    @Operation(summary = "Remove a tag")
    @ApiResponse(responseCode = "204")
    @ApiResponse(responseCode = "404", description = "Your customer has no such tag.")
    @ApiResponse(responseCode = "409", description = "An agent has it or a queue asks for it.")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(@AuthenticationPrincipal Account me, @PathVariable String id) {
        switch (tags.remove(me.customer(), id)) {
            case DONE -> {}
            case IN_USE ->
                throw Problem.conflict(
                        "The tag is in use.", "Take it from all agents and queues first; GET /v1/tags counts them.");
            case UNKNOWN ->
                throw Problem.notFound("There is no such tag.", "GET /v1/tags lists the tags of your customer.");
        }
    }

    /** @param name what agents and queues refer to it by */
    @Schema(name = "NewTag")
    record NewTag(
            @Schema(example = "billing")
                    @NotBlank
                    @Pattern(
                            regexp = "[a-z0-9][a-z0-9._:-]{0,62}",
                            message =
                                    "has 1 to 63 characters out of a-z, 0-9 and . _ : - and starts with a letter or digit")
                    String name,
            @Schema(example = "Invoices and refunds") @Nullable @Size(max = 200) String description) {}

    /**
     * @param id the name, under which agents have it in tag_ids
     * @param agents how many have it
     * @param queues how many ask for it
     */
    @Schema(name = "Tag")
    record TagJson(
            @Schema(example = "billing") String id,
            @Schema(example = "billing") String name,
            @Schema(example = "Invoices and refunds") String description,
            @Schema(example = "4") int agents,
            @Schema(example = "1") int queues) {

        static TagJson of(Tags.Tag tag) {
            return new TagJson(tag.name(), tag.name(), tag.description(), tag.agents(), tag.queues());
        }
    }
}
