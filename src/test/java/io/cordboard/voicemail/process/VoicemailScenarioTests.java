package io.cordboard.voicemail.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.cordboard.telephony.spi.Carrier;
import io.cordboard.testing.AgentAtWork;
import io.cordboard.testing.AgentPhone;
import io.cordboard.testing.Caller;
import io.cordboard.testing.Http;
import io.cordboard.testing.ScenarioTest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.camunda.bpm.engine.BadUserRequestException;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.task.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** S1-46, S1-47 · a message is work like a call: it has its agent and its time, and is called back from where it is done. */
class VoicemailScenarioTests extends ScenarioTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String DAVES_PHONE = "+15550102003";

    @Autowired
    private TaskService tasks;

    @Autowired
    private EraseMessages erasing;

    @Autowired
    private Carrier carrier;

    private UUID call;

    @AfterEach
    void asEver() {
        jdbc.sql(
                        """
                        UPDATE queue SET follow_up_within = DEFAULT, shortest_message = DEFAULT,
                                         keep_messages_for = DEFAULT""")
                .update();
        AgentPhone.behaves(admin(), DAVES_PHONE, "answer", 600);
        tasks.createTaskQuery()
                .taskDefinitionKey("userTask_followUpVoicemail")
                .list()
                .forEach(task -> tasks.complete(task.getId(), Map.of("outcome", "done")));
    }

    @Test
    void aMessageThatNobodyWorksOnInTimeIsToldOfOnceAndStays() {
        set("follow_up_within", "300 milliseconds");
        String id = someoneLeavesAMessage().get("id").asText();

        await().atMost(PATIENCE).until(() -> message(id).hasNonNull("overdue_at"));

        assertThat(told("voicemail.overdue")).isEqualTo(1);
        assertThat(followUp().getAssignee()).isEqualTo("dave");
        isDone();
        assertThat(message(id).get("state").asText()).isEqualTo("done");
    }

    /** The one due first comes first, in pieces; agents see what is theirs or of their queues. */
    @Test
    void messagesAreDueAsTheirQueueHasItAndListedInThatOrder() {
        jdbc.sql("UPDATE voicemail SET state = 'done', done_at = now() WHERE state = 'new'")
                .update();
        set("follow_up_within", "3 hours");
        String late = someoneLeavesAMessage().get("id").asText();
        set("follow_up_within", "1 hour");
        JsonNode message = someoneLeavesAMessage();
        String soon = message.get("id").asText();

        assertThat(message.get("queue").asText()).isEqualTo("sales");
        assertThat(message.get("agent").asText()).isEqualTo("Dave");
        OffsetDateTime due = time(message, "due_at");
        assertThat(Duration.between(time(message, "created_at"), due))
                .isBetween(Duration.ofHours(1), Duration.ofHours(1).plusMinutes(1));
        assertThat(followUp().getDueDate().toInstant())
                .isBetween(due.minusSeconds(1).toInstant(), due.toInstant());
        assertThat(followUp().getPriority()).as("below that of an offer").isLessThan(50);
        assertThat(ids(sam, "/v1/voicemails?limit=1")).containsExactly(soon, late);
        assertThat(ids(dave.http(), "/v1/voicemails?limit=50")).containsExactly(soon, late);
        assertThat(ids(charles.http(), "/v1/voicemails?limit=50")).isEmpty();
        charles.http().get("/v1/voicemails/" + soon).refusal(404);
        isDone();
        assertThat(ids(sam, "/v1/voicemails?limit=50")).containsExactly(late);
        assertThat(ids(sam, "/v1/voicemails?limit=50&state=done"))
                .contains(soon)
                .doesNotContain(late);
        assertThat(sam.get("/v1/voicemails?state=old").status()).isEqualTo(400);
        assertThat(sam.get("/v1/voicemails?cursor=" + UUID.randomUUID())
                        .refusal(400)
                        .get("detail")
                        .asText())
                .contains("cursor");
    }

    /** What is too short is nobody's work, and not kept at the carrier either. */
    @Test
    void aMessageThatIsTooShortIsDropped() {
        set("shortest_message", "90 seconds");
        leavesAMessage();

        await().atMost(PATIENCE).until(() -> column(call, "state").equals("ended"));

        assertThat(column(call, "end_reason")).isNotEqualTo("voicemail");
        assertThat(tasks.createTaskQuery()
                        .processInstanceBusinessKey(call.toString())
                        .count())
                .isZero();
        String recording = await().atMost(PATIENCE)
                .until(() -> recordingsOf(call), found -> !found.isEmpty())
                .get(0);
        await().atMost(PATIENCE).until(() -> isGoneAtTheCarrier(recording));
        JsonNode kept = sam.get("/v1/calls/" + call).ok().get("voicemails").get(0);
        assertThat(kept.get("state").asText()).isEqualTo("dropped");
        assertThat(kept.has("transcription")).isFalse();
        assertThat(kept.has("recording_url")).isFalse();
    }

    @Test
    void whoSaysNothingLeavesNoMessage() {
        setQueues("10 seconds", "100 milliseconds", "60 seconds");
        Caller caller =
                someoneDials(NUMBER, "press 2").hears("did not hear a message").isIn("ended");
        call = callOf(caller);

        assertThat(endOf(call)).isNotEqualTo("voicemail");
        assertThat(ids(sam, "/v1/voicemails?state=dropped&limit=1")).isNotEmpty();
    }

    /** Whatever it was, it is not kept for ever: neither here nor at the carrier. */
    @Test
    void aMessageIsErasedWhenItsTimeIsOver() {
        String id = someoneLeavesAMessage().get("id").asText();
        String recording = recordingsOf(call).get(0);
        await().atMost(PATIENCE).until(() -> message(id).hasNonNull("transcription"));
        set("keep_messages_for", "1 millisecond");
        erasing.sweep();
        assertThat(message(id).hasNonNull("erased_at")).as("it still waits").isFalse();
        isDone();

        erasing.sweep();

        JsonNode message = message(id);
        assertThat(message.hasNonNull("erased_at")).isTrue();
        assertThat(message.has("transcription")).isFalse();
        assertThat(message.has("recording_url")).isFalse();
        await().atMost(PATIENCE).until(() -> isGoneAtTheCarrier(recording));
        dave.http().get("/v1/voicemails/" + id + "/recording").refusal(404);
        assertThat(told("voicemail.erased")).isEqualTo(1);
    }

    /** The agent's phone rings first, then the caller's; both talk; what came of it is up to the agent. */
    @Test
    void anAgentCallsBackFromTheTask() {
        String id = someoneLeavesAMessage().get("id").asText();

        callsBack(dave, id).ok();

        Caller reached = Caller.whoCalled(admin(), lineOf("external")).talks();
        assertThat(dave.status()).isEqualTo("busy");
        assertThat(column(call, "state")).isEqualTo("calling_back");
        assertThat(callsBack(dave, id).refusal(409).get("detail").asText()).contains("does not wait");
        assertThat(tasks.createTaskQuery()
                        .processInstanceBusinessKey(call.toString())
                        .count())
                .isZero();
        reached.hangsUp();

        assertThat(resultOf(id)).isEqualTo("answered");
        dave.becomes("offline");
        assertThat(column(call, "state")).isEqualTo("follow_up");
        assertThat(linesAtTheCarrier()).containsOnly("ended");
        assertThat(tasks.getVariable(followUp().getId(), "callBackResult")).isEqualTo("answered");
        isDone();
        assertThat(endOf(call)).isEqualTo("voicemail");
    }

    @Test
    void aCallBackEndsWithTheAgentToo() {
        String id = someoneLeavesAMessage().get("id").asText();
        tasks.complete(followUp().getId(), Map.of("outcome", "callBackNow", "notes", "Trying."));
        Caller reached = Caller.whoCalled(admin(), lineOf("external")).talks();

        new AgentPhone(admin(), lineOf("agent")).hangsUp();

        reached.isIn("ended");
        assertThat(resultOf(id)).isEqualTo("answered");
        assertThat(tasks.getVariable(followUp().getId(), "notes")).isEqualTo("Trying.");
        isDone();
    }

    @Test
    void whoDoesNotPickUpIsNotedAndTheMessageWaitsOn() {
        String id = someoneLeavesAMessage().get("id").asText();
        for (List<String> outcomes : List.of(List.of("busy"), List.of("busy", "no_answer"))) {
            String outcome = outcomes.get(outcomes.size() - 1);
            AgentPhone.behaves(admin(), column(call, "from_number"), outcome.replace('_', '-'), 0);

            callsBack(dave, id).ok();

            assertThat(resultsOf(id, outcomes.size())).isEqualTo(outcomes);
            AgentPhone phone = new AgentPhone(admin(), lineOf("agent")).isIn("ended");
            assertThat(phone.heard()).anyMatch(text -> text.contains("not answered"));
            dave.becomes("offline");
        }
        assertThat(tasks.getVariable(followUp().getId(), "callBackResult")).isEqualTo("no_answer");
    }

    @Test
    void anAgentWhoDoesNotPickUpTheirOwnPhoneDisturbsNobody() {
        String id = someoneLeavesAMessage().get("id").asText();
        AgentPhone.behaves(admin(), DAVES_PHONE, "busy", 0);

        callsBack(dave, id).ok();

        assertThat(resultOf(id)).isEqualTo("agent_no_answer");
        assertThat(legs("external")).isEmpty();
        dave.becomes("offline");
        isDone();
    }

    @Test
    void whoIsNotFreeOrNotAskedCannotCallBack() {
        String id = someoneLeavesAMessage().get("id").asText();
        callsBack(charles, id).refusal(404);
        callsBack(charles, UUID.randomUUID().toString()).refusal(404);
        assertThat(sam.post("/v1/voicemails/" + id + "/call-back", null)
                        .refusal(409)
                        .get("detail")
                        .asText())
                .as("whose phone rings")
                .contains("no phone");
        jdbc.sql(
                        "UPDATE agent SET engaged = 'ringing', engaged_until = now() + interval '1 second' WHERE username = 'dave'")
                .update();
        assertThat(callsBack(dave, id).refusal(409).get("detail").asText()).contains("in a call");
        jdbc.sql("UPDATE agent SET engaged = NULL, engaged_until = NULL WHERE username = 'dave'")
                .update();
        jdbc.sql("UPDATE call SET from_number = 'anonymous' WHERE id = :call")
                .param("call", call)
                .update();
        callsBack(dave, id).refusal(422);
        assertThatThrownBy(() -> tasks.complete(followUp().getId(), Map.of("outcome", "callBackNow")))
                .isInstanceOf(BadUserRequestException.class)
                .hasMessageContaining("did not show a number");
        assertThat(dave.status()).isEqualTo("offline");
        isDone();
    }

    /** S1-46 · what came of a message can be said from anywhere; putting it off wants a time that is to come. */
    @Test
    void whatCameOfAMessageIsSaidOverTheApi() {
        String id = someoneLeavesAMessage().get("id").asText();
        completes(charles, id, Map.of("outcome", "done")).refusal(404);
        completes(dave, id, Map.of("outcome", "callBackNow")).refusal(400);
        completes(dave, id, Map.of("outcome", "callBackLater")).refusal(422);
        completes(dave, id, Map.of("outcome", "done", "call_back_at", "2100-01-01T00:00:00Z"))
                .refusal(422);
        completes(dave, id, Map.of("outcome", "callBackLater", "call_back_at", "2020-01-01T00:00:00Z"))
                .refusal(422);

        String soon = Instant.now().plusSeconds(1).toString();
        completes(dave, id, Map.of("outcome", "callBackLater", "call_back_at", soon))
                .ok();
        completes(dave, id, Map.of("outcome", "done")).refusal(409);
        followUp();
        completes(dave, id, Map.of("outcome", "calledBack", "notes", "Sent it again."))
                .ok();

        assertThat(message(id).get("state").asText()).isEqualTo("done");
        assertThat(message(id).get("outcome").asText()).isEqualTo("calledBack");
        JsonNode note = sam.get("/v1/calls/" + call).ok().get("notes").get(0);
        assertThat(note.get("text").asText()).isEqualTo("Sent it again.");
        assertThat(note.get("agent").asText()).isEqualTo("Dave");
        completes(dave, id, Map.of("outcome", "done")).refusal(409);
    }

    private static Http.Answer completes(AgentAtWork agent, String id, Map<String, String> what) {
        return agent.http().post("/v1/voicemails/" + id + "/complete", what);
    }

    private JsonNode someoneLeavesAMessage() {
        leavesAMessage();
        return await().atMost(PATIENCE)
                .until(
                        () -> sam.get("/v1/calls/" + call).ok().get("voicemails").findValuesAsText("id").stream()
                                .map(this::message)
                                .toList(),
                        found -> found.size() == 1
                                && found.get(0).has("due_at")
                                && found.get(0).has("recording_url"))
                .get(0);
    }

    /** For sales, which is the work of Dave. */
    private void leavesAMessage() {
        setQueues("10 seconds", "100 milliseconds", "60 seconds");
        Caller caller =
                someoneDials(NUMBER, "press 2", "say Please call me back.").isIn("ended");
        call = callOf(caller);
    }

    private JsonNode message(String id) {
        return sam.get("/v1/voicemails/" + id).ok();
    }

    private static Http.Answer callsBack(AgentAtWork agent, String id) {
        return agent.http().post("/v1/voicemails/" + id + "/call-back", null);
    }

    private String resultOf(String id) {
        return resultsOf(id, 1).get(0);
    }

    private List<String> resultsOf(String id, int count) {
        return await("the call back is over")
                .atMost(PATIENCE)
                .until(
                        () -> message(id).get("call_backs").findValuesAsText("outcome"),
                        outcomes -> outcomes.size() == count);
    }

    private Task followUp() {
        return await().atMost(PATIENCE)
                .until(
                        () -> tasks.createTaskQuery()
                                .processInstanceBusinessKey(call.toString())
                                .taskDefinitionKey("userTask_followUpVoicemail")
                                .singleResult(),
                        Objects::nonNull);
    }

    private void isDone() {
        tasks.complete(followUp().getId(), Map.of("outcome", "done"));
    }

    private void set(String setting, String interval) {
        jdbc.sql("UPDATE queue SET " + setting + " = CAST(:interval AS interval)")
                .param("interval", interval)
                .update();
    }

    private static OffsetDateTime time(JsonNode message, String field) {
        return OffsetDateTime.parse(message.get(field).asText());
    }

    private int told(String type) {
        return jdbc.sql("SELECT count(*) FROM event_log WHERE call_id = :call AND type = :type")
                .param("call", call)
                .param("type", type)
                .query(Integer.class)
                .single();
    }

    private static List<String> ids(Http who, String path) {
        List<String> ids = new ArrayList<>();
        for (JsonNode page = who.get(path).ok();
                ;
                page = who.get(path + "&cursor=" + page.get("next").asText()).ok()) {
            page.get("items").forEach(item -> ids.add(item.get("id").asText()));
            if (!page.hasNonNull("next")) {
                return ids;
            }
        }
    }

    private List<String> legs(String kind) {
        return jdbc.sql("SELECT provider_leg_id FROM call_leg WHERE call_id = :call AND kind = :kind"
                        + " AND provider_leg_id IS NOT NULL ORDER BY started_at DESC")
                .param("call", call)
                .param("kind", kind)
                .query(String.class)
                .list();
    }

    private String lineOf(String kind) {
        return await(kind)
                .atMost(PATIENCE)
                .until(() -> legs(kind), found -> !found.isEmpty())
                .get(0);
    }

    private List<String> linesAtTheCarrier() {
        return jdbc
                .sql("SELECT provider_leg_id FROM call_leg WHERE call_id = :call")
                .param("call", call)
                .query(String.class)
                .list()
                .stream()
                .map(sid -> new AgentPhone(admin(), sid).isIn("ended").where())
                .toList();
    }

    private List<String> recordingsOf(UUID call) {
        return jdbc.sql(
                        """
                        SELECT substring(event_key FROM 'RE[0-9a-f]{32}') FROM inbox
                         WHERE call_id = :call AND kind = 'RecordingReady'""")
                .param("call", call)
                .query(String.class)
                .list();
    }

    private boolean isGoneAtTheCarrier(String recording) {
        try {
            carrier.openRecording("/Recordings/" + recording, null).close();
            return false;
        } catch (IOException gone) {
            return gone.getMessage().contains("404");
        }
    }
}
