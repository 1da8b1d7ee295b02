package io.cordboard.simulator.carrier.web;

import io.cordboard.simulator.carrier.Carrier;
import io.cordboard.simulator.carrier.Wav;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Twilio's Recording resources and their sound, which is always a WAV file here. */
@RestController
@OnlySimulated
@RequestMapping("/simulator/carrier")
class RecordingsController extends TwilioController {

    private static final String ACCOUNT = "/2010-04-01/Accounts/{account}";
    private static final MediaType WAV = MediaType.parseMediaType("audio/x-wav");
    private static final long MUSIC_SECONDS = 10;

    RecordingsController(Carrier carrier) {
        super(carrier);
    }

    @PostMapping(ACCOUNT + "/Calls/{call}/Recordings.json")
    ResponseEntity<Map<String, Object>> start(HttpServletRequest request, @PathVariable String call) {
        return answer(201, request, form -> api().startRecording(call, form));
    }

    @GetMapping(ACCOUNT + "/Calls/{call}/Recordings.json")
    ResponseEntity<Map<String, Object>> ofCall(HttpServletRequest request, @PathVariable String call) {
        return answer(200, request, form -> api().listRecordings(call, form, path(request)));
    }

    @PostMapping(ACCOUNT + "/Calls/{call}/Recordings/{sid}.json")
    ResponseEntity<Map<String, Object>> update(
            HttpServletRequest request, @PathVariable String call, @PathVariable String sid) {
        return answer(200, request, form -> api().updateRecording(call, sid, form));
    }

    @GetMapping(ACCOUNT + "/Recordings.json")
    ResponseEntity<Map<String, Object>> list(HttpServletRequest request) {
        return answer(200, request, form -> api().listRecordings(null, form, path(request)));
    }

    @GetMapping({ACCOUNT + "/Recordings/{sid}.json", ACCOUNT + "/Calls/{call}/Recordings/{sid}.json"})
    ResponseEntity<Map<String, Object>> fetch(HttpServletRequest request, @PathVariable String sid) {
        return answer(200, request, form -> api().fetchRecording(sid));
    }

    @DeleteMapping({ACCOUNT + "/Recordings/{sid}.json", ACCOUNT + "/Calls/{call}/Recordings/{sid}.json"})
    ResponseEntity<Void> delete(@PathVariable String sid) {
        api().deleteRecording(sid);
        return ResponseEntity.noContent().build();
    }

    /** A recording URL without an extension gives a WAV file too, as at Twilio. Parts can be asked for by Range. */
    @GetMapping({
        ACCOUNT + "/Recordings/{sid:RE[0-9a-f]{32}}",
        ACCOUNT + "/Recordings/{sid}.wav",
        ACCOUNT + "/Recordings/{sid}.mp3",
        "/media/{sid:RE[0-9a-f]{32}}.wav"
    })
    ResponseEntity<Resource> sound(@PathVariable String sid) {
        return ResponseEntity.ok().contentType(WAV).body(new ByteArrayResource(api().media(sid)));
    }

    @GetMapping("/media/music.wav")
    ResponseEntity<byte[]> music() {
        return ResponseEntity.ok().contentType(WAV).body(Wav.tone(MUSIC_SECONDS));
    }
}
