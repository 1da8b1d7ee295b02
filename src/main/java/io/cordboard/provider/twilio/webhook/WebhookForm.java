package io.cordboard.provider.twilio.webhook;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The parameters of a form or a query as they were sent: repeated ones, empty ones and spaces are kept. */
final class WebhookForm {

    private final Map<String, List<String>> values = new LinkedHashMap<>();

    private WebhookForm() {}

    /** @throws IllegalArgumentException when it is not {@code application/x-www-form-urlencoded} */
    static WebhookForm parse(String encoded) {
        var form = new WebhookForm();
        for (var pair : encoded.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            var equals = pair.indexOf('=');
            var name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            var value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
            form.values.computeIfAbsent(name, unseen -> new ArrayList<>()).add(value);
        }
        return form;
    }

    Set<String> names() {
        return Collections.unmodifiableSet(values.keySet());
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** The first value; empty when the parameter is absent or blank. */
    Optional<String> first(String name) {
        return all(name).stream().findFirst().filter(value -> !value.isBlank());
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
