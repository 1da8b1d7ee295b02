package io.cordboard.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cordboard.testing.AgentAtWork;
import io.cordboard.testing.Caller;
import io.cordboard.testing.ScenarioTest;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Agents whose page is open, dies, and comes back. */
class PresenceScenarioTests extends ScenarioTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @AfterEach
    void everybodyWorksWithoutAPage() {
        charles.http().delete("/v1/agents/" + charles.id() + "/presence");
        edith.http().delete("/v1/agents/" + edith.id() + "/presence");
    }

    private static void beats(AgentAtWork agent) {
        agent.http().put("/v1/agents/" + agent.id() + "/presence", "").ok();
    }

    /** Brings the end of the lease forward, as if the page had been silent for so long. */
    private void hasBeenSilentFor(AgentAtWork agent, Duration silence) {
        await("the beat of " + agent.username() + " counts")
                .atMost(PATIENCE)
                .until(() -> jdbc.sql(
                                        """
                                UPDATE agent SET present_until = present_until - :silence * interval '1 second'
                                 WHERE id = CAST(:id AS uuid) AND present_until > now()""")
                                .param("silence", silence.toSeconds())
                                .param("id", agent.id())
                                .update()
                        == 1);
    }

    private String reason(AgentAtWork agent) {
        return agent.http()
                .get("/v1/agents/" + agent.id())
                .ok()
                .path("status_reason")
                .asText();
    }

    /** A page that dies gets no new offers, and comes back to what its agent had chosen. */
    @Test
    void whoseBrowserDiesIsAskedNoMoreUntilItIsBack() {
        beats(charles);
        charles.is("available");
        hasBeenSilentFor(charles, Presence.LEASE.plusSeconds(1));
        edith.is("available");

        someoneDials(NUMBER, "press 1");
        edith.isOfferedACall();
        assertThat(charles.pending()).isEmpty();

        hasNotComeBackInTime(charles);
        assertThat(reason(charles)).isEqualTo("connectionLost");

        beats(charles);
        await().atMost(PATIENCE).until(() -> charles.status().equals("available"));
        assertThat(reason(charles)).isEmpty();
        someoneDials(NUMBER, "press 1");
        charles.isOfferedACall();
    }

    private void hasNotComeBackInTime(AgentAtWork agent) {
        jdbc.sql(
                        """
                        UPDATE agent SET present_until = now() - interval '1 minute' WHERE id = CAST(:id AS uuid)""")
                .param("id", agent.id())
                .update();
        await().atMost(PATIENCE).until(() -> agent.status().equals("away"));
    }

    /** The caller waits, and is put through as soon as the page is back. */
    @Test
    void aWaitingCallerIsPutThroughWhenThePageIsBack() {
        beats(charles);
        charles.is("available");
        hasBeenSilentFor(charles, Presence.LEASE.plusSeconds(1));
        someoneDials(NUMBER, "press 1");
        hasNotComeBackInTime(charles);

        beats(charles);

        charles.isOfferedACall();
    }

    /** A call does not end with the browser; after it nobody is put through to an empty chair. */
    @Test
    void aCallGoesOnWithoutItsPage() {
        beats(charles);
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        String call = charles.takesTheNextCall();
        caller.talks();

        hasBeenSilentFor(charles, Duration.ofMinutes(1));
        await().atMost(PATIENCE).until(() -> charles.http()
                .get("/v1/agents/" + charles.id())
                .ok()
                .get("chosen_status")
                .asText()
                .equals("away"));

        assertThat(charles.status()).isEqualTo("busy");
        assertThat(charles.http().get("/v1/calls/" + call).ok().get("state").asText())
                .isEqualTo("talking");
        charles.ends(call);
        charles.wrapsUp(call, "resolved");
        assertThat(charles.status()).isEqualTo("away");
    }

    /** An agent is never stuck: who chooses to be available in Tasklist or by a program needs no page for it. */
    @Test
    void whoChoosesAnewWorksWithoutThePageThatDied() {
        beats(charles);
        charles.is("available");
        hasBeenSilentFor(charles, Presence.LEASE.plusSeconds(1));
        charles.is("available");

        someoneDials(NUMBER, "press 1");

        charles.isOfferedACall();
    }

    @Test
    void nobodyTellsItOfAColleague() {
        charles.http().put("/v1/agents/" + edith.id() + "/presence", "").refusal(403);
        charles.http().delete("/v1/agents/" + edith.id() + "/presence").refusal(403);
    }
}
