package io.cordboard.routing;

import io.cordboard.shared.AgentId;
import io.cordboard.shared.CustomerId;
import io.cordboard.shared.ReservationId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A call held for an agent, who is asked now or has taken it.
 *
 * @param timeout how long the agent may think
 * @param waited how long the caller has been waiting
 * @param severalAsked whether the queue may ask others at the same time
 * @param accepted whether the queue needs no answer of the agent
 * @param execution what waits for an agent in the flow; null when the flow itself looked for one
 * @param callback whose server is asked as well what becomes of the offer; null when none is
 */
public record Offer(
        ReservationId reservation,
        AgentId agent,
        String username,
        Duration timeout,
        Duration waited,
        boolean severalAsked,
        boolean accepted,
        @Nullable String execution,
        @Nullable CustomerId callback) {}
