package io.cordboard.conversation;

import static io.cordboard.testing.Together.inTurns;
import static io.cordboard.testing.Together.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cordboard.testing.AgentAtWork;
import io.cordboard.testing.AgentPhone;
import io.cordboard.testing.Analyst;
import io.cordboard.testing.Caller;
import io.cordboard.testing.ScenarioTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.RuntimeService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * S3-09, S3-20 · all phones of an agent ring at once and the first one picked up wins; with "Confirm by key" the first one
 * on which somebody presses 1, so that an answering machine does not.
 */
class RingingScenarioTests extends ScenarioTest {

    private static final String DESK = "+15550102001";
    private static final String MOBILE = "+15550103001";
    private static final String SOFTPHONE = "sip:charles@phones.example";
    private static final List<String> PHONES = List.of(DESK, MOBILE, SOFTPHONE);

    /** The second phone of each agent in the races. */
    private static final Map<String, String> SECOND_PHONES =
            Map.of("+15550102001", MOBILE, "+15550102002", "+15550103002", "+15550102003", "+15550103003");

    private static final String QUESTION = "Press 1 to take the call.";
    private static final String TAKEN = "The call was taken on another phone.";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int RACES = 30;
    private static final int AT_ONCE = 3;
    private static final int KEY_RACES = 5;

    @Autowired
    private RuntimeService runtime;

    @Autowired
    private ManagementService management;

    private boolean otherModel;

    @BeforeEach
    void charlesHasThreePhones() {
        addPhone(charles, "tel", MOBILE);
        addPhone(charles, "sip", SOFTPHONE.substring("sip:".length()));
    }

    @AfterEach
    void everythingIsAsItWas() {
        jdbc.sql("DELETE FROM agent_address WHERE value IN (:added)")
                .param(
                        "added",
                        Stream.concat(SECOND_PHONES.values().stream(), Stream.of(SOFTPHONE.substring("sip:".length())))
                                .toList())
                .update();
        Stream.of(PHONES.stream(), SECOND_PHONES.keySet().stream(), SECOND_PHONES.values().stream())
                .flatMap(phones -> phones)
                .forEach(phone -> behaves(phone, "answer", 600));
        if (otherModel) {
            new Analyst(base()).asksForNoKey();
        }
    }

    @Test
    void allPhonesRingAtOnceAndTheFirstOnePickedUpWins() {
        UUID call = charlesIsRung();
        PHONES.forEach(phone -> phone(call, phone).rings());

        phone(call, SOFTPHONE).isPickedUp();

        theyTalk(call, SOFTPHONE);
        assertThat(outcomes(call)).containsExactlyInAnyOrder(DESK + " canceled", MOBILE + " canceled");
        for (String other : List.of(DESK, MOBILE)) {
            assertThat(phone(call, other).isIn("ended").wasPickedUp())
                    .as("%s was picked up", other)
                    .isFalse();
        }
    }

    /** S3-20 · the desk phone is down, or nobody is at the desk: the mobile rings all the same. */
    @ParameterizedTest
    @CsvSource({"busy, busy", "failed, failed", "reject, no_answer"})
    void theMobileStillRingsWhenTheDeskPhoneIsDown(String down, String outcome) {
        UUID call = charlesIsRung(Map.of(DESK, down));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(outcomes(call)).containsExactly(DESK + " " + outcome));

        phone(call, MOBILE).rings().isPickedUp();

