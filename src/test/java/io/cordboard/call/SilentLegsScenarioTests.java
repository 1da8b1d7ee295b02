package io.cordboard.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cordboard.testing.Caller;
import io.cordboard.testing.ScenarioTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Twilio does not repeat a status callback that got lost. The call ends all the same, and nobody stays held by it. */
class SilentLegsScenarioTests extends ScenarioTest {

    private static final Duration PATIENCE = Duration.ofSeconds(25);

    @BeforeEach
    void noStatusCallbackArrives() {
        faults(Map.of("on", "webhook:status", "fault", "lose", "probability", 1));
    }

    @AfterEach
    void allOfThemArrive() {
        faults();
    }

    @Test
    void aCallerWhoseHangUpNobodyToldOfLeavesTheQueueAndTheAgentIsFree() {
        setQueues("60 seconds", "5 minutes", "60 seconds");
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        charles.isOfferedACall();
        UUID call = callOf(caller);

        caller.hangsUp().isIn("ended");
        assertThat(charles.status()).isEqualTo("ringing");
        assertThat(column(call, "ended_at")).isEqualTo("null");
        elevenMinutesPass(call);

        assertThat(endOf(call)).isEqualTo("callerHungUp");
        charles.becomes("available");
    }

    @Test
    void aTalkOfWhichBothEndsGotLostGoesOnToWrapUp() {
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        charles.takesTheNextCall();
        caller.talks();
        UUID call = callOf(caller);

        caller.hangsUp().isIn("ended");
        assertThat(column(call, "state")).isEqualTo("talking");
        elevenMinutesPass(call);

        charles.wrapsUp(call.toString(), "other");
        charles.becomes("available");
        assertThat(column(call, "state")).isEqualTo("ended");
        await("the caller's leg is over too").atMost(PATIENCE).until(() -> !column(call, "ended_at")
                .equals("null"));
    }

    @Test
    void aLegOfWhichTheCarrierSaysThatItLivesIsLeftAloneForAsLongAgain() {
        Caller caller = someoneDials(NUMBER, "press 1").isIn("queued");
        UUID call = callOf(caller);

        elevenMinutesPass(call);

        await("the carrier was asked").atMost(PATIENCE).until(() -> jdbc.sql(
                        "SELECT ask_at > now() + interval '9 minutes' FROM call_leg WHERE call_id = :call AND ask_at IS NOT NULL")
                .param("call", call)
                .query(Boolean.class)
                .optional()
                .orElse(false));
        assertThat(column(call, "state")).isEqualTo("waiting");
        caller.isIn("queued");
    }

    private void elevenMinutesPass(UUID call) {
        jdbc.sql("UPDATE call SET started_at = started_at - interval '11 minutes' WHERE id = :call")
                .param("call", call)
                .update();
        jdbc.sql("UPDATE call_leg SET started_at = started_at - interval '11 minutes' WHERE call_id = :call")
                .param("call", call)
                .update();
    }

    private void faults(Map<?, ?>... rules) {
        admin().put("/simulator/api/faults", Map.of("seed", 1, "rules", List.of(rules)))
                .ok();
    }
}
