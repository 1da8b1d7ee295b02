package io.cordboard.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Somebody who draws models and deploys them through the engine's REST interface as Camunda Modeler does. */
public final class Analyst {

    private static final String BOUNDARY = "----what-an-analyst-deploys";
    private static final String CONVERSATION = "conversation.bpmn";
    private static final String CONFIRM_BY_KEY = "<camunda:property name=\"confirmByKey\" value=\"%s\" />";
    private static final String AGENT_STAYS = "<camunda:property name=\"agentStays\" value=\"%s\" />";

    private final Http http;

    /** The operator's administrator, whose models are live at once. */
    public Analyst(String base) {
        this(base, "admin");
    }

    public Analyst(String base, String username) {
        this.http = new Http(base, username);
    }

    public Http http() {
        return http;
    }

    /** From now on whoever picks up an agent's phone has to press a key. */
    public void asksForAKeyOnAgentsPhones() {
        switchesOn(CONFIRM_BY_KEY);
    }

    /** From now on the agent stays in the conference when the caller hangs up. */
    public void letsAgentsStay() {
        switchesOn(AGENT_STAYS);
    }

    private void switchesOn(String setting) {
        String model = conversation();
        assertThat(model).contains(setting.formatted(false));
        deploys(CONVERSATION, model.replace(setting.formatted(false), setting.formatted(true)))
                .ok();
    }

    /** The conversation is again as it stands in {@code processes/}. */
    public void asksForNoKey() {
        deploys(CONVERSATION, conversation()).ok();
    }

    private static String conversation() {
        return file("processes/" + CONVERSATION);
    }

    /** One of our own files. */
    public static String file(String path) {
        try {
            return Files.readString(Path.of(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deploys one file under its own name. */
    public Http.Answer deploys(String file, String model) {
        return deploys(file.replaceFirst("\\.[a-z]+$", ""), "", Map.of(file, model));
    }

    /** @param tenant what Modeler's dialog calls "Tenant ID"; empty for none */
    public Http.Answer deploys(String name, String tenant, Map<String, String> files) {
        var body = new StringBuilder(part("deployment-name", "", name))
                .append(part("enable-duplicate-filtering", "", "true"))
                .append(tenant.isEmpty() ? "" : part("tenant-id", "", tenant));
        files.forEach((file, content) ->
                body.append(part(file, "; filename=\"" + file + "\"\r\nContent-Type: text/xml", content)));
        return http.send(
                "POST",
                "/engine-rest/deployment/create",
                "multipart/form-data; boundary=" + BOUNDARY,
                body.append("--" + BOUNDARY + "--\r\n").toString());
    }

    private static String part(String name, String more, String content) {
        return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"" + more + "\r\n\r\n"
                + content + "\r\n";
    }
}
