package io.cordboard.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordboard.testing.AgentAtWork;
import io.cordboard.testing.Caller;
import io.cordboard.testing.ScenarioTest;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** S3-20 · the day of an agent, through the API. */
class WorkingDayScenarioTests extends ScenarioTest {

    /** Log in, offline → available. Logging in alone brings no calls. */
    @Test
    void theDayStartsWhenTheAgentBecomesAvailable() {
        Caller early = someoneDials(NUMBER, "press 1").isIn("queued");
        AgentAtWork agent = new AgentAtWork(base(), "charles");
        assertThat(agent.status()).isEqualTo("offline");
        assertThat(agent.pending()).isEmpty();

        agent.is("available");

        assertThat(agent.takesTheNextCall()).isEqualTo(callOf(early).toString());
        early.talks();
        assertThat(agent.status()).isEqualTo("busy");
    }

    /** Busy → available → away → available. Nobody is put through during the break. */
    @Test
    void aBreakBeginsAfterTheCallAndNobodyIsPutThroughDuringIt() {
        charlesHasTalked();
        assertThat(charles.status()).isEqualTo("available");

        charles.is("away");
        Caller patient = someoneDials(NUMBER, "press 1").isIn("queued");
        edith.is("available");
        assertThat(edith.takesTheNextCall()).isEqualTo(callOf(patient).toString());
        assertThat(reservationsOf(charles, callOf(patient))).isZero();
        assertThat(charles.status()).isEqualTo("away");

        Caller next = someoneDials(NUMBER, "press 1").isIn("queued");
        charles.is("available");
        assertThat(charles.takesTheNextCall()).isEqualTo(callOf(next).toString());
    }

    /** Busy → available → offline. */
    @Test
    void theDayEndsAfterTheLastCall() {
        charlesHasTalked();
        assertThat(charles.status()).isEqualTo("available");

        charles.is("offline");

        Caller late = someoneDials(NUMBER, "press 1").isIn("queued");
        edith.is("available");
        assertThat(edith.takesTheNextCall()).isEqualTo(callOf(late).toString());
        assertThat(reservationsOf(charles, callOf(late))).isZero();
        assertThat(charles.status()).isEqualTo("offline");
    }

    private void charlesHasTalked() {
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        String call = charles.takesTheNextCall();
        caller.talks();
        assertThat(charles.status()).isEqualTo("busy");
        caller.hangsUp();
        charles.wrapsUp(call, "resolved");
    }

    private int reservationsOf(AgentAtWork agent, UUID call) {
        return jdbc.sql("SELECT count(*) FROM reservation WHERE call_id = :call AND agent_id = CAST(:agent AS uuid)")
                .param("call", call)
                .param("agent", agent.id())
                .query(Integer.class)
                .single();
    }
}
