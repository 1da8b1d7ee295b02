package io.cordboard.call;

import io.cordboard.shared.AgentId;
import io.cordboard.shared.LegId;
import io.cordboard.telephony.CarrierEvent.LegEnd;
import java.util.Set;

/**
 * Learns that a leg is over while the call is in certain states. Where no module listens, the caller's hang-up ends the
 * call's process, whatever it waits for.
 */
public interface LegEndListener {

    Set<CallState> during();

    /**
     * The caller is gone, or, in a call that {@linkplain OpenCall#awaitsCallBack awaits a call back}, was not reached.
     *
     * @return false to let the hang-up end the call's process
     */
    boolean callerGone(OpenCall call, LegEnd how);

    /** A leg to an agent is over. */
    default void agentLegOver(OpenCall call, LegId leg, AgentId agent, LegEnd how) {}

    /** A leg to somebody outside, whom we dialled, is over. */
    default void externalLegOver(OpenCall call, LegId leg, LegEnd how) {}
}
