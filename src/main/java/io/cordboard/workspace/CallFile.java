package io.cordboard.workspace;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.cordboard.customer.Account;
import io.cordboard.flow.CallTrace;
import io.cordboard.shared.CallId;
import io.cordboard.workspace.CallReader.CallSummary;
import io.cordboard.workspace.CallReader.Event;
import io.cordboard.workspace.CallReader.Leg;
import io.cordboard.workspace.CallReader.Listener;
import io.cordboard.workspace.CallReader.Note;
import io.cordboard.workspace.CallReader.Reservation;
import io.cordboard.workspace.CallReader.Voicemail;
import io.cordboard.workspace.CallReader.WrapUp;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Everything that is known about one call: the facts of the tables and its way through the models. */
@Service
public class CallFile {

    private final CallReader reader;
    private final CallTrace trace;

    CallFile(CallReader reader, CallTrace trace) {
        this.reader = reader;
        this.trace = trace;
    }

    /** Empty when there is no such call or this person may not see it. */
    public Optional<Call> find(UUID id, Account me) {
        return reader.find(id, me)
                .map(summary -> new Call(
                        summary,
                        reader.legs(id, me),
                        reader.listeners(id, me),
                        trace.steps(new CallId(id)).stream().map(Step::of).toList(),
                        reader.reservations(id),
                        reader.wrapUp(id),
                        reader.events(id, me),
                        reader.notes(id),
                        reader.voicemails(id)));
    }

    /**
     * Calls of a list, with parts of their files.
     *
     * @param calls those that this person may see
     */
    public List<Listed> listed(List<CallSummary> calls, Account me, Set<Part> parts) {
        List<UUID> ids = calls.stream().map(CallSummary::id).toList();
        Map<UUID, List<Leg>> legs = parts.contains(Part.LEGS) ? reader.legs(ids, me) : null;
        Map<UUID, List<Reservation>> reservations = parts.contains(Part.RESERVATIONS) ? reader.reservations(ids) : null;
        return calls.stream()
                .map(call -> new Listed(
                        call,
                        legs == null ? null : legs.getOrDefault(call.id(), List.of()),
                        reservations == null ? null : reservations.getOrDefault(call.id(), List.of())))
                .toList();
    }

    /** Empty when there is no such call or this person may not see it. */
    public Optional<List<Diagram>> diagrams(UUID id, Account me) {
        return reader.find(id, me)
                .map(summary ->
                        trace.diagrams(new CallId(id)).stream().map(Diagram::of).toList());
    }

    /**
     * One call.
     *
     * @param listeners supervisors who listened; missing for agents
     * @param steps every passage through an element of a model, in order
     * @param reservations everybody who was asked, in order, whatever became of it
     * @param wrapUp missing while no agent has taken the call
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Call(
            @JsonUnwrapped CallSummary summary,
            List<Leg> legs,
            @Nullable List<Listener> listeners,
            List<Step> steps,
            List<Reservation> reservations,
            @Nullable WrapUp wrapUp,
            List<Event> events,
            List<Note> notes,
            List<Voicemail> voicemails) {}

    /** What a list of calls can tell of each of them. */
    public enum Part {
        LEGS,
        RESERVATIONS;

        /** As the API has it. */
        public String column() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A call in a list.
     *
     * @param legs its lines; missing unless asked for
     * @param reservations everybody who was asked to take it; missing unless asked for
     */
    @Schema(name = "ListedCall")
    @JsonNaming(SnakeCaseStrategy.class)
    public record Listed(
            @JsonUnwrapped CallSummary summary, @Nullable List<Leg> legs, @Nullable List<Reservation> reservations) {}

    /** One passage through one element. */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Step(
            String process,
            String processInstanceId,
            String definitionId,
            String element,
            @Nullable String name,
            String type,
            Instant startedAt,
            @Nullable Instant endedAt,
            boolean canceled) {

        static Step of(CallTrace.Step step) {
            return new Step(
                    step.process(),
                    step.processInstanceId(),
                    step.definitionId(),
                    step.element(),
                    step.name(),
                    step.type(),
                    step.startedAt(),
                    step.endedAt(),
                    step.canceled());
        }
    }

    /**
     * A model the call runs through.
     *
     * @param parentInstanceId the instance that called this one
     * @param active the elements where the call is now
     * @param incidents where the engine could not go on
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Diagram(
            String processInstanceId,
            @Nullable String parentInstanceId,
            String process,
            String name,
            String definitionId,
            String bpmnXml,
            List<String> active,
            List<Visit> visited,
            List<Incident> incidents) {

        static Diagram of(CallTrace.Diagram diagram) {
            return new Diagram(
                    diagram.processInstanceId(),
                    diagram.parentInstanceId(),
                    diagram.process(),
                    diagram.name(),
                    diagram.definitionId(),
                    diagram.bpmnXml(),
                    diagram.active(),
                    diagram.visited().stream()
                            .map(visit -> new Visit(
                                    visit.element(), visit.count(), visit.firstAt(), visit.lastAt(), visit.canceled()))
                            .toList(),
                    diagram.incidents().stream()
                            .map(incident -> new Incident(incident.element(), incident.message()))
                            .toList());
        }
    }

    /** @param canceled whether the last passage was called off */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Visit(String element, int count, Instant firstAt, Instant lastAt, boolean canceled) {}

    /** Where the engine could not go on, and what it said. */
    public record Incident(@Nullable String element, @Nullable String message) {}
}
