package io.cordboard.call;

/** Ends a call from outside its model. */
public interface StopCall {

    /**
     * The call takes its model's way out for a caller who is gone; where the model draws none, its process is stopped. At
     * its end lines are hung up, and whoever is held for the call is free.
     *
     * @param reason why, unless the call has a reason already; camelCase as the names of end events
     */
    void abandon(OpenCall call, String reason);

    /**
     * The last resort for a flow that cannot go on by itself: the call's process is stopped where it is, lines are hung up,
     * and whoever is held for the call is free. Also for a call whose process is gone.
     *
     * @param reason why, unless the call has a reason already; camelCase as the names of end events
     */
    void stop(OpenCall call, String reason);
}
