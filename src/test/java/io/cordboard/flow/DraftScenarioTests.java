package io.cordboard.flow;

import static io.cordboard.testing.Together.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.cordboard.testing.Analyst;
import io.cordboard.testing.Caller;
import io.cordboard.testing.Http;
import io.cordboard.testing.ScenarioTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What analysts deploy is tried on a number for trials before somebody else lets it answer all the others. */
class DraftScenarioTests extends ScenarioTest {

    private static final String TRIAL_LINE = "+15550100003";
    private static final String DRAFTS = "/v1/models/drafts";
    private static final String IVR = "ivr.bpmn";
    private static final String ASKS = "Press 1 for support. Press 2 for sales.";
    private static final String ASKS_ANEW = "For support press 1, for sales press 2.";
    private static final String OFFER = "# A caller is waiting";

    private static final String BY_ITSELF =
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
                xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                id="d" targetNamespace="http://cordboard.io/test">
              <bpmn:message id="message_knock" name="test.somebodyKnocked" />
              <bpmn:process id="by-itself" name="By itself" isExecutable="true" camunda:historyTimeToLive="P1D">
                <bpmn:startEvent id="startEvent_night"><bpmn:outgoing>flow_1</bpmn:outgoing>
                  <bpmn:timerEventDefinition id="timer_night">
                    <bpmn:timeDate xsi:type="bpmn:tFormalExpression">2099-01-01T00:00:00</bpmn:timeDate>
                  </bpmn:timerEventDefinition>
                </bpmn:startEvent>
                <bpmn:startEvent id="startEvent_knock"><bpmn:outgoing>flow_2</bpmn:outgoing>
                  <bpmn:messageEventDefinition id="event_knock" messageRef="message_knock" />
                </bpmn:startEvent>
                <bpmn:sequenceFlow id="flow_1" sourceRef="startEvent_night" targetRef="endEvent_done" />
                <bpmn:sequenceFlow id="flow_2" sourceRef="startEvent_knock" targetRef="endEvent_done" />
                <bpmn:endEvent id="endEvent_done">
                  <bpmn:incoming>flow_1</bpmn:incoming><bpmn:incoming>flow_2</bpmn:incoming>
                </bpmn:endEvent>
              </bpmn:process>
            </bpmn:definitions>
            """;

    private static Analyst ada;
    private static Analyst grace;
    private static Analyst boss;

    @BeforeEach
    void twoAnalysts() {
        if (ada == null) {
            ada = new Analyst(base(), "ada");
            grace = new Analyst(base(), "grace");
            boss = new Analyst(base());
        }
    }

    @AfterEach
    void everythingIsAsBefore() {
        for (JsonNode draft : drafts()) {
            admin().delete(path(draft.get("id").asText())).ok();
        }
        for (String file : List.of("processes/ivr.bpmn", "processes/opening-hours.dmn", "forms/accept-call.form")) {
            boss.deploys(file.substring(file.indexOf('/') + 1), Analyst.file(file))
                    .ok();
        }
    }

    @Test
    void whatAnAnalystDrewAnswersTheTrialLineAndTheOthersOnceSomebodyElsePublishedIt() {
        admin().put("/simulator/api/speed", Map.of("speed", "1")).ok();
        Caller early = someoneDials(NUMBER).hears(ASKS).isAsked();

        String draft = deployed(ada.deploys(IVR, menu(ASKS_ANEW)));

        someoneDials(TRIAL_LINE).hears(ASKS_ANEW).isAsked();
        someoneDials(NUMBER).hears(ASKS).isAsked();
        assertThat(ada.http()
                        .post(path(draft) + "/publish", null)
                        .refusal(403)
                        .get("remedy")
                        .asText())
                .contains("another analyst");
        assertThat(drafts()).singleElement().satisfies(waiting -> {
            assertThat(waiting.get("by").asText()).isEqualTo("Ada");
            assertThat(waiting.get("models").findValuesAsText("key")).containsExactly("ivr");
        });

        JsonNode live = grace.http().post(path(draft) + "/publish", null).ok().get("items");

        assertThat(live).singleElement().satisfies(model -> {
            assertThat(model.get("key").asText()).isEqualTo("ivr");
            assertThat(model.get("by").asText()).isEqualTo("Grace");
        });
        assertThat(published("ivr")).isEqualTo(live.get(0));
        assertThat(drafts()).isEmpty();
        someoneDials(NUMBER).hears(ASKS_ANEW).isAsked();
        admin().post("/simulator/api/calls/" + early.sid() + "/digits", Map.of("digits", "9"))
                .ok();
        early.hears("Valid keypress option is required.").isAsked();
        admin().post("/simulator/api/calls/" + early.sid() + "/digits", Map.of("digits", "1"))
                .ok();
        early.hears("Welcome to Support.");
        assertThat(early.heard()).noneMatch(line -> line.contains(ASKS_ANEW));
        assertThat(grace.http()
                        .post(path(draft) + "/publish", null)
                        .refusal(409)
                        .get("detail")
                        .asText())
                .contains("published by Grace");
    }

    /** The trial runs through drafts and published models alike, and ends on what it began with. */
    @Test
    void aWholeCallIsTriedWithItsAgentWhileOthersGoOnAsBefore() {
        String draft = deployed(ada.deploys(
                "menu and offer",
                "",
                Map.of(
                        IVR,
                        menu(ASKS_ANEW),
                        "accept-call.form",
                        Analyst.file("forms/accept-call.form").replace(OFFER, "# Do you want this call?"))));
        charles.is("available");
        Caller caller = someoneDials(TRIAL_LINE, "press 1").hears(ASKS_ANEW);
        JsonNode offer = charles.isOfferedACall();
        assertThat(formOfTheOffer()).contains("Do you want this call?");

        admin().delete(path(draft)).ok();
        charles.accepts(offer).ok();
        caller.talks();
        String call = offer.get("call_id").asText();
        assertThat(sam.get("/v1/calls/" + call).ok().get("state").asText()).isEqualTo("talking");
        assertThat(ada.http().get("/v1/calls/" + call).ok().get("steps")).isNotEmpty();
        assertThat(ada.http().get("/v1/calls/" + call + "/diagrams").ok()).isNotEmpty();
        charles.ends(call);
        charles.wrapsUp(call, "other");

        charles.is("available");
        someoneDials(NUMBER, "press 1").hears(ASKS);
        String live = charles.isOfferedACall().get("call_id").asText();
        assertThat(formOfTheOffer()).contains(OFFER);
        assertThat(ada.http().get("/v1/calls").ok().get("items"))
                .extracting(seen -> seen.get("id").asText())
                .contains(call)
                .doesNotContain(live);
        ada.http().get("/v1/calls/" + live).refusal(404);
        charles.accepts(charles.pending().get(0)).ok();
    }

    @Test
    void aDecisionIsTriedLikeAProcess() {
        ada.deploys(
                        "opening-hours.dmn",
                        Analyst.file("processes/opening-hours.dmn").replace("+15550100002", TRIAL_LINE))
                .ok();

        Caller trial = someoneDials(TRIAL_LINE).isIn("recording");
        assertThat(trial.heard()).noneMatch(line -> line.contains(ASKS));
        someoneDials(NUMBER).hears(ASKS);
    }

    @Test
    void ofTwoWhoPublishAtOnceOneDoes() {
        for (int round = 0; round < 5; round++) {
            String draft = deployed(ada.deploys(IVR, menu("Round " + round)));
            int before = published("ivr").get("version").asInt();

            List<Http.Answer> answers =
                    together(() -> grace.http().post(path(draft) + "/publish", null), () -> admin().post(
                                    path(draft) + "/publish", null));

            assertThat(answers).extracting(Http.Answer::status).containsExactlyInAnyOrder(200, 409);
            assertThat(published("ivr").get("version").asInt()).isEqualTo(before + 1);
        }
    }

    @Test
    void ofTwoDraftsPublishedAtOnceTheSecondDoesNotReplaceTheFirstUnseen() {
        String adas = deployed(ada.deploys(IVR, menu("Of Ada")));
        String graces = deployed(grace.deploys(IVR, menu("Of Grace")));

        List<Http.Answer> answers = together(() -> grace.http().post(path(adas) + "/publish", null), () -> ada.http()
                .post(path(graces) + "/publish", null));

        assertThat(answers).extracting(Http.Answer::status).containsExactlyInAnyOrder(200, 409);
        boolean adasFirst = answers.get(0).isOk();
        Http.Answer late = answers.get(adasFirst ? 1 : 0);
        JsonNode live = published("ivr");
        assertThat(late.refusal(409).get("remedy").asText())
                .contains("{\"replaces\": {\"ivr\": " + live.get("version") + "}}");
        Http second = adasFirst ? ada.http() : grace.http();
        String draft = adasFirst ? graces : adas;
        second.post(
                        path(draft) + "/publish",
                        Map.of("replaces", Map.of("ivr", live.get("version").asInt() - 1)))
                .refusal(409);
        second.post(
                        path(draft) + "/publish",
                        Map.of("replaces", Map.of("ivr", live.get("version").asInt())))
                .ok();
    }

    @Test
    void aDraftIsDiscardedByItsAuthorOrAnAdministrator() {
        String draft = deployed(ada.deploys(IVR, menu(ASKS_ANEW)));
        grace.http().delete(path(draft)).refusal(403);

        ada.http().delete(path(draft)).ok();

        assertThat(ada.http().delete(path(draft)).refusal(409).get("detail").asText())
                .contains("discarded by Ada");
        grace.http().post(path(draft) + "/publish", null).refusal(409);
        await("the trial line runs on what is published")
                .atMost(Duration.ofSeconds(10))
                .until(() -> {
                    Caller caller = someoneDials(TRIAL_LINE).isAsked();
                    return caller.heard().stream().anyMatch(line -> line.contains(ASKS));
                });
        assertThat(audited()).contains("POST /engine-rest/deployment/create", "DELETE " + path(draft));
    }

    @Test
    void aNewerDraftOfTheSameAuthorTakesThePlaceOfTheOlder() {
        deployed(ada.deploys(IVR, menu("The first")));
        String graces = deployed(grace.deploys(IVR, menu("By Grace")));
        String second = deployed(ada.deploys(IVR, menu("The second")));

        assertThat(drafts().findValuesAsText("id")).containsExactly(second, graces);
        someoneDials(TRIAL_LINE).hears("The second").isAsked();
    }

    @Test
    void noTenantMakesAnAnalystsModelLive() {
        JsonNode before = published("ivr");
        for (String tenant : List.of("", "draft", "aside", "other")) {
            deployed(ada.deploys("of tenant " + tenant, tenant, Map.of(IVR, menu("Press " + tenant))));
        }
        assertThat(published("ivr")).isEqualTo(before);
        assertThat(drafts()).hasSize(1);
    }

    @Test
    void anAdministratorDraftsWithTheTenantAndPublishesAlone() {
        JsonNode before = published("ivr");
        String draft = deployed(boss.deploys("ivr", "draft", Map.of(IVR, menu(ASKS_ANEW))));
        assertThat(published("ivr")).isEqualTo(before);

        admin().post(path(draft) + "/publish", null).ok();

        assertThat(published("ivr").get("version").asInt())
                .isEqualTo(before.get("version").asInt() + 1);
    }

    @Test
    void aDraftBeginsWithATrialCallOnly() {
        String draft = deployed(ada.deploys("by-itself.bpmn", BY_ITSELF));
        assertThat(beginningsOf("by-itself")).isZero();

        grace.http().post(path(draft) + "/publish", null).ok();

        assertThat(beginningsOf("by-itself")).isEqualTo(2);
        jdbc.sql("DELETE FROM act_ru_event_subscr WHERE configuration_ LIKE 'by-itself:%'")
                .update();
        jdbc.sql("DELETE FROM act_ru_job WHERE process_def_key_ = 'by-itself'").update();
    }

    private int beginningsOf(String process) {
        return jdbc.sql("SELECT (SELECT count(*) FROM act_ru_event_subscr WHERE configuration_ LIKE :process || ':%')"
                        + " + (SELECT count(*) FROM act_ru_job WHERE process_def_key_ = :process)")
                .param("process", process)
                .query(Integer.class)
                .single();
    }

    /** As Tasklist shows it to Charles. */
    private String formOfTheOffer() {
        JsonNode tasks = await().atMost(Duration.ofSeconds(10))
                .until(() -> charles.http().get("/engine-rest/task").ok(), found -> found.size() == 1);
        return charles.http()
                .get("/engine-rest/task/" + tasks.get(0).get("id").asText() + "/deployed-form")
                .text();
    }

    private static String menu(String asks) {
        String model = Analyst.file("processes/" + IVR);
        assertThat(model).contains(ASKS);
        return model.replace(ASKS, asks);
    }

    private static String deployed(Http.Answer answer) {
        return answer.ok().get("id").asText();
    }

    private static String path(String draft) {
        return DRAFTS + "/" + draft;
    }

    private JsonNode drafts() {
        return ada.http().get(DRAFTS).ok().get("items");
    }

    private JsonNode published(String key) {
        return StreamSupport.stream(
                        ada.http().get("/v1/models").ok().get("items").spliterator(), false)
                .filter(model -> model.get("key").asText().equals(key))
                .findFirst()
                .orElseThrow();
    }

    private List<String> audited() {
        return admin().get("/v1/audit?limit=20").ok().get("items").findValuesAsText("action");
    }
}
