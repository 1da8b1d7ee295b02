package io.cordboard.routing.process;

import static io.cordboard.routing.process.QueueReservationProcess.ASKING;
import static io.cordboard.routing.process.QueueReservationProcess.ENTRY;
import static io.cordboard.routing.process.QueueReservationProcess.EXIT;
import static io.cordboard.routing.process.QueueReservationProcess.OFFER_TAKEN;
import static io.cordboard.routing.process.QueueReservationProcess.QUEUES_TRIED;
import static io.cordboard.routing.process.QueueReservationProcess.QUEUE_NAME;
import static io.cordboard.routing.process.QueueReservationProcess.WAIT_TIMEOUT;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cordboard.call.CallState;
import io.cordboard.call.CallerLine;
import io.cordboard.call.Calls;
import io.cordboard.call.OpenCall;
import io.cordboard.flow.CallOf;
import io.cordboard.flow.Step;
import io.cordboard.flow.StepSettings;
import io.cordboard.flow.StepSettings.InvalidStepSetting;
import io.cordboard.routing.QueueEntries;
import io.cordboard.routing.QueueEntries.Entered;
import io.cordboard.routing.QueueEntries.Entry;
import io.cordboard.routing.QueueEntries.Unattended;
import io.cordboard.routing.QueueEntries.Wish;
import io.cordboard.telephony.MediaStep;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Step {@code enterQueue}: puts the caller into a queue, with music. */
@Component("enterQueue")
class EnterQueueStep implements Step {

    private static final int HIGHEST_PRIORITY = 1_000;

    private static final String OR_VARIABLE =
            " Empty: the variable of the same name, here or in the process that calls this one, if there is one.";

    private final Calls calls;
    private final QueueEntries entries;
    private final CallerLine line;
    private final StepSettings settings;
    private final ObjectMapper json;

    EnterQueueStep(Calls calls, QueueEntries entries, CallerLine line, StepSettings settings, ObjectMapper json) {
        this.calls = calls;
        this.entries = entries;
        this.line = line;
        this.settings = settings;
        this.json = json;
    }

    @Override
    public Description description() {
        return new Description(
                "Enter queue",
                Kind.TASK,
                "Puts the caller into the queue named by the variable queueName, unless the queue does not take them. The caller"
                        + " hears music.",
                List.of(
                        Field.text(
                                "priority",
                                "Priority",
                                "",
                                false,
                                "From -1000 to 1000, 0 if empty. A higher one is served first; what a point is worth in waiting time, the queue says."
                                        + OR_VARIABLE),
                        Field.text(
                                "waitFor",
                                "Wait for",
                                "",
                                false,
                                "ISO 8601, for example PT2M; the queue's maximum wait unless this is shorter."
                                        + OR_VARIABLE),
                        Field.text(
                                "skipIf",
                                "Do not wait if",
                                "",
                                false,
                                "no_agents (nobody on shift), unavailable (all away) or all_busy." + OR_VARIABLE),
                        Field.text(
                                "lastAgentWithin",
                                "Only the agent of last time",
                                "",
                                false,
                                "If the caller talked with one within this time, ISO 8601, for example P7D."
                                        + OR_VARIABLE)),
                List.of(
                        new Result(
                                ENTRY.name(),
                                "entered, unknown, full, no_agents, unavailable, all_busy or known_agent_away; or call_back when the"
                                        + " caller is in it again but not on the line"),
                        new Result(EXIT.name(), "the same when the caller was not let in"),
                        new Result(QUEUES_TRIED.name(), "how many queues did not bring an agent, this one included"),
                        new Result(ASKING.name(), "how many agents are asked at the same time"),
                        new Result(WAIT_TIMEOUT.name(), "how long the caller may wait")));
    }

    @Override
    public void execute(DelegateExecution execution) {
        OpenCall call = calls.open(CallOf.execution(execution));
        Wish wish = new Wish(
                QUEUE_NAME.in(execution),
                wanted(execution, "priority", EnterQueueStep::priority, "a whole number from -1000 to 1000")
                        .orElse(0),
                wanted(execution, "waitFor", Duration::parse, "a duration such as PT2M")
                        .orElse(null),
                wanted(execution, "skipIf", Unattended::of, "no_agents, unavailable or all_busy")
                        .orElse(null),
                wanted(execution, "lastAgentWithin", Duration::parse, "a duration such as P7D")
                        .orElse(null),
                facts(execution, call));
        Entered entered = call.customer()
                .map(customer -> entries.enter(call.id(), customer, wish))
                .orElse(Entered.NOWHERE);
        boolean toBeCalled = call.awaitsCallBack() && entered.entry() == Entry.ENTERED;
        ENTRY.set(execution, toBeCalled ? "call_back" : entered.entry().column());
        if (entered.entry() != Entry.ENTERED) {
            EXIT.set(execution, CallBackProcess.exit(call, entered.entry().column()));
            OFFER_TAKEN.set(execution, false);
            // A queue that nobody knows leaves no trace, and counts all the same: else it would be tried for ever.
            int before = variable(execution, QUEUES_TRIED.name())
                    .map(Integer::valueOf)
                    .orElse(0);
            QUEUES_TRIED.set(execution, Math.max(before + 1, entries.tried(call.id())));
            return;
        }
        ASKING.set(execution, entered.asking());
        WAIT_TIMEOUT.set(execution, entered.timeLeft().toString());
        if (toBeCalled) {
            call.becomes(CallState.AWAITING_CALL_BACK);
            return;
        }
        // Somebody whose agent did not pick up is still in the carrier's queue and goes on hearing its music.
        if (call.state() != CallState.CONNECTING) {
            line.next(call, new MediaStep.Enqueue(call.id(), wish.queue()));
        }
        call.becomes(CallState.WAITING);
    }

    /** What the field says, or the variable of its name. */
    private <T> Optional<T> wanted(DelegateExecution execution, String field, Function<String, T> read, String right) {
        Optional<String> text = settings.text(execution, field).or(() -> variable(execution, field));
        try {
            return text.map(String::strip).map(read);
        } catch (IllegalArgumentException | DateTimeException wrong) {
            throw new InvalidStepSetting("The step '" + execution.getCurrentActivityId() + "' has '" + text.orElse("")
                    + "' as its " + field + ": it has to be " + right + ".");
        }
    }

    private static int priority(String text) {
        int priority = Integer.parseInt(text);
        if (Math.abs(priority) > HIGHEST_PRIORITY) {
            throw new IllegalArgumentException(text);
        }
        return priority;
    }

    private static Optional<String> variable(@Nullable DelegateExecution flow, String name) {
        if (flow == null) {
            return Optional.empty();
        }
        return Optional.ofNullable(flow.getVariable(name))
                .map(Object::toString)
                .filter(value -> !value.isBlank())
                .or(() -> variable(flow.getProcessInstance().getSuperExecution(), name));
    }

    /** What the flow knows of the call: its plain variables, and both numbers. */
    private String facts(DelegateExecution execution, OpenCall call) {
        Map<String, Object> facts = new TreeMap<>();
        execution.getVariables().forEach((name, value) -> {
            if (value instanceof String || value instanceof Number || value instanceof Boolean) {
                facts.put(name, value);
            }
        });
        facts.put("from", call.from());
        facts.put("to", call.to());
        try {
            return json.writeValueAsString(facts);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Text, numbers and yes or no are always JSON.", e);
        }
    }
}
