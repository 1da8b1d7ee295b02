package io.cordboard.call;

import io.cordboard.shared.LegId;

/** Learns what was answered on an agent's phone to a question of {@link Legs#ask}. */
public interface AgentAnswers {

    /**
     * Also told when the answer comes too late. What the phone hears next is up to this.
     *
     * @param token the question's
     * @param digits the keys pressed; empty when none
     */
    void answered(OpenCall call, LegId leg, String token, String digits);
}
