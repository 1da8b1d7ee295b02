package io.cordboard.simulator.carrier.web;

import io.cordboard.simulator.carrier.Carrier;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Twilio's IncomingPhoneNumber resource. */
@RestController
@OnlySimulated
class NumbersController extends TwilioController {

    NumbersController(Carrier carrier) {
        super(carrier);
    }

    @GetMapping("/IncomingPhoneNumbers.json")
    ResponseEntity<Map<String, Object>> list(HttpServletRequest request) {
        return answer(200, request, form -> api().listNumbers(form, path(request)));
    }

    @GetMapping("/IncomingPhoneNumbers/{sid}.json")
    ResponseEntity<Map<String, Object>> fetch(HttpServletRequest request, @PathVariable String sid) {
        return answer(200, request, form -> api().fetchNumber(sid));
    }

    @PostMapping("/IncomingPhoneNumbers/{sid}.json")
    ResponseEntity<Map<String, Object>> update(HttpServletRequest request, @PathVariable String sid) {
        return answer(200, request, form -> api().updateNumber(sid, form));
    }
}
