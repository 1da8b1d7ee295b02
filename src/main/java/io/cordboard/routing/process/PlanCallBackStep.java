package io.cordboard.routing.process;

import static io.cordboard.routing.process.CallBackProcess.CALLED_AGAIN;
import static io.cordboard.routing.process.CallBackProcess.CALL_BACK_IN;
import static io.cordboard.routing.process.CallBackProcess.ENDED;
import static io.cordboard.routing.process.CallBackProcess.FAILED;
import static io.cordboard.routing.process.CallBackProcess.GOES_ON;
import static io.cordboard.routing.process.CallBackProcess.PLAN;
import static io.cordboard.routing.process.CallBackProcess.TURN_TIMEOUT;

import io.cordboard.call.Calls;
import io.cordboard.call.OpenCall;
import io.cordboard.flow.CallOf;
import io.cordboard.flow.Step;
import io.cordboard.routing.CallBackPromises;
import io.cordboard.routing.CallBackPromises.Plan;
import java.util.List;
import java.util.Locale;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** Step {@code planCallBack}: says whether the caller may be called now, later or not any more. */
@Component("planCallBack")
class PlanCallBackStep implements Step {

    private final Calls calls;
    private final CallBackPromises promises;

    PlanCallBackStep(Calls calls, CallBackPromises promises) {
        this.calls = calls;
        this.promises = promises;
    }

    @Override
    public Description description() {
        return new Description(
                "Plan call back",
                Kind.TASK,
                "Says when the caller may be called next, by the queue's hours, pauses and attempts.",
                List.of(),
                List.of(
                        new Result(
                                PLAN.name(),
                                "unpromised before the caller has confirmed; now, later, over; or called_again when they did not wait for us"),
                        new Result(
                                ENDED.name(),
                                "goes_on, or why the caller leaves the queue: call_back_failed or called_again"),
                        new Result(CALL_BACK_IN.name(), "how long until then"),
                        new Result(TURN_TIMEOUT.name(), "how long they may be called from now on")));
    }

    @Override
    public void execute(DelegateExecution execution) {
        OpenCall call = calls.open(CallOf.execution(execution));
        if (!call.awaitsCallBack()) {
            PLAN.set(execution, "unpromised");
            ENDED.set(execution, GOES_ON);
            return;
        }
        Plan plan = promises.plan(call.id());
        call.promiseCallBack();
        ENDED.set(
                execution,
                switch (plan.when()) {
                    case NOW, LATER -> GOES_ON;
                    case OVER -> FAILED;
                    case CALLED_AGAIN -> CALLED_AGAIN;
                });
        PLAN.set(execution, plan.when().name().toLowerCase(Locale.ROOT));
        CALL_BACK_IN.set(execution, plan.span().toString());
        TURN_TIMEOUT.set(execution, plan.span().toString());
    }
}
