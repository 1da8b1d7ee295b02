package io.cordboard.voicemail.web;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.cordboard.call.Notes;
import io.cordboard.customer.Account;
import io.cordboard.platform.Page;
import io.cordboard.platform.Problem;
import io.cordboard.shared.VoicemailId;
import io.cordboard.voicemail.VoicemailReader;
import io.cordboard.voicemail.VoicemailReader.Message;
import io.cordboard.voicemail.process.CallBackMessage;
import io.cordboard.voicemail.process.CallBackMessage.Begun;
import io.cordboard.voicemail.process.CallBackMessage.NoNumber;
import io.cordboard.voicemail.process.CallBackMessage.NoPhone;
import io.cordboard.voicemail.process.CallBackMessage.NotFree;
import io.cordboard.voicemail.process.CallBackMessage.NotNow;
import io.cordboard.voicemail.process.FinishMessage;
import io.cordboard.voicemail.process.FinishMessage.Said;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Messages as work. Agents see their own and those of their queues, supervisors and administrators all of their customer;
 * the work itself is a task in Tasklist.
 */
@RestController
@RequestMapping("/v1/voicemails")
@Tag(name = "Voicemails")
class VoicemailsController {

    private final VoicemailReader voicemails;
    private final CallBackMessage callBack;
    private final FinishMessage finish;
    private final Clock clock;

    VoicemailsController(VoicemailReader voicemails, CallBackMessage callBack, FinishMessage finish, Clock clock) {
        this.voicemails = voicemails;
        this.callBack = callBack;
        this.finish = finish;
        this.clock = clock;
    }

    @GetMapping
    @Operation(
            summary = "List messages",
            description =
                    "Those that wait to be worked on, the next one due first; or those that do not any more, newest"
                            + " first.")
    Page<Message> list(
            @AuthenticationPrincipal Account me,
            @Parameter(description = "new, done or dropped.")
                    @RequestParam(defaultValue = "new")
                    @Pattern(regexp = "new|done|dropped")
                    String state,
            @RequestParam(defaultValue = "50") @Min(1) @Max(Page.LARGEST) int limit,
            @Parameter(description = "The value of next in the piece before.") @RequestParam(required = false) @Nullable
                    UUID cursor) {
        VoicemailId after = cursor == null ? null : new VoicemailId(cursor);
        List<Message> found = state.equals("new")
                ? voicemails.waiting(me, after, limit + 1)
                : voicemails.over(me, state, after, limit + 1);
        if (after != null && found.isEmpty() && voicemails.find(after, me).isEmpty()) {
            throw Problem.badRequest(
                    "The cursor " + cursor + " does not belong to this list.",
                    "Leave it out, or send the value of next in the piece before.");
        }
        return Page.cut(found, limit, message -> message.id().toString());
    }

    @GetMapping("/{id}")
    @Operation(summary = "Get a message", description = "With all attempts to call back.")
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "404", description = "It does not exist or you may not see it.")
    Message get(@AuthenticationPrincipal Account me, @PathVariable UUID id) {
        return voicemails.find(new VoicemailId(id), me).orElseThrow(() -> unknown(id));
    }

    @PostMapping("/{id}/call-back")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(
            summary = "Call back",
            description =
                    "For the agent whose work it is, supervisors and administrators. Your phones ring first; whoever"
                            + " left the message is called when you pick up. The follow-up task is open again afterwards, until"
                            + " somebody says what came of it.")
    @ApiResponse(responseCode = "202", description = "Your phones ring.")
    @ApiResponse(responseCode = "404", description = "There is no such message, or it is not your work.")
    @ApiResponse(
            responseCode = "409",
            description = "The message does not wait to be worked on, you are not free, or you have no phone.")
    @ApiResponse(responseCode = "422", description = "The caller did not show a number that could be called.")
    void callBack(@AuthenticationPrincipal Account me, @PathVariable UUID id) {
        CallBackMessage.Outcome outcome = callBack.begin(new VoicemailId(id), me);
        if (outcome instanceof Begun) {
            return;
        }
        if (outcome instanceof NotNow) {
            throw notNow();
        }
        if (outcome instanceof NotFree) {
            throw Problem.conflict(
                    "You are in a call, or asked to take one.", "Call back when you are free; the message waits.");
        }
        if (outcome instanceof NoPhone) {
            throw Problem.conflict(
                    "You have no phone that could ring.",
                    "An administrator can add one with PUT /v1/agents/" + me.id() + "/addresses.");
        }
        if (outcome instanceof NoNumber) {
            throw Problem.of(
                    HttpStatus.UNPROCESSABLE_ENTITY,
                    "The caller did not show a number that could be called.",
                    "Listen to the message: they may have said one.");
        }
        throw unknown(id);
    }

    @PostMapping("/{id}/complete")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "Say what came of a message",
            description = "As the form of the follow-up task does. For the agent whose work it is, supervisors and"
                    + " administrators. With callBackLater the task comes back at call_back_at.")
    @ApiResponse(responseCode = "204", description = "The message is done, or put off.")
    @ApiResponse(responseCode = "404", description = "There is no such message, or it is not your work.")
    @ApiResponse(responseCode = "409", description = "The message does not wait to be worked on.")
    @ApiResponse(responseCode = "422", description = "It is put off, but not to a time that is to come.")
    void complete(@AuthenticationPrincipal Account me, @PathVariable UUID id, @Valid @RequestBody FollowUp followUp) {
        Said said = new Said(followUp.outcome, followUp.notes, followUp.callBackAt);
        Instant again = said.again();
        if (said.later() != (again != null) || again != null && !again.isAfter(clock.instant())) {
            throw Problem.of(
                    HttpStatus.UNPROCESSABLE_ENTITY,
                    "call_back_at does not go with the outcome " + said.outcome() + ".",
                    "Send with callBackLater, and only with it, a call_back_at that is to come.");
        }
        switch (finish.finish(new VoicemailId(id), me, said)) {
            case DONE -> {}
            case NOT_NOW -> throw notNow();
            case NOT_YOURS -> throw unknown(id);
        }
    }

    private static Problem notNow() {
        return Problem.conflict(
                "The message does not wait to be worked on.",
                "GET /v1/voicemails lists those that do; it may be called back at this moment.");
    }

    private static Problem unknown(UUID id) {
        return Problem.notFound(
                "There is no message " + id + " for you.", "GET /v1/voicemails lists the messages you can see.");
    }

    /**
     * What came of a message.
     *
     * @param outcome done, calledBack, noActionNeeded or callBackLater
     * @param notes kept as a note of the call
     * @param callBackAt when the task comes back, with callBackLater only
     */
    @JsonNaming(SnakeCaseStrategy.class)
    record FollowUp(
            @Schema(example = "calledBack") @NotNull @Pattern(regexp = "done|calledBack|noActionNeeded|callBackLater")
                    String outcome,
            @Schema(example = "Sent the invoice again.") @Size(max = Notes.MAX_LENGTH) @Nullable String notes,
            @Nullable Instant callBackAt) {}
}
