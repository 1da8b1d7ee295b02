package io.cordboard.telephony.web;

import io.cordboard.platform.Problem;
import io.cordboard.telephony.DeadLetters;
import io.cordboard.telephony.DeadLetters.DeadLetter;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/v1/operations/dead-letters")
@Tag(name = "Operations")
class DeadLetterController {

    private static final int MOST = 500;

    private final DeadLetters deadLetters;

    DeadLetterController(DeadLetters deadLetters) {
        this.deadLetters = deadLetters;
    }

    /** @param items latest first */
    record DeadLetterList(List<DeadLetter> items) {}

    @GetMapping
    @Operation(
            summary = "Events nobody waited for and commands no carrier carried out",
            description = "Latest first, with the reason why each was given up.")
    DeadLetterList list(@RequestParam(defaultValue = "100") int limit) {
        if (limit < 1 || limit > MOST) {
            throw Problem.badRequest(
                    "The limit is %d.".formatted(limit), "Ask for 1 to %d dead letters.".formatted(MOST));
        }
        return new DeadLetterList(deadLetters.latest(limit));
    }

    @PostMapping("/{id}/retry")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Try it again as if it were new")
    @ApiResponse(responseCode = "204", description = "It is being tried")
    @ApiResponse(responseCode = "404", description = "There is no such dead letter, or not any more")
    void retry(@PathVariable String id) {
        if (!deadLetters.retry(id)) {
            throw gone(id);
        }
    }

    @PostMapping("/{id}/dismiss")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Put it aside for good")
    @ApiResponse(responseCode = "204", description = "It is not listed any more")
    @ApiResponse(responseCode = "404", description = "There is no such dead letter, or not any more")
    void dismiss(@PathVariable String id) {
        if (!deadLetters.dismiss(id)) {
            throw gone(id);
        }
    }

    private static Problem gone(String id) {
        return Problem.notFound(
                "There is no dead letter %s.".formatted(id), "List them again: somebody else may have dealt with it.");
    }
}
