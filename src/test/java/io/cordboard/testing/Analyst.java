package io.cordboard.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The demo customer's analyst, who publishes models through the engine's REST interface as Camunda Modeler does. */
public final class Analyst {

    private static final String BOUNDARY = "----what-an-analyst-deploys";
    private static final String CONVERSATION = "conversation.bpmn";
    private static final String CONFIRM_BY_KEY = "<camunda:property name=\"confirmByKey\" value=\"%s\" />";

    private final Http http;

    public Analyst(String base) {
        this.http = new Http(base, "ada");
    }

    /** From now on whoever picks up an agent's phone has to press a key. */
    public void asksForAKeyOnAgentsPhones() {
        String model = conversation();
        assertThat(model).contains(CONFIRM_BY_KEY.formatted(false));
        deploys(CONVERSATION, model.replace(CONFIRM_BY_KEY.formatted(false), CONFIRM_BY_KEY.formatted(true)));
    }

    /** The conversation is again as it stands in {@code processes/}. */
    public void asksForNoKey() {
        deploys(CONVERSATION, conversation());
    }

    private static String conversation() {
        try {
            return Files.readString(Path.of("processes", CONVERSATION));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void deploys(String file, String model) {
        http.send(
                        "POST",
                        "/engine-rest/deployment/create",
                        "multipart/form-data; boundary=" + BOUNDARY,
                        part("deployment-name", "", file.replace(".bpmn", ""))
                                + part("enable-duplicate-filtering", "", "true")
                                + part(file, "; filename=\"" + file + "\"\r\nContent-Type: text/xml", model)
                                + "--" + BOUNDARY + "--\r\n")
                .ok();
    }

    private static String part(String name, String more, String content) {
        return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"" + more + "\r\n\r\n"
                + content + "\r\n";
    }
}
