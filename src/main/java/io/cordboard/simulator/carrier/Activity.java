package io.cordboard.simulator.carrier;

import java.util.List;

/** What a call is busy with between two verbs: it reacts to the person on the phone and can be broken off. */
interface Activity {

    /** Why an activity is broken off. */
    enum Stop {
        /** The call is over. */
        HANGUP,
        /** A REST command gave the call other TwiML. */
        REDIRECTED
    }

    /** One word for the test phone: gathering, queued, conference … */
    String where();

    /** Whether keys or speech do something just now. */
    default boolean listens() {
        return false;
    }

    /** @return whether anybody took notice */
    default boolean press(char key) {
        return false;
    }

    /** @return whether anybody took notice */
    default boolean speak(String text) {
        return false;
    }

    /** Addresses of the people on the other end who can hear this one. */
    default List<String> talkingWith() {
        return List.of();
    }

    void stop(Stop why);
}
