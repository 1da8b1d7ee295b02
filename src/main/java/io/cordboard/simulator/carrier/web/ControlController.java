package io.cordboard.simulator.carrier.web;

import io.cordboard.simulator.carrier.Carrier;
import io.cordboard.simulator.carrier.CarrierSettings;
import io.cordboard.simulator.carrier.Faults;
import io.cordboard.simulator.carrier.Impossible;
import io.cordboard.simulator.carrier.Phones;
import io.cordboard.simulator.carrier.TestPhone;
import io.cordboard.simulator.carrier.TruthLog;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The control interface: what a person at a test phone does, and the knobs of the simulated network. */
@RestController
@OnlySimulated
@RequestMapping("/simulator/api")
class ControlController {

    private static final int MOST_CALLS_LISTED = 200;

    private final Carrier carrier;
    private final TestPhone phone;
    private final EventStreams streams;

    ControlController(Carrier carrier, EventStreams streams) {
        this.carrier = carrier;
        this.phone = carrier.testPhone();
        this.streams = streams;
    }

    record NewCall(@Nullable String from, @Nullable String to, @Nullable List<String> script) {}

    record Digits(@Nullable String digits) {}

    record Speech(@Nullable String text) {}

    record SpeedSetting(@Nullable String speed) {}

    @PostMapping("/calls")
    ResponseEntity<TestPhone.Call> place(@RequestBody NewCall call) {
        var placed = phone.place(
                needed("from", call.from()),
                needed("to", call.to()),
                call.script() == null ? List.of() : call.script());
        return ResponseEntity.created(URI.create("/simulator/api/calls/" + placed.sid()))
                .body(placed);
    }

    @GetMapping("/calls")
    Map<String, Object> calls() {
        return Map.of("calls", phone.calls(MOST_CALLS_LISTED));
    }

    @GetMapping("/calls/{sid}")
    TestPhone.Call call(@PathVariable String sid) {
        return phone.call(sid);
    }

    @PostMapping("/calls/{sid}/digits")
    TestPhone.Input press(@PathVariable String sid, @RequestBody Digits digits) {
        return phone.press(sid, needed("digits", digits.digits()));
    }

    @PostMapping("/calls/{sid}/speech")
    TestPhone.Input speak(@PathVariable String sid, @RequestBody Speech speech) {
        return phone.speak(sid, needed("text", speech.text()));
    }

    @PostMapping("/calls/{sid}/answer")
    TestPhone.Call answer(@PathVariable String sid) {
        return phone.answer(sid);
    }

    @PostMapping("/calls/{sid}/hangup")
    TestPhone.Call hangUp(@PathVariable String sid) {
        return phone.hangUp(sid);
    }

    @PostMapping("/calls/{sid}/decline")
    TestPhone.Call decline(@PathVariable String sid) {
        return phone.decline(sid);
    }

    @GetMapping("/phones")
    Map<String, Phones.Phone> phones() {
        return phone.phones();
    }

    @PutMapping("/phones/{address}")
    Phones.Phone setPhone(@PathVariable String address, @RequestBody Phones.Phone changed) {
        return phone.phone(address, changed);
    }

    @GetMapping("/numbers")
    Map<String, CarrierSettings.Line> numbers() {
        return phone.numbers();
    }

    @PutMapping("/numbers/{number}")
    CarrierSettings.Line setNumber(@PathVariable String number, @RequestBody CarrierSettings.Line line) {
        return phone.number(number, line);
    }

    @GetMapping("/faults")
    Faults.Settings faults() {
        return carrier.faults().settings();
    }

    @PutMapping("/faults")
    Faults.Settings setFaults(@RequestBody Faults.Settings settings) {
        carrier.faults().set(settings);
        return carrier.faults().settings();
    }

    @GetMapping("/log")
    TruthLog.Page log(
            @RequestParam(defaultValue = "0") long after, @RequestParam(required = false) @Nullable String call) {
        return carrier.log().after(after, call);
    }

    /** The truth log as it grows; a browser that comes back gets what it missed. */
    @GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    ResponseEntity<SseEmitter> events(
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable Long lastEventId,
            @RequestParam(required = false) @Nullable Long after) {
        var from = lastEventId != null
                ? lastEventId
                : after != null ? after : carrier.log().after(0, null).last();
        return streams.open(from).map(ResponseEntity::ok).orElseGet(() -> ResponseEntity.status(
                        HttpStatus.SERVICE_UNAVAILABLE)
                .build());
    }

    @GetMapping("/speed")
    Map<String, String> speed() {
        return Map.of("speed", phone.speed().toString());
    }

    @PutMapping("/speed")
    Map<String, String> setSpeed(@RequestBody SpeedSetting setting) {
        return Map.of("speed", phone.speed(needed("speed", setting.speed())).toString());
    }

    private static String needed(String name, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw new MissingField(name);
        }
        return value;
    }

    private static final class MissingField extends RuntimeException {

        private static final long serialVersionUID = 1L;

        MissingField(String name) {
            super("The field \"" + name + "\" is missing");
        }
    }

    @ExceptionHandler
    ProblemDetail unknown(Impossible.Unknown problem) {
        return problem(HttpStatus.NOT_FOUND, "Not there", problem);
    }

    @ExceptionHandler
    ProblemDetail impossible(Impossible problem) {
        return problem(HttpStatus.CONFLICT, "Not possible", problem);
    }

    @ExceptionHandler
    ProblemDetail missing(MissingField problem) {
        return problem(HttpStatus.BAD_REQUEST, "Incomplete", problem);
    }

    @ExceptionHandler
    ProblemDetail unreadable(HttpMessageNotReadableException problem) {
        return problem(HttpStatus.BAD_REQUEST, "Not understood", problem.getMostSpecificCause());
    }

    private static ProblemDetail problem(HttpStatus status, String title, Throwable problem) {
        var detail = ProblemDetail.forStatusAndDetail(status, String.valueOf(problem.getMessage()));
        detail.setTitle(title);
        return detail;
    }
}
