package io.cordboard.routing.process;

import static io.cordboard.routing.process.QueueReservationProcess.SEARCH;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cordboard.call.Calls;
import io.cordboard.call.OpenCall;
import io.cordboard.flow.Variable;
import io.cordboard.routing.Announcements;
import io.cordboard.routing.QueueEntries;
import io.cordboard.telephony.CallLocks.LockedCall;
import io.cordboard.telephony.CarrierEvent.KeyPressed;
import io.cordboard.telephony.CarrierEventHandler;
import java.util.Map;
import java.util.Optional;
import org.camunda.bpm.engine.RuntimeService;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** A key pressed while waiting continues the step that waits; one that comes when the flow has moved on changes nothing. */
@Component
class KeysWhileWaiting implements CarrierEventHandler<KeyPressed> {

    private static final Variable<String> DIGITS = Variable.text("digits").transientOnly();

    private final Calls calls;
    private final QueueEntries entries;
    private final RuntimeService runtime;
    private final ObjectMapper json;

    KeysWhileWaiting(Calls calls, QueueEntries entries, RuntimeService runtime, ObjectMapper json) {
        this.calls = calls;
        this.entries = entries;
        this.runtime = runtime;
        this.json = json;
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
        if (event.digits().isEmpty()) {
            return Result.DONE;
        }
        OpenCall call = calls.open(locked.call());
        entries.hold(call.id())
                .flatMap(hold -> meaning(Announcements.read(json, hold), event.digits()))
                .ifPresent(meaning -> call.answer(event.token()).ifPresent(execution -> {
                    entries.stopWaiting(call.id());
                    runtime.signal(
                            execution, null, null, Map.ofEntries(SEARCH.with(meaning), DIGITS.with(event.digits())));
                }));
        return Result.DONE;
    }

    /** Empty when the key means nothing: the caller waits on. */
    private static Optional<String> meaning(Announcements hold, String digits) {
        if (hold.callBack() != null && digits.equals(hold.callBackKey())) {
            return Optional.of("call_back");
        }
        return hold.keys() ? Optional.of("key") : Optional.empty();
    }
}
