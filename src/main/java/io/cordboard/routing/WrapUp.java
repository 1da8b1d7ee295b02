package io.cordboard.routing;

import java.time.Duration;
import java.util.List;

/**
 * How an agent writes up after a talk.
 *
 * @param requested whether they asked for it during the talk
 * @param timeout how long they may; what happens then is up to the mode
 * @param limit how long at the very most, where nothing else ends it
 * @param dispositions what may have come of the call; empty for any word
 */
public record WrapUp(WrapUpMode mode, boolean requested, Duration timeout, Duration limit, List<String> dispositions) {

    /** Of a call that nobody had taken. */
    static final WrapUp NONE = new WrapUp(WrapUpMode.FORCED_TIMEOUT, false, Duration.ZERO, Duration.ZERO, List.of());
}
