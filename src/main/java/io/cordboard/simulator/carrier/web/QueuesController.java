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

/** Twilio's Queue and Member resources. */
@RestController
@OnlySimulated
class QueuesController extends TwilioController {

    QueuesController(Carrier carrier) {
        super(carrier);
    }

    @PostMapping("/Queues.json")
    ResponseEntity<Map<String, Object>> create(HttpServletRequest request) {
        return answer(201, request, form -> api().createQueue(form));
    }

    @GetMapping("/Queues.json")
    ResponseEntity<Map<String, Object>> list(HttpServletRequest request) {
        return answer(200, request, form -> api().listQueues(form, path(request)));
    }

    @GetMapping("/Queues/{queue}.json")
    ResponseEntity<Map<String, Object>> fetch(HttpServletRequest request, @PathVariable String queue) {
        return answer(200, request, form -> api().fetchQueue(queue));
    }

    @DeleteMapping("/Queues/{queue}.json")
    ResponseEntity<Void> delete(@PathVariable String queue) {
        api().deleteQueue(queue);
        return ResponseEntity.noContent().build();
    }

    @GetMapping("/Queues/{queue}/Members.json")
    ResponseEntity<Map<String, Object>> members(HttpServletRequest request, @PathVariable String queue) {
        return answer(200, request, form -> api().listMembers(queue, form, path(request)));
    }

    @GetMapping("/Queues/{queue}/Members/{call}.json")
    ResponseEntity<Map<String, Object>> member(
            HttpServletRequest request, @PathVariable String queue, @PathVariable String call) {
        return answer(200, request, form -> api().fetchMember(queue, call));
    }

    @PostMapping("/Queues/{queue}/Members/{call}.json")
    ResponseEntity<Map<String, Object>> dequeue(
            HttpServletRequest request, @PathVariable String queue, @PathVariable String call) {
        return answer(200, request, form -> api().dequeue(queue, call, form));
    }
}
