package io.cordboard.simulator.carrier.web;

import io.cordboard.simulator.carrier.Carrier;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Twilio's Conference and Participant resources; a conference is named by SID or friendly name. */
@RestController
@OnlySimulated
class ConferencesController extends TwilioController {

    ConferencesController(Carrier carrier) {
        super(carrier);
    }

    @GetMapping("/Conferences.json")
    ResponseEntity<Map<String, Object>> list(HttpServletRequest request) {
        return answer(200, request, form -> api().listConferences(form, path(request)));
    }

    @GetMapping("/Conferences/{conference}.json")
    ResponseEntity<Map<String, Object>> fetch(HttpServletRequest request, @PathVariable String conference) {
        return answer(200, request, form -> api().fetchConference(conference));
    }

    @PostMapping("/Conferences/{conference}.json")
    ResponseEntity<Map<String, Object>> update(HttpServletRequest request, @PathVariable String conference) {
        return answer(200, request, form -> api().updateConference(conference, form));
    }

    @GetMapping("/Conferences/{conference}/Participants.json")
    ResponseEntity<Map<String, Object>> participants(HttpServletRequest request, @PathVariable String conference) {
        return answer(200, request, form -> api().listParticipants(conference, form, path(request)));
    }

    @PostMapping("/Conferences/{conference}/Participants.json")
    ResponseEntity<Map<String, Object>> createParticipant(HttpServletRequest request, @PathVariable String conference) {
        return answer(201, request, form -> api().createParticipant(conference, form));
    }

    @GetMapping("/Conferences/{conference}/Participants/{participant}.json")
    ResponseEntity<Map<String, Object>> fetchParticipant(
            HttpServletRequest request, @PathVariable String conference, @PathVariable String participant) {
        return answer(200, request, form -> api().fetchParticipant(conference, participant));
    }

    @PostMapping("/Conferences/{conference}/Participants/{participant}.json")
    ResponseEntity<Map<String, Object>> updateParticipant(
            HttpServletRequest request, @PathVariable String conference, @PathVariable String participant) {
        return answer(200, request, form -> api().updateParticipant(conference, participant, form));
    }

    @DeleteMapping("/Conferences/{conference}/Participants/{participant}.json")
    ResponseEntity<Void> deleteParticipant(@PathVariable String conference, @PathVariable String participant) {
        api().deleteParticipant(conference, participant);
        return ResponseEntity.noContent().build();
    }
}
