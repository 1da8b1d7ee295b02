package io.cordboard.conversation.process;

import io.cordboard.call.CallState;
import io.cordboard.call.CallerLine;
import io.cordboard.call.Calls;
import io.cordboard.call.Hold;
import io.cordboard.call.OpenCall;
import io.cordboard.customer.Account;
import io.cordboard.shared.CallId;
import io.cordboard.telephony.CarrierCommand;
import java.time.Clock;
import java.util.Objects;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The caller of a talk hears music and is heard by nobody until they are taken off hold. No model knows of it, and the talk
 * ends as it does without: with a hang-up of either side, or by the agent.
 */
@Service
public class HoldCaller {

    private final Calls calls;
    private final CallerLine line;
    private final Clock clock;
    private final TransactionTemplate transaction;

    HoldCaller(Calls calls, CallerLine line, Clock clock, TransactionTemplate transaction) {
        this.calls = calls;
        this.line = line;
        this.clock = clock;
        this.transaction = transaction;
    }

    /** A second time changes nothing. */
    public Outcome hold(CallId call, Account me) {
        return change(call, me, true);
    }

    /** The two hear each other again. A second time changes nothing. */
    public Outcome resume(CallId call, Account me) {
        return change(call, me, false);
    }

    private Outcome change(CallId id, Account me, boolean on) {
        return Objects.requireNonNull(transaction.execute(status -> calls.find(id)
                .filter(call -> HandleCall.mayHandle(call, me))
                .<Outcome>map(call -> change(call, on))
                .orElseGet(NotYours::new)));
    }

    private Outcome change(OpenCall call, boolean on) {
        if (call.over() || call.state() != CallState.TALKING) {
            return new NotNow(call.state(), call.over());
        }
        if (call.hold().wanted() != on) {
            call.onHold(call.hold().want(on, clock.instant()));
            line.command(
                    call,
                    new CarrierCommand.Hold(
                            call.id(), call.callerLeg(), on, call.hold().number()));
        }
        return new Now(call.state(), call.hold());
    }

    /** What came of it. */
    public sealed interface Outcome permits Now, NotNow, NotYours {}

    /** @param hold as it is now; the carrier has not done it yet */
    public record Now(CallState state, Hold hold) implements Outcome {}

    /**
     * @param state what the call is doing instead
     * @param callerGone whether the caller has hung up
     */
    public record NotNow(CallState state, boolean callerGone) implements Outcome {}

    /** There is no such call, or it is not this person's. */
    public record NotYours() implements Outcome {}
}
