package io.cordboard.conversation.process;

import java.util.List;
import org.camunda.bpm.engine.BadUserRequestException;

/** A disposition that the call's queue does not know: the wrap-up is not complete. Tasklist shows the message. */
class UnknownDispositionException extends BadUserRequestException {

    private final List<String> allowed;

    UnknownDispositionException(String disposition, List<String> allowed) {
        super("The queue does not know the disposition '" + disposition + "'. Use one of these: "
                + String.join(", ", allowed) + ".");
        this.allowed = List.copyOf(allowed);
    }

    List<String> allowed() {
        return allowed;
    }
}
