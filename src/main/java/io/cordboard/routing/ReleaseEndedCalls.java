package io.cordboard.routing;

import io.cordboard.call.CallEnded;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** A call that is over holds no agent and no place in a queue, whatever its flow was doing. */
@Component
class ReleaseEndedCalls {

    private final Reservations reservations;

    ReleaseEndedCalls(Reservations reservations) {
        this.reservations = reservations;
    }

    @EventListener
    void on(CallEnded event) {
        reservations.releaseAll(event.call().id());
    }
}
