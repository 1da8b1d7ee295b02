package io.cordboard.telephony;

import io.cordboard.shared.CallId;
import io.cordboard.shared.LegId;
import java.util.List;

/**
 * Says what a leg does when its steps are over and none of them {@link MediaStep#holdsTheLine() holds the line}: a
 * carrier would hang up. A module may provide one bean of this type; without it a leg whose call or which itself is over
 * is hung up, and any other one waits with music.
 */
public interface LineEnd {

    /** Asked in the transaction that gave the steps, after its changes to the call. The last step holds the line. */
    List<MediaStep> after(CallId call, LegId leg);
}
