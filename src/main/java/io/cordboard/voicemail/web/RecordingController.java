package io.cordboard.voicemail.web;

import io.cordboard.customer.Account;
import io.cordboard.events.EventLog;
import io.cordboard.platform.Problem;
import io.cordboard.shared.VoicemailId;
import io.cordboard.telephony.spi.Carrier;
import io.cordboard.telephony.spi.Carrier.Media;
import io.cordboard.voicemail.Voicemails;
import io.cordboard.voicemail.Voicemails.Recording;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/**
 * Lets people listen to messages. The carrier keeps the sound behind its credentials, so it goes through here; who opened
 * it is written down first.
 */
@RestController
@Tag(name = "Voicemails")
class RecordingController {

    private static final Logger log = LoggerFactory.getLogger(RecordingController.class);

    private static final Pattern RANGE = Pattern.compile("bytes=\\d{0,12}-\\d{0,12}");

    private final Voicemails voicemails;
    private final List<Carrier> carriers;
    private final EventLog events;
    private final TransactionTemplate transaction;

    RecordingController(
            Voicemails voicemails, List<Carrier> carriers, EventLog events, TransactionTemplate transaction) {
        this.voicemails = voicemails;
        this.carriers = carriers;
        this.events = events;
        this.transaction = transaction;
    }

    @GetMapping("/v1/voicemails/{id}/recording")
    @Operation(
            summary = "Listen to a message",
            description =
                    "For the agent whose work it is, supervisors and administrators. Parts can be asked for by Range.")
    @ApiResponse(responseCode = "200", description = "The sound.", content = @Content(mediaType = "audio/x-wav"))
    @ApiResponse(responseCode = "206", description = "A part of it.", content = @Content(mediaType = "audio/x-wav"))
    @ApiResponse(responseCode = "404", description = "There is no such message, it has no sound, or it is not yours.")
    @ApiResponse(responseCode = "502", description = "The carrier does not hand out the sound.")
    void listen(
            @AuthenticationPrincipal Account me,
            @PathVariable UUID id,
            @RequestHeader(name = HttpHeaders.RANGE, required = false) @Nullable String range,
            HttpServletResponse response)
            throws IOException {
        Recording recording = voicemails
                .recording(new VoicemailId(id))
                .filter(found -> mayListen(found, me))
                .orElseThrow(() -> Problem.notFound(
                        "There is no recording of a message " + id + " for you.",
                        "It may still be on its way from the carrier: try again in a minute."));
        transaction.executeWithoutResult(status ->
                events.add("voicemail.opened", recording.call(), me.id(), Map.of("voicemail", id.toString())));
        try (Media media = open(recording, range)) {
            send(id, media, response);
        }
    }

    private static boolean mayListen(Recording recording, Account me) {
        boolean watches = me.role().supervises();
        return me.id().equals(recording.agent()) || watches && me.customer().equals(recording.customer());
    }

    private Media open(Recording recording, @Nullable String range) {
        Carrier carrier = carriers.stream()
                .filter(candidate -> candidate.name().equals(recording.provider()))
                .findFirst()
                .orElseThrow(
                        () -> refused("The carrier " + recording.provider() + " is not part of this installation"));
        try {
            // Anything else than one plain part may be ignored, says RFC 9110, section 14.2.
            boolean plain = range != null && RANGE.matcher(range).matches();
            return carrier.openRecording(recording.url(), plain ? range : null);
        } catch (IOException e) {
            log.warn("Call {}: the carrier does not hand out its recording: {}", recording.call(), e.toString());
            throw refused("The carrier does not hand out the recording");
        }
    }

    private static Problem refused(String why) {
        return Problem.of(
                HttpStatus.BAD_GATEWAY, why + ".", "Try again; if it stays so, the carrier may have deleted it.");
    }

    private static void send(UUID id, Media media, HttpServletResponse response) throws IOException {
        String part = media.contentRange();
        response.setStatus((part == null ? HttpStatus.OK : HttpStatus.PARTIAL_CONTENT).value());
        // Whatever the carrier says: nothing that a browser would run.
        boolean sound = media.type().startsWith("audio/");
        response.setContentType(sound ? media.type() : "application/octet-stream");
        response.setHeader(HttpHeaders.CACHE_CONTROL, "private, no-store");
        response.setHeader(HttpHeaders.CONTENT_DISPOSITION, "inline; filename=\"voicemail-" + id + ".wav\"");
        if (part != null) {
            response.setHeader(HttpHeaders.ACCEPT_RANGES, "bytes");
            response.setHeader(HttpHeaders.CONTENT_RANGE, part);
        }
        if (media.length() >= 0) {
            response.setContentLengthLong(media.length());
        }
        media.content().transferTo(response.getOutputStream());
    }
}
