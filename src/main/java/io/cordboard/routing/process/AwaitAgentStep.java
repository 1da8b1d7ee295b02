package io.cordboard.routing.process;

import static io.cordboard.routing.process.QueueReservationProcess.QUEUE_NAME;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cordboard.call.CallerLine;
import io.cordboard.call.Calls;
import io.cordboard.call.OpenCall;
import io.cordboard.flow.CallOf;
import io.cordboard.flow.Step;
import io.cordboard.flow.StepSettings;
import io.cordboard.routing.Announcements;
import io.cordboard.routing.QueueEntries;
import io.cordboard.routing.QueueEntries.Heard;
import io.cordboard.shared.CallId;
import io.cordboard.shared.PhoneNumbers;
import io.cordboard.telephony.MediaStep;
import java.time.Duration;
import java.util.List;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Step {@code awaitAgent}: the caller waits until the matcher finds an agent. */
@Component("awaitAgent")
class AwaitAgentStep implements Step {

    private final Calls calls;
    private final QueueEntries entries;
    private final Matcher matcher;
    private final CallerLine line;
    private final StepSettings settings;
    private final ObjectMapper json;

    AwaitAgentStep(
            Calls calls,
            QueueEntries entries,
            Matcher matcher,
            CallerLine line,
            StepSettings settings,
            ObjectMapper json) {
        this.calls = calls;
        this.entries = entries;
        this.matcher = matcher;
        this.line = line;
        this.settings = settings;
        this.json = json;
    }

    @Override
    public Description description() {
        return new Description(
                "Wait for an agent",
                Kind.WAIT,
                "The caller waits until an agent with the skills of the queue is free, and hears music and, if wanted, how it"
                        + " stands.",
                List.of(
                        Field.longText(
                                "position",
                                "Place in the queue",
                                "",
                                false,
                                "For example: You are number {position} in line. Empty: not said."),
                        Field.number(
                                "positionUpTo",
                                "Say the place up to",
                                "0",
                                "Places behind it are not said; 0 for all."),
                        Field.longText(
                                "positionBeyond",
                                "Said behind that",
                                "",
                                false,
                                "For example: There are more than {limit} callers before you. Empty: nothing."),
                        Field.longText(
                                "estimate",
                                "Estimated wait",
                                "",
                                false,
                                "For example: It will take about {minutes} minutes. Empty: not said; nor as long as nothing is known."),
                        Field.yesNo(
                                "estimateOnce", "Estimate only once", false, "Not repeated while the caller waits."),
                        Field.longText(
                                "message",
                                "Message",
                                "",
                                false,
                                "Said each time, for example: Press star to leave a message."),
                        Field.duration(
                                "every",
                                "Pause between announcements",
                                "PT45S",
                                "ISO 8601; music plays meanwhile and is not cut. At least PT10S."),
                        Field.yesNo("keys", "A key ends the wait", false, "The key comes back in the variable digits."),
                        Field.longText(
                                "callBack",
                                "Offer to be called back",
                                "Press 1 to be called back. You keep your place.",
                                false,
                                "Said each time in queues that call back, to callers whose number is known. Empty: not offered."),
                        Field.text("callBackKey", "Key for it", "1", false, "Takes up the offer."),
                        Field.text("language", "Language", "", false, "For example en-US or de-DE.")),
                List.of(
                        new Result(
                                "search",
                                "found; key; call_back when the caller took up the offer; or no_agents or unavailable when the queue lets nobody wait on for that"),
                        new Result("digits", "the key that ended the wait"),
                        new Result("agentUsername", "who is asked")));
    }

    @Override
    public void execute(DelegateExecution execution) {
        CallId call = CallOf.execution(execution);
        OpenCall open = calls.open(call);
        Announcements offering = hold(execution, PhoneNumbers.canBeCalled(open.from()));
        Announcements plain = offering.withoutCallBack();
        Heard heard = entries.await(call, execution.getId(), text(plain), text(offering));
        if (heard.hold() != null) {
            if (offering.listens()) {
                open.awaitAnswer(execution.getId());
            }
            if (heard.changed()) {
                line.next(open, new MediaStep.Enqueue(call, QUEUE_NAME.in(execution), true));
            }
        }
        matcher.matchAfterCommit();
    }

    private Announcements hold(DelegateExecution execution, boolean reachable) {
        Duration every = settings.duration(execution, "every", Duration.ofSeconds(45));
        return new Announcements(
                settings.text(execution, "position").orElse(null),
                settings.number(execution, "positionUpTo", 0),
                settings.text(execution, "positionBeyond").orElse(null),
                settings.text(execution, "estimate").orElse(null),
                settings.yesNo(execution, "estimateOnce", false),
                settings.text(execution, "message").orElse(null),
                Math.max(every.toSeconds(), Announcements.SHORTEST_PAUSE.toSeconds()),
                settings.yesNo(execution, "keys", false),
                settings.text(execution, "callBack").filter(offer -> reachable).orElse(null),
                settings.text(execution, "callBackKey").orElse("1"),
                settings.text(execution, "language").orElse(null));
    }

    private @Nullable String text(Announcements hold) {
        try {
            return hold.silent() ? null : json.writeValueAsString(hold);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Texts and numbers are always JSON.", e);
        }
    }
}
