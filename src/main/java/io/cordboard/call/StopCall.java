package io.cordboard.call;

/** Ends a call from outside its model: the last resort for a flow that cannot go on by itself. */
public interface StopCall {

    /**
     * The call's process is stopped where it is, lines are hung up, and whoever is held for the call is free. Also for a
     * call whose process is gone.
     *
     * @param reason why, unless the call has a reason already; camelCase as the names of end events
     */
    void stop(OpenCall call, String reason);
}
