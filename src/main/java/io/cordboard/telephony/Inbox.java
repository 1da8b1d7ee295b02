package io.cordboard.telephony;

import java.util.List;

/** Where the events of all carriers come in: each takes effect once, one event of a call at a time. */
public interface Inbox {

    /**
     * Takes an event. When this returns, the event is stored and will not be lost.
     *
     * @throws org.springframework.dao.DataAccessException when the database cannot be reached; the event was not taken
     */
    Receipt receive(CarrierEvent event);

    /**
     * @param steps what the leg shall do now; empty where the event asks for nothing. The same for a repeated event
     * @param state whether it had its effect
     */
    record Receipt(List<MediaStep> steps, State state) {}

    enum State {
        /** It had its effect now or earlier. */
        DONE,
        /** It came too early or failed, is kept and will be tried again. */
        KEPT
    }
}
