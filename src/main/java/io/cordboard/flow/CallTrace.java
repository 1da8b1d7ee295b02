package io.cordboard.flow;

import io.cordboard.shared.CallId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.history.HistoricActivityInstance;
import org.camunda.bpm.engine.history.HistoricProcessInstance;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** The way of a call through its models: where it is and where it went. Reads only. */
@Service
public class CallTrace {

    private final HistoryService history;
    private final RuntimeService runtime;
    private final RepositoryService repository;

    CallTrace(HistoryService history, RuntimeService runtime, RepositoryService repository) {
        this.history = history;
        this.runtime = runtime;
        this.repository = repository;
    }

    /** Every passage through an element, in the order of their beginnings; empty when no process took up the call. */
    public List<Step> steps(CallId call) {
        List<Step> steps = new ArrayList<>();
        processes(call).forEach(process -> steps.addAll(steps(process)));
        steps.sort(Comparator.comparing(Step::startedAt));
        return steps;
    }

    /** The models the call runs through, the one that called first; each with the marks to draw on it. */
    public List<Diagram> diagrams(CallId call) {
        return processes(call).stream().map(this::diagram).toList();
    }

    private List<HistoricProcessInstance> processes(CallId call) {
        return history.createHistoricProcessInstanceQuery()
                .processInstanceBusinessKey(call.toString())
                .orderByProcessInstanceStartTime()
                .asc()
                .list();
    }

    private List<Step> steps(HistoricProcessInstance process) {
        return history
                .createHistoricActivityInstanceQuery()
                .processInstanceId(process.getId())
                .orderByHistoricActivityInstanceStartTime()
                .asc()
                .orderPartiallyByOccurrence()
                .asc()
                .list()
                .stream()
                .map(activity -> step(process, activity))
                .toList();
    }

    private static Step step(HistoricProcessInstance process, HistoricActivityInstance activity) {
        return new Step(
                process.getProcessDefinitionKey(),
                process.getId(),
                process.getProcessDefinitionId(),
                activity.getActivityId(),
                activity.getActivityName(),
                activity.getActivityType(),
                activity.getStartTime().toInstant(),
                instant(activity.getEndTime()),
                activity.isCanceled());
    }

    private Diagram diagram(HistoricProcessInstance process) {
        List<Step> steps = steps(process);
        return new Diagram(
                process.getId(),
                process.getSuperProcessInstanceId(),
                process.getProcessDefinitionKey(),
                process.getProcessDefinitionName() == null
                        ? process.getProcessDefinitionKey()
                        : process.getProcessDefinitionName(),
                process.getProcessDefinitionId(),
                model(process.getProcessDefinitionId()),
                steps.stream()
                        .filter(step -> step.endedAt() == null && !step.type().equals("subProcess"))
                        .map(Step::element)
                        .distinct()
                        .toList(),
                List.copyOf(visits(steps)),
                process.getEndTime() == null ? incidents(process.getId()) : List.of());
    }

    private static Collection<Visit> visits(List<Step> steps) {
        Map<String, Visit> visits = new LinkedHashMap<>();
        for (Step step : steps) {
            visits.merge(
                    step.element(),
                    new Visit(step.element(), 1, step.startedAt(), step.startedAt(), step.canceled()),
                    (before, now) -> new Visit(
                            before.element(), before.count() + 1, before.firstAt(), now.lastAt(), now.canceled()));
        }
        return visits.values();
    }

    private List<Incident> incidents(String process) {
        return runtime.createIncidentQuery().processInstanceId(process).list().stream()
                .map(incident -> new Incident(incident.getActivityId(), incident.getIncidentMessage()))
                .toList();
    }

    private String model(String definition) {
        try (InputStream xml = repository.getProcessModel(definition)) {
            return new String(xml.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable Instant instant(@Nullable Date date) {
        return date == null ? null : date.toInstant();
    }

    /**
     * One passage of the call through one element.
     *
     * @param process id of the model
     * @param element id of the element in it
     * @param name its label; null when it has none
     * @param type what kind of element, for example {@code userTask}
     * @param endedAt null while the call is there
     * @param canceled whether it was called off, for example by a timer
     */
    public record Step(
            String process,
            String processInstanceId,
            String definitionId,
            String element,
            @Nullable String name,
            String type,
            Instant startedAt,
            @Nullable Instant endedAt,
            boolean canceled) {}

    /**
     * One model with what the call did in it.
     *
     * @param parentInstanceId the instance that called this one; null for the first
     * @param bpmnXml the version of the model that this call runs on
     * @param active the elements where the call is now
     */
    public record Diagram(
            String processInstanceId,
            @Nullable String parentInstanceId,
            String process,
            String name,
            String definitionId,
            String bpmnXml,
            List<String> active,
            List<Visit> visited,
            List<Incident> incidents) {}

    /** @param canceled whether the last passage was called off */
    public record Visit(String element, int count, Instant firstAt, Instant lastAt, boolean canceled) {}

    /** Where the engine could not go on, and what it said. */
    public record Incident(@Nullable String element, @Nullable String message) {}
}
