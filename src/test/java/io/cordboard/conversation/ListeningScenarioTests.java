package io.cordboard.conversation;

import static io.cordboard.testing.Together.inTurns;
import static io.cordboard.testing.Together.together;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.cordboard.testing.AgentAtWork;
import io.cordboard.testing.AgentPhone;
import io.cordboard.testing.Caller;
import io.cordboard.testing.Http;
import io.cordboard.testing.Http.Answer;
import io.cordboard.testing.ScenarioTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A supervisor listens to a talk, whispers, barges in, and is never in anybody's way. */
class ListeningScenarioTests extends ScenarioTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String PHONE = "+15550104001";
    private static final String MOBILE = "+15550104002";
    private static final int RACES = 30;
    private static final int RACES_AT_ONCE = 3;

    private Caller caller;
    private String call;

    @BeforeEach
    void samHasAPhone() {
        samHas(PHONE);
        AgentPhone.behaves(admin(), PHONE, "answer", 100);
        AgentPhone.behaves(admin(), MOBILE, "answer", 100);
    }

    @AfterEach
    void samHasNone() {
        faults(List.of());
        jdbc.sql("DELETE FROM agent_address WHERE value IN (:phones)")
                .param("phones", List.of(PHONE, MOBILE))
                .update();
    }

    @Test
    void hearsBothAndIsHeardByNobody() {
        charlesTalks();
        JsonNode listener = listens(sam, Map.of()).ok();
        assertThat(listener.get("mode").asText()).isEqualTo("listen");
        AgentPhone phone = phone(PHONE).isIn("conference");
        AgentPhone charlesPhone = agentsPhone();
        await().atMost(PATIENCE).until(() -> phone.state().get("talkingWith").size() == 2);

        says(caller.sid(), "my order is late");
        says(charlesPhone.sid(), "let me look");
        assertThat(says(phone.sid(), "can you hear me?")).isFalse();

        assertThat(phone.heard()).contains("my order is late", "let me look");
        assertThat(charlesPhone.heard()).contains("my order is late");
        assertThat(List.of(caller.heard(), charlesPhone.heard())).allSatisfy(heard -> assertThat(heard)
                .noneMatch(line -> line.contains("can you hear me?") || line.contains("beep"))
                .noneMatch(line -> line.contains(PHONE)));
        assertThat(caller.state().get("talkingWith"))
                .as("whom the caller hears")
                .hasSize(1);

        assertThat(listeners(sam).findValuesAsText("state")).containsExactly("listening");
        assertThat(file(sam).get("listeners").findValuesAsText("agent")).containsExactly("Sam");
        assertThat(file(sam).get("legs").findValuesAsText("kind")).contains("listener");
        assertThat(file(charles.http()).toString())
                .as("what the agent is told of the call")
                .doesNotContain("listener", PHONE, phone.sid(), "Command");
        assertThat(audited()).contains("POST /v1/calls/" + call + "/listeners 201");

        sam.delete("/v1/calls/" + call + "/listeners/" + listener.get("id").asText())
                .ok();
        phone.isIn("ended");
        isOver(listener, "completed");
        says(caller.sid(), "are you still there?");
        assertThat(agentsPhone().heard()).contains("are you still there?").noneMatch(line -> line.contains(PHONE));
        assertThat(column(UUID.fromString(call), "state")).isEqualTo("talking");
    }

    @Test
    void whispersToTheAgentAndBargesInToBoth() {
        charlesTalks();
        JsonNode listener = listens(sam, Map.of("mode", "whisper")).ok();
        AgentPhone phone = phone(PHONE).isIn("conference");
        AgentPhone charlesPhone = agentsPhone();
        await().atMost(PATIENCE).until(() -> says(phone.sid(), "offer a discount"));
        assertThat(charlesPhone.heard()).contains("offer a discount");

        changes(listener, "barge").ok();
        await().atMost(PATIENCE).until(() -> {
            says(phone.sid(), "this is Sam");
            return caller.heard().contains("voice this is Sam");
        });
        assertThat(charlesPhone.heard()).contains("this is Sam");

        changes(listener, "listen").ok();
        await().atMost(PATIENCE).until(() -> !says(phone.sid(), "nobody hears this"));
        changes(listener, "whisper").ok();
        await().atMost(PATIENCE).until(() -> says(phone.sid(), "tell him a joke"));
        assertThat(charlesPhone.heard()).contains("tell him a joke");
        assertThat(caller.heard()).doesNotContain("voice offer a discount", "voice tell him a joke");

        assertThat(changes(listener, "shout")
                        .refusal(400)
                        .get("fields")
                        .get(0)
                        .get("field")
                        .asText())
                .isEqualTo("mode");
        phone.hangsUp();
        isOver(listener, "completed");
        assertThat(changes(listener, "barge").refusal(409).get("detail").asText())
                .contains("not listen any more");
        assertThat(column(UUID.fromString(call), "state")).isEqualTo("talking");
    }

    /** Somebody who believes to be muted must not be heard. */
    @Test
    void whoseModeCannotBeChangedIsHungUp() {
        charlesTalks();
        JsonNode listener = listens(sam, Map.of("mode", "barge")).ok();
        AgentPhone phone = phone(PHONE).isIn("conference");
        faults(List.of(Map.of("on", "rest:participants.update", "fault", "error", "status", 400, "next", 1)));
        changes(listener, "listen").ok();
        phone.isIn("ended");
        isOver(listener, "completed");
        assertThat(column(UUID.fromString(call), "state")).isEqualTo("talking");
    }

    @Test
    void isHungUpWhenTheTalkIsOverHoweverItEnds() {
        for (Consumer<AgentPhone> end : List.<Consumer<AgentPhone>>of(
                agent -> caller.hangsUp(), AgentPhone::hangsUp, agent -> charles.ends(call))) {
            charlesTalks();
            JsonNode listener = listens(sam, Map.of()).ok();
            AgentPhone phone = phone(PHONE).isIn("conference");
            await().atMost(PATIENCE)
                    .until(() -> phone.state().get("talkingWith").size() == 2);

            end.accept(agentsPhone());

            phone.isIn("ended");
            isOver(listener, "completed");
            charles.wrapsUp(call, "other");
            assertThat(listeners(sam)).isEmpty();
        }
    }

    @Test
    void aPhoneThatRingsWhenTheTalkEndsStopsRinging() {
        AgentPhone.behaves(admin(), PHONE, "manual", 0);
        charlesTalks();
        JsonNode listener = listens(sam, Map.of()).ok();
        AgentPhone phone = phone(PHONE).rings();
        assertThat(listeners(sam).findValuesAsText("state")).containsExactly("ringing");

        caller.hangsUp();

        phone.isIn("ended");
        assertThat(phone.wasPickedUp()).isFalse();
        isOver(listener, "canceled");
    }

    @Test
    void theFirstPhonePickedUpIsListenedOnAndTheOthersStop() {
        samHas(MOBILE);
        AgentPhone.behaves(admin(), PHONE, "manual", 0);
        AgentPhone.behaves(admin(), MOBILE, "manual", 0);
        charlesTalks();
        JsonNode listener = listens(sam, Map.of()).ok();
        AgentPhone phone = phone(PHONE).rings();
        AgentPhone mobile = phone(MOBILE).rings();

        mobile.isPickedUp().isIn("conference");
        phone.isIn("ended");
        assertThat(phone.wasPickedUp()).isFalse();
        assertThat(listeners(sam).findValuesAsText("state")).containsExactly("listening");
        mobile.hangsUp();
        isOver(listener, "completed");

        AgentPhone.behaves(admin(), MOBILE, "busy", 0);
        isOver(
                listens(sam, Map.of("address", Map.of("type", "tel", "target", MOBILE)))
                        .ok(),
                "busy");
        assertThat(column(UUID.fromString(call), "state")).isEqualTo("talking");
    }

    @Test
    void severalListenSideBySide() {
        Http sue = anotherSupervisor();
        charlesTalks();
        listens(sam, Map.of()).ok();
        AgentPhone phone = phone(PHONE).isIn("conference");
        JsonNode hers = listens(sue, Map.of("mode", "barge")).ok();
        AgentPhone other = phone(MOBILE).isIn("conference");
        await().atMost(PATIENCE).until(() -> says(other.sid(), "good day"));

        assertThat(phone.heard()).contains("good day");
        assertThat(listeners(sam).findValuesAsText("agent")).containsExactly("Sam", "Sue");
        assertThat(changes(hers, "listen").refusal(404).get("remedy").asText()).contains("/listeners");
        sam.delete("/v1/calls/" + call + "/listeners/" + hers.get("id").asText())
                .refusal(404);
        caller.hangsUp();
        phone.isIn("ended");
        other.isIn("ended");
    }

    @Test
    void whatDoesNotFitTheMomentIsToldSo() {
        charles.is("available");
        caller = someoneDials(NUMBER, "press 1");
        JsonNode offer = charles.isOfferedACall();
        call = offer.get("call_id").asText();
        assertThat(listens(sam, Map.of()).refusal(409).get("detail").asText()).contains("waits in a queue");
        charles.accepts(offer).ok();
        caller.talks();

        assertThat(listens(sam, Map.of("address", Map.of("type", "tel", "target", MOBILE)))
                        .refusal(409)
                        .get("detail")
                        .asText())
                .contains(PHONE);
        listens(sam, Map.of("address", Map.of("type", "tel", "target", "nowhere")))
                .refusal(422);
        samHasNone();
        assertThat(listens(sam, Map.of()).refusal(409).get("remedy").asText()).contains("/addresses");

        charles.ends(call);
        assertThat(listens(sam, Map.of()).refusal(409).get("detail").asText()).contains("wrapped up");
    }

    @Test
    void ofTwoRequestsAtOnceOneRings() {
        charlesTalks();
        for (int i = 0; i < 10; i++) {
            List<Answer> answers = together(() -> listens(sam, Map.of()), () -> listens(sam, Map.of()));
            assertThat(answers).filteredOn(Answer::isOk).hasSize(1);
            Answer loser = answers.get(answers.get(0).isOk() ? 1 : 0);
            JsonNode listener = answers.get(answers.get(0).isOk() ? 0 : 1).ok();
            assertThat(loser.refusal(409).get("remedy").asText())
                    .contains(listener.get("id").asText());
            assertThat(jdbc.sql("SELECT count(*) FROM call_leg WHERE call_id = CAST(:call AS uuid)"
                                    + " AND kind = 'listener' AND started_at >= CAST(:since AS timestamptz)")
                            .param("call", call)
                            .param("since", listener.get("started_at").asText())
                            .query(Integer.class)
                            .single())
                    .isEqualTo(1);
            sam.delete("/v1/calls/" + call + "/listeners/" + listener.get("id").asText())
                    .ok();
        }
        await("all phones are hung up").atMost(PATIENCE).until(() -> linesTo(PHONE)
                .isEmpty());
    }

    /** Whatever meets whatever, and is told once or twice: when the talk is over, no line to a supervisor is left at the carrier. */
    @Test
    void nobodyIsLeftBehindWhoJoinsWhileTheTalkEnds() throws Exception {
        AgentPhone.behaves(admin(), PHONE, "manual", 0);
        samHas(MOBILE);
        List<AgentAtWork> agents = List.of(charles, edith, dave);
        agents.forEach(agent -> agent.is("available"));
        faults(List.of(Map.of("on", "webhook", "fault", "duplicate", "copies", 2, "probability", 0.2)));
        inTurns(RACES, RACES_AT_ONCE, round -> {
            Caller talker = someoneDials(NUMBER, "press 1");
            String id = soon().until(() -> callsWith(talker.sid()), found -> !found.isEmpty())
                    .get(0);
            AgentAtWork agent = takes(agents, id);
            // As we were told: a hang-up that overtakes the agent's joining ends a call that was never talked.
            soon().until(() -> column(UUID.fromString(id), "state").equals("talking"));
            switch (round % 3) {
                case 0 -> together(() -> listens(sam, id, Map.of()), () -> talker.hangsUp());
                case 1 -> {
                    listens(sam, id, address(MOBILE)).ok();
                    talker.hangsUp();
                }
                default -> {
                    listens(sam, id, address(PHONE)).ok();
                    String sid = sidOf(id, PHONE);
                    soon().until(() -> new AgentPhone(admin(), sid).where().equals("ringing"));
                    together(
                            () -> admin().post("/simulator/api/calls/" + sid + "/answer", null),
                            () -> talker.hangsUp());
                }
            }
            soon().until(() -> agent.http()
                    .post("/v1/calls/" + id + "/wrap-up", Map.of("disposition", "other"))
                    .isOk());
            assertThat(column(UUID.fromString(id), "end_reason")).isEqualTo("callerHungUp");
        });

        await("no line to Sam lives").atMost(PATIENCE).untilAsserted(() -> assertThat(
                        List.of(linesTo(PHONE), linesTo(MOBILE)))
                .containsOnly(List.of()));
        assertThat(jdbc.sql("SELECT count(*) FROM call_leg WHERE kind = 'listener' AND state <> 'ended'")
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(jdbc.sql("SELECT count(*) FROM call_listener WHERE ended_at IS NULL")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    private static ConditionFactory soon() {
        return await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(15))
                .atMost(PATIENCE);
    }

    private AgentAtWork takes(List<AgentAtWork> agents, String id) {
        return soon().until(
                        () -> jdbc
                                .sql(
                                        "SELECT id, agent_id::text AS agent FROM reservation WHERE call_id = CAST(:call AS uuid)"
                                                + " AND state = 'pending'")
                                .param("call", id)
                                .query()
                                .listOfRows()
                                .stream()
                                .flatMap(offer -> agents.stream()
                                        .filter(agent -> agent.id().equals(offer.get("agent")))
                                        .filter(agent -> agent.http()
                                                .post("/v1/reservations/" + offer.get("id") + "/accept", null)
                                                .isOk()))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private List<String> callsWith(String sid) {
        return jdbc.sql("SELECT call_id::text FROM call_leg WHERE provider_leg_id = :sid")
                .param("sid", sid)
                .query(String.class)
                .list();
    }

    private static Map<String, Object> address(String phone) {
        return Map.of("address", Map.of("type", "tel", "target", phone));
    }

    private void charlesTalks() {
        charles.is("available");
        caller = someoneDials(NUMBER, "press 1");
        call = charles.takesTheNextCall();
        caller.talks();
    }

    private Answer listens(Http who, Map<String, ?> how) {
        return listens(who, call, how);
    }

    private static Answer listens(Http who, String call, Map<String, ?> how) {
        return who.post("/v1/calls/" + call + "/listeners", how);
    }

    private Answer changes(JsonNode listener, String mode) {
        return sam.put("/v1/calls/" + call + "/listeners/" + listener.get("id").asText(), Map.of("mode", mode));
    }

    private JsonNode listeners(Http who) {
        return who.get("/v1/calls/" + call + "/listeners").ok().get("items");
    }

    private JsonNode file(Http who) {
        return who.get("/v1/calls/" + call).ok();
    }

    private void isOver(JsonNode listener, String outcome) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode now = sam.get("/v1/calls/" + call + "/listeners/"
                            + listener.get("id").asText())
                    .ok();
            assertThat(now.get("state").asText() + " " + now.path("outcome").asText())
                    .isEqualTo("ended " + outcome);
        });
    }

    private AgentPhone phone(String address) {
        return new AgentPhone(admin(), sidOf(call, address));
    }

    private String sidOf(String call, String address) {
        return soon().until(
                        () -> jdbc.sql("SELECT provider_leg_id FROM call_leg WHERE call_id = CAST(:call AS uuid)"
                                        + " AND address = :address AND provider_leg_id IS NOT NULL"
                                        + " ORDER BY started_at DESC LIMIT 1")
                                .param("call", call)
                                .param("address", address)
                                .query(String.class)
                                .optional(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private AgentPhone agentsPhone() {
        return new AgentPhone(
                admin(),
                jdbc.sql("SELECT provider_leg_id FROM call_leg WHERE call_id = CAST(:call AS uuid) AND kind = 'agent'"
                                + " AND state = 'live'")
                        .param("call", call)
                        .query(String.class)
                        .single());
    }

    /** @return whether anybody heard it */
    private boolean says(String sid, String text) {
        return admin().post("/simulator/api/calls/" + sid + "/speech", Map.of("text", text))
                .ok()
                .get("noticed")
                .asBoolean();
    }

    private void faults(List<?> rules) {
        admin().put("/simulator/api/faults", Map.of("seed", 1, "rules", rules)).ok();
    }

    private List<String> linesTo(String address) {
        return StreamSupport.stream(
                        admin().get("/simulator/api/calls").ok().get("calls").spliterator(), false)
                .filter(line -> line.get("to").asText().equals(address)
                        && !line.get("where").asText().equals("ended"))
                .map(line -> line.get("sid").asText() + " " + line.get("where").asText())
                .toList();
    }

    private String audited() {
        return jdbc
                .sql("SELECT action || ' ' || status FROM audit_log WHERE username = 'sam'")
                .query(String.class)
                .list()
                .stream()
                .collect(joining("\n"));
    }

    private void samHas(String phone) {
        has("sam", phone);
    }

    private void has(String username, String phone) {
        jdbc.sql(
                        """
                        INSERT INTO agent_address (id, agent_id, customer_id, kind, value)
                        SELECT gen_random_uuid(), id, customer_id, 'tel', :phone FROM agent
                         WHERE username = :username AND deleted_at IS NULL""")
                .param("phone", phone)
                .param("username", username)
                .update();
    }

    private Http anotherSupervisor() {
        jdbc.sql(
                        """
                        INSERT INTO agent (id, customer_id, username, name, password_hash, role, status_since, idle_since,
                                           created_at)
                        SELECT gen_random_uuid(), customer_id, 'sue', 'Sue', password_hash, role, now(), now(), now()
                          FROM agent WHERE username = 'sam'
                        ON CONFLICT DO NOTHING""")
                .update();
        has("sue", MOBILE);
        return new Http(base(), "sue");
    }
}
