package io.cordboard.routing.process;

import static io.cordboard.routing.process.QueueReservationProcess.SEARCH;

import io.cordboard.call.Calls;
import io.cordboard.flow.Variable;
import io.cordboard.telephony.CallLocks.LockedCall;
import io.cordboard.telephony.CarrierEvent.KeyPressed;
import io.cordboard.telephony.CarrierEventHandler;
import java.util.Map;
import org.camunda.bpm.engine.RuntimeService;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** A key pressed while waiting continues the step that waits; one that comes when the flow has moved on changes nothing. */
@Component
class KeysWhileWaiting implements CarrierEventHandler<KeyPressed> {

    private static final Variable<String> DIGITS = Variable.text("digits").transientOnly();

    private final Calls calls;
    private final RuntimeService runtime;

    KeysWhileWaiting(Calls calls, RuntimeService runtime) {
        this.calls = calls;
        this.runtime = runtime;
    }

    @Override
    public Class<KeyPressed> kind() {
        return KeyPressed.class;
    }

    @Override
    public Result handle(KeyPressed event, @Nullable LockedCall locked) {
        if (locked == null) {
            return Result.EARLY;
        }
        if (!event.digits().isEmpty()) {
            calls.open(locked.call())
                    .answer(event.token())
                    .ifPresent(execution -> runtime.signal(
                            execution, null, null, Map.ofEntries(SEARCH.with("key"), DIGITS.with(event.digits()))));
        }
        return Result.DONE;
    }
}
