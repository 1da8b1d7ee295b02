package io.cordboard.routing.process;

import io.cordboard.call.CallState;
import io.cordboard.call.CallerLine;
import io.cordboard.call.Calls;
import io.cordboard.call.Legs;
import io.cordboard.call.OpenCall;
import io.cordboard.events.EventLog;
import io.cordboard.flow.CallOf;
import io.cordboard.flow.Step;
import io.cordboard.flow.StepSettings;
import io.cordboard.routing.CallBackPromises;
import io.cordboard.telephony.MediaStep;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** Step {@code promiseCallBack}: the caller is hung up, keeps the place, and is called when it is their turn. */
@Component("promiseCallBack")
class PromiseCallBackStep implements Step {

    private final Calls calls;
    private final Legs legs;
    private final CallerLine line;
    private final CallBackPromises promises;
    private final StepSettings settings;
    private final EventLog log;

    PromiseCallBackStep(
            Calls calls, Legs legs, CallerLine line, CallBackPromises promises, StepSettings settings, EventLog log) {
        this.calls = calls;
        this.legs = legs;
        this.line = line;
        this.promises = promises;
        this.settings = settings;
        this.log = log;
    }

    @Override
    public Description description() {
        return new Description(
                "Promise call back",
                Kind.TASK,
                "The caller keeps the place in the queue, hears a goodbye and is hung up. The call goes on without them.",
                List.of(
                        Field.longText(
                                "text",
                                "Goodbye",
                                "Thank you. We will call you back. Goodbye.",
                                false,
                                "Spoken before the line is ended."),
                        Field.text("language", "Language", "", false, "For example en-US or de-DE.")),
                List.of());
    }

    @Override
    public void execute(DelegateExecution execution) {
        OpenCall call = calls.open(CallOf.execution(execution));
        call.stopAwaiting();
        if (call.state() == CallState.CALLING_CALLER
                && legs.open(call.id()).stream().anyMatch(leg -> leg.id().equals(call.callerLeg()))) {
            log.add("call_back.missed", call.id(), null, Map.of("outcome", "not_confirmed"));
        }
        Optional<String> goodbye = settings.text(execution, "text");
        if (call.state() == CallState.CALLING_CALLER && goodbye.isEmpty()) {
            line.hangUp(call, call.callerLeg()); // it may be ringing still
        } else {
            String language = settings.text(execution, "language").orElse(null);
            goodbye.ifPresent(text -> line.next(call, new MediaStep.Say(text, language)));
            line.next(call, new MediaStep.HangUp());
        }
        call.promiseCallBack();
        if (promises.promise(call.id())) {
            log.add("call_back.promised", call.id(), null, Map.of());
        }
    }
}
