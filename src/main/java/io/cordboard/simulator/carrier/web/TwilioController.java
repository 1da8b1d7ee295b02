package io.cordboard.simulator.carrier.web;

import io.cordboard.simulator.carrier.Carrier;
import io.cordboard.simulator.carrier.Form;
import io.cordboard.simulator.carrier.Refusal;
import io.cordboard.simulator.carrier.TruthLog.What;
import io.cordboard.simulator.carrier.TwilioApi;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RequestMapping;

/** What the controllers of Twilio's REST interface share: form in, resource or Twilio's error object out. */
@RequestMapping("/simulator/carrier/2010-04-01/Accounts/{account}")
abstract class TwilioController {

    private static final String PREFIX = "/simulator/carrier";

    private final Carrier carrier;

    TwilioController(Carrier carrier) {
        this.carrier = carrier;
    }

    TwilioApi api() {
        return carrier.api();
    }

    /** Answers with what becomes of the form; parameters that Twilio does not know are noted in the truth log. */
    ResponseEntity<Map<String, Object>> answer(
            int status, HttpServletRequest request, Function<Form, Map<String, Object>> action) {
        var parameters = new LinkedHashMap<String, List<String>>();
        request.getParameterMap().forEach((name, values) -> parameters.put(name, Arrays.asList(values)));
        var form = new Form(parameters);
        var resource = action.apply(form);
        if (!form.unknown().isEmpty()) {
            carrier.log()
                    .add(
                            What.WARNING,
                            null,
                            "text",
                            "Twilio knows no such parameters",
                            "names",
                            form.unknown(),
                            "path",
                            request.getRequestURI());
        }
        return ResponseEntity.status(status).body(resource);
    }

    /** The path as Twilio would have it, for page links. */
    static String path(HttpServletRequest request) {
        var uri = request.getRequestURI();
        return uri.startsWith(PREFIX) ? uri.substring(PREFIX.length()) : uri;
    }

    @ExceptionHandler
    ResponseEntity<Map<String, Object>> refused(Refusal refusal) {
        return ResponseEntity.status(refusal.status()).body(Gate.error(refusal));
    }
}
