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

/** Twilio's Call resource. */
@RestController
@OnlySimulated
class CallsController extends TwilioController {

    CallsController(Carrier carrier) {
        super(carrier);
    }

    @PostMapping("/Calls.json")
    ResponseEntity<Map<String, Object>> create(HttpServletRequest request) {
        return answer(201, request, form -> api().createCall(form));
    }

    @GetMapping("/Calls.json")
    ResponseEntity<Map<String, Object>> list(HttpServletRequest request) {
        return answer(200, request, form -> api().listCalls(form, path(request)));
    }

    @GetMapping("/Calls/{sid}.json")
    ResponseEntity<Map<String, Object>> fetch(HttpServletRequest request, @PathVariable String sid) {
        return answer(200, request, form -> api().fetchCall(sid));
    }

    @PostMapping("/Calls/{sid}.json")
    ResponseEntity<Map<String, Object>> update(HttpServletRequest request, @PathVariable String sid) {
        return answer(200, request, form -> api().updateCall(sid, form));
    }

    @DeleteMapping("/Calls/{sid}.json")
    ResponseEntity<Void> delete(@PathVariable String sid) {
        api().deleteCall(sid);
        return ResponseEntity.noContent().build();
    }
}