        theyTalk(call, MOBILE);
        assertThat(outcomes(call)).containsExactlyInAnyOrder(DESK + " " + outcome, SOFTPHONE + " canceled");
        assertThat(charles.status()).isEqualTo("busy");
    }

    @Test
    void aCallThatNobodyPicksUpGoesToAnotherAgent() {
        PHONES.forEach(phone -> behaves(phone, "no-answer", 0));
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        UUID call = UUID.fromString(charles.takesTheNextCall());
        edith.is("available");

        assertThat(edith.takesTheNextCall()).isEqualTo(call.toString());

        caller.talks();
        assertThat(outcomes(call))
                .containsExactlyInAnyOrder(DESK + " no_answer", MOBILE + " no_answer", SOFTPHONE + " no_answer");
        assertThat(reservations(call)).containsExactly("charles timeout no_answer", "edith accepted null");
        assertThat(charles.status()).isEqualTo("away");
    }

    /** Two phones of one agent are picked up 0 to 50 ms apart; the whole way through HTTP, engine and carrier. */
    @Test
    void ofTwoPhonesPickedUpAtNearlyTheSameMomentOneIsBridged() throws Exception {
        for (AgentAtWork agent : List.of(charles, edith, dave)) {
            agent.is("available");
        }
        addPhone(edith, "tel", SECOND_PHONES.get("+15550102002"));
        addPhone(dave, "tel", SECOND_PHONES.get("+15550102003"));
        jdbc.sql("DELETE FROM agent_address WHERE kind = 'sip'").update();
        AtomicInteger pickedUpTwice = new AtomicInteger();

        inTurns(RACES, AT_ONCE, round -> {
            Caller caller = someoneDials(NUMBER, "press 1");
            UUID call = callOf(caller);
            AgentAtWork agent = whoIsOffered(call);
            String desk = deskOf(agent);
            String mobile = SECOND_PHONES.get(desk);
            // Waits run twenty times faster than the caller's clock says.
            behaves(round % 2 == 0 ? desk : mobile, "answer", 1_000);
            behaves(round % 2 == 0 ? mobile : desk, "answer", 1_000 + 20 * (round % 51));

            agent.accepts(agent.pending().get(0)).ok();
            caller.talks();

            String winner = caller.state().get("talkingWith").get(0).asText();
            String loser = winner.equals(desk) ? mobile : desk;
            assertThat(List.of(desk, mobile)).as("round %d", round).contains(winner);
            assertThat(caller.state().get("talkingWith")).hasSize(1);
            assertThat(live(call)).as("round %d", round).containsExactly(winner);
            assertThat(outcomes(call)).as("round %d", round).containsExactly(loser + " canceled");
            AgentPhone lost = phone(call, loser).isIn("ended");
            assertThat(lost.state().get("heard").findValuesAsText("kind")).doesNotContain("conference", "conversation");
            if (lost.wasPickedUp()) {
                pickedUpTwice.incrementAndGet();
            }

            caller.hangsUp();
            agent.wrapsUp(call.toString(), "other");
            assertThat(endOf(call)).isEqualTo("callerHungUp");
        });

        System.out.printf("%d calls with two phones, %d of them picked up twice%n", RACES, pickedUpTwice.get());
        assertThat(pickedUpTwice.get())
                .as("calls in which both phones were picked up")
                .isPositive();
    }

    @Test
    void aMachineThatPicksUpDoesNotWinAndTheOthersRingOn() {
        confirmByKey();
        UUID call = charlesIsRung();
        phone(call, DESK).rings().isPickedUp().isAsked();
        String number = column(call, "from_number").substring(1).replaceAll("(?<=.)(?=.)", " ");
        assertThat(phone(call, DESK).heard()).contains("Call for support from " + number + ". " + QUESTION);
        assertThat(column(call, "state")).isEqualTo("connecting");

        phone(call, MOBILE).rings().isPickedUp().isAsked();
        assertThat(phone(call, SOFTPHONE).where()).isEqualTo("ringing");
        assertThat(phone(call, MOBILE).presses("1")).isTrue();

        theyTalk(call, MOBILE);
        assertThat(outcomes(call)).containsExactlyInAnyOrder(DESK + " canceled", SOFTPHONE + " canceled");
        assertThat(phone(call, DESK).isIn("ended").heard()).contains(TAKEN);
        assertThat(phone(call, SOFTPHONE).isIn("ended").heard()).doesNotContain(TAKEN);
    }

    @Test
    void aMachineAloneIsAskedThreeTimesAndTheCallGivenBack() {
        confirmByKey();
        behaves(DESK, "machine", 600);
        behaves(MOBILE, "busy", 0);
        behaves(SOFTPHONE, "failed", 0);
        charles.is("available");
        Caller caller = Caller.dials(admin(), "anonymous", NUMBER, "press 1");
        UUID call = UUID.fromString(charles.takesTheNextCall());

        charles.becomes("away");

        assertThat(phone(call, DESK).isIn("ended").heard())
                .filteredOn(text -> text.contains(QUESTION))
                .containsExactly("Call for support from an unknown number. " + QUESTION, QUESTION, QUESTION);
        assertThat(outcomes(call))
                .containsExactlyInAnyOrder(DESK + " completed", MOBILE + " busy", SOFTPHONE + " failed");
        assertThat(reservations(call)).containsExactly("charles timeout no_answer");
        caller.isIn("queued");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "#", "hangs up"})
    void whoDoesNotConfirmEndsTheirOwnPhoneOnly(String what) {
        confirmByKey();
        UUID call = charlesIsRung();
        AgentPhone desk = phone(call, DESK).rings().isPickedUp().isAsked();

        if (what.equals("hangs up")) {
            desk.hangsUp();
        } else {
            desk.presses(what);
        }

        desk.isIn("ended");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(outcomes(call)).containsExactly(DESK + " completed"));
        assertThat(column(call, "state")).isEqualTo("connecting");
        phone(call, MOBILE).rings().isPickedUp().isAsked().presses("1");
        theyTalk(call, MOBILE);
    }

    @Test
    void ofTwoPhonesOnWhichSomebodyPresses1OneWins() {
        confirmByKey();
        for (int round = 0; round < KEY_RACES; round++) {
            UUID call = charlesIsRung();
            AgentPhone desk = phone(call, DESK).rings();
            AgentPhone mobile = phone(call, MOBILE).rings();
            together(desk::isPickedUp, mobile::isPickedUp);
            desk.isAsked();
            mobile.isAsked();

            assertThat(together(() -> desk.presses("1"), () -> mobile.presses("1")))
                    .containsOnly(true);

            await().atMost(PATIENCE).untilAsserted(() -> assertThat(List.of(desk.where(), mobile.where()))
                    .containsExactlyInAnyOrder("conference", "ended"));
            boolean deskWon = desk.where().equals("conference");
            theyTalk(call, deskWon ? DESK : MOBILE);
            assertThat((deskWon ? mobile : desk).heard()).contains(TAKEN);
            assertThat(outcomes(call))
                    .containsExactlyInAnyOrder((deskWon ? MOBILE : DESK) + " canceled", SOFTPHONE + " canceled");
            charles.ends(call.toString());
            charles.wrapsUp(call.toString(), "other");
            endOf(call);
        }
    }

    @Test
    void aCallerWhoHangsUpWhileAPhoneIsAskedFreesTheAgent() {
        confirmByKey();
        UUID call = charlesIsRung();
        phone(call, DESK).rings().isPickedUp().isAsked();
        PHONES.forEach(phone -> phone(call, phone));

        callerOf(call).hangsUp();

        assertThat(endOf(call)).isEqualTo("callerHungUp");
        charles.becomes("available");
        PHONES.forEach(phone -> phone(call, phone).isIn("ended"));
        assertThat(phone(call, DESK).heard()).doesNotContain(TAKEN);
        assertThat(live(call)).isEmpty();
        assertThat(runtime.createProcessInstanceQuery()
                        .processInstanceBusinessKey(call.toString())
                        .count())
                .isZero();
    }

    /** However long phones are asked, the timer at the step bounds it. */
    @Test
    void theTimerEndsTheRingingWhileAPhoneIsAsked() {
        confirmByKey();
        UUID call = charlesIsRung();
        AgentPhone desk = phone(call, DESK).rings().isPickedUp().isAsked();
        PHONES.forEach(phone -> phone(call, phone));

        management.executeJob(management
                .createJobQuery()
                .processDefinitionKey("conversation")
                .activityId("event_phoneUnanswered")
                .active()
                .list()
                .stream()
                .filter(job -> job.getProcessInstanceId().equals(conversation(call)))
                .findFirst()
                .orElseThrow()
                .getId());

        PHONES.forEach(phone -> phone(call, phone).isIn("ended"));
        assertThat(desk.heard()).doesNotContain(TAKEN);
        assertThat(outcomes(call))
                .containsExactlyInAnyOrder(DESK + " no_answer", MOBILE + " no_answer", SOFTPHONE + " no_answer");
        assertThat(charles.status()).isEqualTo("away");
        callerOf(call).isIn("queued");
    }

    private String conversation(UUID call) {
        return runtime.createProcessInstanceQuery()
                .processInstanceBusinessKey(call.toString(), "conversation")
                .singleResult()
                .getId();
    }

    private void confirmByKey() {
        new Analyst(base()).asksForAKeyOnAgentsPhones();
        otherModel = true;
    }

    private UUID charlesIsRung() {
        return charlesIsRung(Map.of());
    }

    /**
     * Charles has taken a call; his phones wait for a hand, in real time.
     *
     * @param others phones that behave otherwise
     */
    private UUID charlesIsRung(Map<String, String> others) {
        PHONES.forEach(phone -> behaves(phone, others.getOrDefault(phone, "manual"), 0));
        admin().put("/simulator/api/speed", Map.of("speed", "instant")).ok();
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1").isIn("queued");
        charles.isOfferedACall();
        admin().put("/simulator/api/speed", Map.of("speed", "1")).ok();
        UUID call = UUID.fromString(charles.takesTheNextCall());
        assertThat(callOf(caller)).isEqualTo(call);
        return call;
    }

    private void theyTalk(UUID call, String phone) {
        Caller caller = callerOf(call).talks();
        assertThat(caller.state().get("talkingWith")).hasSize(1);
        assertThat(caller.state().get("talkingWith").get(0).asText()).isEqualTo(phone);
        assertThat(column(call, "state")).isEqualTo("talking");
        assertThat(live(call)).containsExactly(phone);
    }

    private Caller callerOf(UUID call) {
        return Caller.whoCalled(admin(), legs(call, "caller").get(0));
    }

    /** The phone as it is rung for this call. */
    private AgentPhone phone(UUID call, String address) {
        return new AgentPhone(
                admin(),
                await("the carrier's id of the leg to " + address)
                        .atMost(PATIENCE)
                        .pollDelay(Duration.ZERO)
                        .until(
                                () -> jdbc.sql(
                                                "SELECT provider_leg_id FROM call_leg WHERE call_id = :call AND address = :address AND provider_leg_id IS NOT NULL")
                                        .param("call", call)
                                        .param("address", address)
                                        .query(String.class)
                                        .optional(),
                                Optional::isPresent)
                        .orElseThrow());
    }

    private List<String> legs(UUID call, String kind) {
        return jdbc.sql("SELECT provider_leg_id FROM call_leg WHERE call_id = :call AND kind = :kind")
                .param("call", call)
                .param("kind", kind)
                .query(String.class)
                .list();
    }

    /** The legs to agents' phones that are over, and how they ended. */
    private List<String> outcomes(UUID call) {
        return jdbc.sql(
                        "SELECT address || ' ' || outcome FROM call_leg WHERE call_id = :call AND kind = 'agent' AND state = 'ended'")
                .param("call", call)
                .query(String.class)
                .list();
    }

    private List<String> live(UUID call) {
        return jdbc.sql("SELECT address FROM call_leg WHERE call_id = :call AND kind = 'agent' AND state <> 'ended'")
                .param("call", call)
                .query(String.class)
                .list();
    }

    private List<String> reservations(UUID call) {
        return jdbc.sql(
                        """
                        SELECT a.username || ' ' || r.state || ' ' || coalesce(r.reason, 'null')
                          FROM reservation r JOIN agent a ON a.id = r.agent_id
                         WHERE r.call_id = :call ORDER BY r.offered_at""")
                .param("call", call)
                .query(String.class)
                .list();
    }

    private AgentAtWork whoIsOffered(UUID call) {
        String username = await("an offer")
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(
                        () -> jdbc.sql(
                                        "SELECT a.username FROM reservation r JOIN agent a ON a.id = r.agent_id WHERE r.call_id = :call AND r.state = 'pending'")
                                .param("call", call)
                                .query(String.class)
                                .optional(),
                        Optional::isPresent)
                .orElseThrow();
        return Stream.of(charles, edith, dave)
                .filter(agent -> agent.username().equals(username))
                .findFirst()
                .orElseThrow();
    }

    private static String deskOf(AgentAtWork agent) {
        return agent == charles ? "+15550102001" : agent == edith ? "+15550102002" : "+15550102003";
    }

    private void behaves(String phone, String behaviour, int answerAfterMillis) {
        AgentPhone.behaves(admin(), phone, behaviour, answerAfterMillis);
    }

    private void addPhone(AgentAtWork agent, String kind, String value) {
        jdbc.sql(
                        """
                        INSERT INTO agent_address (id, agent_id, customer_id, kind, value)
                        SELECT gen_random_uuid(), id, customer_id, :kind, :value FROM agent WHERE username = :username
                        ON CONFLICT DO NOTHING""")
                .param("kind", kind)
                .param("value", value)
                .param("username", agent.username())
                .update();
    }
}
