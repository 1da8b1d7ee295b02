package io.cordboard.events;

import io.cordboard.customer.Account;
import java.util.function.Consumer;

/**
 * Figures that can be watched on the live feed beside events. They are in no log: who comes back is told all of them anew.
 */
public interface LiveFigures {

    /** What somebody asks for to be told them, for example {@code queues}. */
    String name();

    /** The type of their messages, for example {@code queue.statistics}. */
    String type();

    /**
     * Somebody begins to watch, and is told first everything they may know, then what has changed.
     *
     * @param to given one JSON object after the other, on a thread that must not be held up
     * @return ends it
     */
    Runnable watch(Account who, Consumer<String> to);
}
