package io.cordboard.flow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
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
import org.camunda.bpm.engine.history.HistoricProcessInstance;
import org.camunda.bpm.engine.impl.persistence.entity.HistoricActivityInstanceEntity;
import org.camunda.bpm.model.xml.instance.ModelElementInstance;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** The way of a call through its models: where it is and where it went. Reads only. */
@Service
public class CallTrace {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Comparator<Ordered> IN_ORDER =
            Comparator.comparing((Ordered it) -> it.step.startedAt()).thenComparing(Ordered::position);

    private final HistoryService history;
    private final RuntimeService runtime;
    private final RepositoryService repository;
    private final JdbcClient jdbc;

    CallTrace(HistoryService history, RuntimeService runtime, RepositoryService repository, JdbcClient jdbc) {
        this.history = history;
        this.runtime = runtime;
        this.repository = repository;
        this.jdbc = jdbc;
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

    /** Where the call waited comes from the engine's history, what it passed in between from our own. */
    private List<Step> steps(HistoricProcessInstance process) {
        List<Ordered> steps = new ArrayList<>();
        history.createHistoricActivityInstanceQuery().processInstanceId(process.getId()).list().stream()
                .map(activity -> waited(process, (HistoricActivityInstanceEntity) activity))
                .forEach(steps::add);
        passages(process).forEach(passage -> steps.add(passed(process, passage)));
        return steps.stream().sorted(IN_ORDER).map(Ordered::step).toList();
    }

    private static Ordered waited(HistoricProcessInstance process, HistoricActivityInstanceEntity activity) {
        return new Ordered(
                step(
                        process,
                        activity.getActivityId(),
                        activity.getActivityName(),
                        activity.getActivityType(),
                        activity.getStartTime().toInstant(),
                        instant(activity.getEndTime()),
                        activity.isCanceled()),
                activity.getSequenceCounter());
    }

    /** As {@code db/engine.sql} describes the table; the time in a passage made absolute. */
    private List<JsonNode> passages(HistoricProcessInstance process) {
        List<JsonNode> found = new ArrayList<>();
        for (String text : jdbc.sql("SELECT passages FROM cordboard_passage WHERE root_instance_id = :root")
                .param("root", process.getRootProcessInstanceId())
                .query(String.class)
                .list()) {
            for (JsonNode instance : read(text)) {
                for (int i = 2; i < instance.size() && instance.get(0).asText().equals(process.getId()); i++) {
                    ArrayNode passage = (ArrayNode) instance.get(i);
                    found.add(passage.set(
                            1, instance.get(1).asLong() + passage.get(1).asLong()));
                }
            }
        }
        return found;
    }

    private static JsonNode read(String passages) {
        try {
            return JSON.readTree(passages);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("What a call passed cannot be read", e);
        }
    }

    private Ordered passed(HistoricProcessInstance process, JsonNode passage) {
        String element = passage.get(0).asText();
        ModelElementInstance drawn = repository
                .getBpmnModelInstance(process.getProcessDefinitionId())
                .getModelElementById(element);
        Instant at = Instant.ofEpochMilli(passage.get(1).asLong());
        return new Ordered(
                step(
                        process,
                        element,
                        drawn.getAttributeValue("name"),
                        drawn.getElementType().getTypeName(),
                        at,
                        at,
                        passage.path(3).asInt() == 1),
                passage.get(2).asLong());
    }

    private static Step step(
            HistoricProcessInstance process,
            String element,
            @Nullable String name,
            String type,
            Instant from,
            @Nullable Instant to,
            boolean canceled) {
        return new Step(
                process.getProcessDefinitionKey(),
                process.getId(),
                process.getProcessDefinitionId(),
                element,
                name,
                type,
                from,
                to,
                canceled);
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

    /** @param position in the order of the process instance, for what happened at the same instant */
    private record Ordered(Step step, long position) {}

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
