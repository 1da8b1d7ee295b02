package io.cordboard.workspace.web;

import io.cordboard.customer.Account;
import io.cordboard.platform.Page;
import io.cordboard.platform.Problem;
import io.cordboard.workspace.CallFile;
import io.cordboard.workspace.CallFile.Listed;
import io.cordboard.workspace.CallFile.Part;
import io.cordboard.workspace.CallReader;
import io.cordboard.workspace.CallReader.CallSummary;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Calls to look at. Agents see those they had a part in, supervisors and administrators all of their customer, and whoever
 * draws models those that try drafts.
 */
@RestController
@RequestMapping("/v1/calls")
@Tag(name = "Calls")
class CallsController {

    private final CallReader calls;
    private final CallFile file;

    CallsController(CallReader calls, CallFile file) {
        this.calls = calls;
        this.file = file;
    }

    @GetMapping
    @Operation(summary = "List calls", description = "Those you may see, newest first.")
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "422", description = "There is no such part to include.")
    Page<Listed> list(
            @AuthenticationPrincipal Account me,
            @Parameter(description = "Only those whose caller is on the line (true) or gone (false).")
                    @RequestParam(required = false)
                    @Nullable
                    Boolean open,
            @Parameter(description = "Only the call that has a leg with this id at its carrier.")
                    @RequestParam(name = "carrier_call", required = false)
                    @Nullable
                    String carrierCall,
            @Parameter(
                            description = "What to tell of each beside the call itself: legs, reservations, or both.",
                            example = "reservations")
                    @RequestParam(defaultValue = "")
                    List<String> include,
            @RequestParam(defaultValue = "50") @Min(1) @Max(Page.LARGEST) int limit,
            @Parameter(description = "The value of next in the piece before.") @RequestParam(required = false) @Nullable
                    UUID cursor) {
        List<CallSummary> found = calls.list(me, open, carrierCall, cursor, limit + 1);
        if (cursor != null && found.isEmpty() && calls.find(cursor, me).isEmpty()) {
            throw Problem.badRequest(
                    "The cursor " + cursor + " does not belong to this list.",
                    "Leave it out, or send the value of next in the piece before.");
        }
        Page<CallSummary> page = Page.cut(found, limit, call -> call.id().toString());
        return new Page<>(file.listed(page.items(), me, parts(include)), page.next());
    }

    @GetMapping("/{id}")
    @Operation(summary = "Get a call", description = "With its legs, steps, reservations, events, notes and messages.")
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "404", description = "It does not exist or you may not see it.")
    CallFile.Call get(@AuthenticationPrincipal Account me, @PathVariable UUID id) {
        return file.find(id, me).orElseThrow(() -> unknown(id));
    }

    @GetMapping("/{id}/diagrams")
    @Operation(
            summary = "Get the diagrams of a call",
            description =
                    "Each model the call runs through, in the version it runs on, with where the call is and was.")
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "404", description = "It does not exist or you may not see it.")
    List<CallFile.Diagram> diagrams(@AuthenticationPrincipal Account me, @PathVariable UUID id) {
        return file.diagrams(id, me).orElseThrow(() -> unknown(id));
    }

    private static Set<Part> parts(List<String> wanted) {
        return wanted.stream()
                .map(name -> Arrays.stream(Part.values())
                        .filter(part -> part.column().equals(name))
                        .findFirst()
                        .orElseThrow(() -> Problem.of(
                                HttpStatus.UNPROCESSABLE_ENTITY,
                                "A list of calls cannot include " + name + ".",
                                "Include legs, reservations, or both; GET /v1/calls/{id} has everything.")))
                .collect(Collectors.toSet());
    }

    private static Problem unknown(UUID id) {
        return Problem.notFound("There is no call " + id + " for you.", "GET /v1/calls lists the calls you can see.");
    }
}
