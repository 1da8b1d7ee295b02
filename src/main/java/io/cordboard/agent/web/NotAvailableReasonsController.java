package io.cordboard.agent.web;

import io.cordboard.agent.NotAvailableReasons;
import io.cordboard.agent.NotAvailableReasons.Reason;
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
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
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

/** Why agents of a customer may be away: what they choose from in {@code PUT /v1/agents/{id}/status}. */
@RestController
@RequestMapping("/v1/not-available-reasons")
@Tag(name = "Not-available reasons")
class NotAvailableReasonsController {

    private final NotAvailableReasons reasons;

    NotAvailableReasonsController(NotAvailableReasons reasons) {
        this.reasons = reasons;
    }

    @GetMapping
    @Operation(summary = "List not-available reasons", description = "By name, those of your own customer.")
    Page<ReasonJson> list(
            @AuthenticationPrincipal Account me,
            @RequestParam(defaultValue = "50") @Min(1) @Max(Page.LARGEST) int limit,
            @Parameter(description = "The value of next in the piece before.") @RequestParam(defaultValue = "")
                    String cursor) {
        List<ReasonJson> found = reasons.list(me.customer(), cursor, limit + 1).stream()
                .map(ReasonJson::of)
                .toList();
        return Page.cut(found, limit, ReasonJson::name);
    }

    @PostMapping
    @Operation(summary = "Add a not-available reason")
    @ApiResponse(responseCode = "201")
    @ApiResponse(responseCode = "409", description = "There is one of this name.")
    ResponseEntity<ReasonJson> add(@AuthenticationPrincipal Account me, @Valid @RequestBody NewReason wanted) {
        Reason added = reasons.add(me.customer(), wanted.name.strip()).orElseThrow(() -> taken(wanted.name.strip()));
        return ResponseEntity.created(URI.create("/v1/not-available-reasons/" + added.id()))
                .body(ReasonJson.of(added));
    }

    @PutMapping("/{id}")
    @Operation(
            summary = "Rename a not-available reason",
            description = "Who is away for it keeps the name they chose until they choose again.")
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "404", description = "Your customer has no such reason.")
    @ApiResponse(responseCode = "409", description = "There is one of this name.")
    ReasonJson rename(
            @AuthenticationPrincipal Account me, @PathVariable UUID id, @Valid @RequestBody NewReason wanted) {
        String name = wanted.name.strip();
        return switch (reasons.rename(me.customer(), id, name)) {
            case DONE -> new ReasonJson(id, name);
            case TAKEN -> throw taken(name);
            case UNKNOWN -> throw unknown();
        };
    }

    @DeleteMapping("/{id}")
    @Operation(
            summary = "Delete a not-available reason",
            description = "Nobody can choose it any longer. Who is away for it keeps it until they choose again.")
    @ApiResponse(responseCode = "204")
    @ApiResponse(responseCode = "404", description = "Your customer has no such reason.")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(@AuthenticationPrincipal Account me, @PathVariable UUID id) {
        if (!reasons.remove(me.customer(), id)) {
            throw unknown();
        }
    }

    private static Problem taken(String name) {
        return Problem.conflict("There is a reason " + name + " already.", "Use it, or choose another name.");
    }

    private static Problem unknown() {
        return Problem.notFound(
                "There is no such reason.", "GET /v1/not-available-reasons lists the reasons of your customer.");
    }

    @Schema(name = "NewNotAvailableReason")
    record NewReason(@Schema(example = "Lunch") @NotBlank @Size(max = 63) String name) {}

    /** @param name what agents choose it by */
    @Schema(name = "NotAvailableReason")
    record ReasonJson(UUID id, @Schema(example = "Lunch") String name) {

        static ReasonJson of(Reason reason) {
            return new ReasonJson(reason.id(), reason.name());
        }
    }
}
