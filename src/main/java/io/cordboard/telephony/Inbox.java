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
     * Takes an event that asks for no reply, also while the database cannot be reached: then it is kept in a local file
     * and has its effect, in order, when the database is back. When this returns, the event will not be lost.
     *
     * @throws org.springframework.dao.DataAccessException when it could not be kept in the file either
     */
    void receiveOrSpool(CarrierEvent event);

    /**
     * @param steps what the leg shall do now; empty where the event asks for nothing, and where it is kept for later: then
     *     the adapter holds the line by its own means and a {@link CarrierCommand.Perform} follows. The same for a
     *     repeated event
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
