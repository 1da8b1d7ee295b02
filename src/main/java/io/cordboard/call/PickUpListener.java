package io.cordboard.call;

import io.cordboard.call.Legs.Leg;
import java.util.Set;

/** Learns that a phone we dialled is picked up while the call is in certain states, and says what it hears. */
public interface PickUpListener {

    Set<CallState> during();

    /** @param leg live from now on, and of no listener */
    void pickedUp(OpenCall call, Leg leg);
}
