package io.cordboard.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cordboard.customer.web.Browser;
import io.cordboard.testing.Caller;
import io.cordboard.testing.Http;
import io.cordboard.testing.Login;
import io.cordboard.testing.ScenarioTest;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The Deploy button of Camunda Modeler 5: its requests in its order, with its headers and fields (see
 * {@code client/src/plugins/camunda-plugin} of camunda/camunda-modeler). Of a refusal Modeler shows {@code message}.
 */
class ModelerDeploymentTests extends ScenarioTest {

    private static final String REST = "/engine-rest";
    private static final String BOUNDARY = "----WebKitFormBoundaryModeler";
    private static final String ASKS = "Press 1 for support. Press 2 for sales.";
    private static final String ASKS_ANEW = "For support press 1, for sales press 2.";

    /** An administrator of the operator: what they deploy is live at once. */
    private Browser modeler;

    @BeforeEach
    void modelerIsOpen() {
        modeler = modelerOf("admin");
    }

    @Test
    void modelerFindsOutThatALoginIsNeededAndWhatItTalksTo() {
        var before = Browser.anonymous(base()).with("Accept", "application/json");
        assertThat(before.get(REST + "/deployment?maxResults=0").statusCode()).isEqualTo(401);

        assertThat(modeler.get(REST + "/deployment?maxResults=0").statusCode()).isEqualTo(200);
        assertThat(Browser.json(modeler.get(REST + "/version")).get("version").asText())
                .startsWith("7.24");
    }

    @Test
    void newCallsTakeTheNewModelWhileACallUnderWayFinishesOnItsOwn() throws IOException {
        var model = Files.readString(Path.of("processes", "ivr.bpmn"));
        assertThat(model).contains(ASKS);
        admin().put("/simulator/api/speed", Map.of("speed", "1")).ok();
        var early = someoneDials(NUMBER).hears(ASKS).isAsked();
        var callUnderWay = callOf(early);
        try {
            var deployed = deploy(modeler, "ivr.bpmn", model.replace(ASKS, ASKS_ANEW));
            assertThat(deployed.statusCode()).as(deployed.body()).isEqualTo(200);
            var definition = Browser.json(deployed)
                    .get("deployedProcessDefinitions")
                    .elements()
                    .next();
            assertThat(definition.get("key").asText()).isEqualTo("ivr");

            var late = someoneDials(NUMBER).hears(ASKS_ANEW).isAsked();
            assertThat(versionOfIvr(callOf(late)))
                    .isEqualTo(definition.get("id").asText())
                    .isNotEqualTo(versionOfIvr(callUnderWay));

            presses(early, "9");
            early.hears("Valid keypress option is required.").isAsked();
            presses(early, "1");
            early.hears("Welcome to Support.");
            assertThat(early.heard()).noneMatch(line -> line.contains(ASKS_ANEW));
            presses(late, "2");
            late.hears("Welcome to Sales.");
        } finally {
            assertThat(deploy(modeler, "ivr.bpmn", model).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aModelThatIsTheSameAgainMakesNoNewVersion() throws IOException {
        var model = Files.readString(Path.of("processes", "conversation.bpmn"));
        assertThat(deploy(modeler, "conversation.bpmn", model).statusCode()).isEqualTo(200);
        var versions = versions("conversation");

        var again = deploy(modeler, "conversation.bpmn", model);

        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(Browser.json(again).get("deployedProcessDefinitions").isNull())
                .isTrue();
        assertThat(versions("conversation")).isEqualTo(versions);
    }

    @Test
    void aDecisionThatTheEngineDoesNotUnderstandIsRefusedInItsWords() throws IOException {
        var decision = Files.readString(Path.of("processes", "opening-hours.dmn"));
        assertThat(decision).contains("hitPolicy=\"FIRST\"");

        var refused =
                deploy(modeler, "opening-hours.dmn", decision.replace("hitPolicy=\"FIRST\"", "hitPolicy=\"LAST\""));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(Browser.json(refused).get("message").asText())
                .contains("The decision engine does not understand it", "LAST", "Mend it");
    }

    @Test
    void aRefusalNamesEveryFaultWithItsElementItsPlaceAndTheRemedy() throws IOException {
        var model = Files.readString(Path.of("processes", "ivr.bpmn"))
                .replaceFirst("camunda:delegateExpression=\"#\\{say}\"", "camunda:class=\"java.lang.Runtime\"")
                .replace(" default=\"flow_askedEnough\"", "");
        var versions = versions("ivr");

        var refused = deploy(modeler, "ivr.bpmn", model);

        assertThat(refused.statusCode()).isEqualTo(400);
        var body = Browser.json(refused);
        assertThat(body.get("message").asText())
                .startsWith("Nothing was deployed: ")
                .contains("ivr.bpmn", "serviceTask_saySales, line ", "gateway_askAgain, line ", "step");
        assertThat(body.get("details").get("ivr.bpmn").get("errors"))
                .extracting(fault -> fault.get("mainElementId").asText())
                .contains("serviceTask_saySales", "gateway_askAgain");
        assertThat(versions("ivr")).isEqualTo(versions);
    }

    @Test
    void anAgentIsNotPermittedToDeploy() throws IOException {
        var model = Files.readString(Path.of("processes", "ivr.bpmn"));
        var versions = versions("ivr");

        var refused = deploy(modelerOf("charles"), "ivr.bpmn", model.replace(ASKS, "Press 3."));

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(Browser.json(refused).get("message").asText()).isNotBlank();
        assertThat(versions("ivr")).isEqualTo(versions);
    }

    private Browser modelerOf(String username) {
        var credentials = (username + ":" + Login.PASSWORD).getBytes(StandardCharsets.UTF_8);
        return Browser.anonymous(base())
                .with("Accept", "application/json")
                .with("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
    }

    private static HttpResponse<String> deploy(Browser modeler, String file, String model) {
        var body = field("deployment-name", file.replace(".bpmn", ""))
                + field("deployment-source", "Camunda Modeler")
                + field("enable-duplicate-filtering", "true")
                + part(file, "; filename=\"" + file + "\"\r\nContent-Type: text/xml", model)
                + "--" + BOUNDARY + "--\r\n";
        return modeler.with("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .send("POST", REST + "/deployment/create", body);
    }

    private static String field(String name, String value) {
        return part(name, "", value);
    }

    private static String part(String name, String more, String content) {
        return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"" + more + "\r\n\r\n"
                + content + "\r\n";
    }

    private void presses(Caller caller, String digits) {
        admin().post("/simulator/api/calls/" + caller.sid() + "/digits", Map.of("digits", digits))
                .ok();
    }

    private int versions(String process) {
        return Browser.json(modeler.get(REST + "/process-definition/count?key=" + process))
                .get("count")
                .asInt();
    }

    /** The definition of the menu that a call runs through. */
    private String versionOfIvr(UUID call) {
        JsonNode steps = new Http(base(), "sam").get("/v1/calls/" + call).ok().get("steps");
        return StreamSupport.stream(steps.spliterator(), false)
                .filter(step -> step.get("process").asText().equals("ivr"))
                .map(step -> step.get("definition_id").asText())
                .findFirst()
                .orElseThrow();
    }
}
