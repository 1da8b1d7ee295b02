package io.cordboard.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cordboard.testing.Caller;
import io.cordboard.testing.ScenarioTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.exception.NullValueException;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.camunda.bpm.model.bpmn.BpmnModelInstance;
import org.camunda.bpm.model.bpmn.instance.FlowNode;
import org.camunda.bpm.model.bpmn.instance.IntermediateCatchEvent;
import org.camunda.bpm.model.bpmn.instance.Process;
import org.camunda.bpm.model.bpmn.instance.ReceiveTask;
import org.camunda.bpm.model.bpmn.instance.UserTask;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * S1-18 and the rule behind it: the caller may hang up wherever the call can wait. The wait states are read from the
 * models, so a new one is tested without a line added here: a call is moved into it by the engine. States that need
 * agents and phones are reached by really going there.
 */
class HangUpScenarioTests extends ScenarioTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Autowired
    private RuntimeService runtime;

    private final Map<String, Supplier<Caller>> ways = new LinkedHashMap<>();

    HangUpScenarioTests() {
        ways.put(
                "receiveTask_askForDepartment",
                () -> slowly(() -> someoneDials(NUMBER).isAsked()));
        ways.put("receiveTask_awaitAgent", () -> someoneDials(NUMBER, "press 1").isIn("queued"));
        ways.put("userTask_acceptCall", () -> {
            charles.is("available");
            Caller caller = someoneDials(NUMBER, "press 1");
            charles.isOfferedACall();
            return caller;
        });
        ways.put("receiveTask_confirm", () -> {
            setQueue("support", "call_back = 'agent_first'");
            Caller caller = slowly(() -> someoneDials(NUMBER, "press 1").hears("Press 1 to be called back."));
            admin().post("/simulator/api/calls/" + caller.sid() + "/digits", Map.of("digits", "1"));
            return caller.hears("Press 1 to agree");
        });
        ways.put("ask-several-agents / event_turn", () -> severalAsked("progressive"));
        ways.put("ask-several-agents / receiveTask_awaitAgent", () -> {
            edith.is("away");
            return severalAsked("ring_all");
        });
        ways.put("ask-several-agents / userTask_acceptCall", () -> severalAsked("ring_all"));
        ways.put("receiveTask_ringAgent", () -> {
            phoneOfCharles("manual");
            charles.is("available");
            Caller caller = someoneDials(NUMBER, "press 1");
            charles.takesTheNextCall();
            return caller;
        });
        ways.put("userTask_handleCall", () -> {
            charles.is("available");
            Caller caller = someoneDials(NUMBER, "press 1");
            charles.takesTheNextCall();
            return caller.talks();
        });
        ways.put("receiveTask_recordMessage", () -> {
            setQueues("10 seconds", "100 milliseconds", "60 seconds");
            return slowly(() -> someoneDials(NUMBER, "press 1").isIn("recording"));
        });
    }

    @ParameterizedTest(name = "{0} / {1}")
    @MethodSource("waitStates")
    void aHangUpEndsTheCallWhereverItWaits(String process, String state) {
        phoneOfCharles("answer");
        Supplier<Caller> way = ways.getOrDefault(process + " / " + state, ways.get(state));
        Caller caller = way != null ? way.get() : movedTo(process, state);
        UUID call = callOf(caller);
        await().atMost(PATIENCE).until(() -> waitsIn(call, state));

        long hungUp = System.nanoTime();
        caller.hangsUp();
        await().atMost(PATIENCE).until(() -> !column(call, "ended_at").equals("null"));
        switch (state) {
            case "userTask_handleCall" -> {
                charles.wrapsUp(call.toString(), "other");
                assertThat(endOf(call)).isEqualTo("callerHungUp");
            }
            case "receiveTask_recordMessage" ->
                await().atMost(PATIENCE).until(() -> !waitsIn(call, "receiveTask_recordMessage"));
            default -> {
                assertThat(endOf(call)).isEqualTo("callerHungUp");
                assertThat(runtime.createProcessInstanceQuery()
                                .processInstanceBusinessKey(call.toString())
                                .count())
                        .as("process instances left")
                        .isZero();
            }
        }
        assertThat(jdbc.sql(
                                "SELECT count(*) FROM reservation WHERE call_id = :call AND state IN ('pending', 'accepted')")
                        .param("call", call)
                        .query(Integer.class)
                        .single())
                .as("open offers")
                .isZero();
        assertThat(jdbc.sql("SELECT count(*) FROM queue_entry WHERE call_id = :call AND left_at IS NULL")
                        .param("call", call)
                        .query(Integer.class)
                        .single())
                .as("places in queues")
                .isZero();
        assertThat(jdbc.sql("SELECT count(*) FROM agent WHERE engaged IS NOT NULL")
                        .query(Integer.class)
                        .single())
                .as("agents held")
                .isZero();
        System.out.printf("hang-up in %s: settled after %d ms%n", state, (System.nanoTime() - hungUp) / 1_000_000);
    }

    static Stream<Arguments> waitStates() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("processes"))) {
            return files
                    .filter(file -> file.toString().endsWith(".bpmn"))
                    .sorted()
                    .flatMap(HangUpScenarioTests::waitStates)
                    .toList()
                    .stream();
        }
    }

    /**
     * Where a call can wait while its caller is on the line; behind wrap-up and message the caller is gone already, and one
     * who is called back need not stay.
     */
    private static Stream<Arguments> waitStates(Path file) {
        BpmnModelInstance model = Bpmn.readModelFromFile(file.toFile());
        String process =
                model.getModelElementsByType(Process.class).iterator().next().getId();
        return Stream.of(UserTask.class, ReceiveTask.class, IntermediateCatchEvent.class)
                .flatMap(type -> model.getModelElementsByType(type).stream())
                .map(FlowNode::getId)
                .filter(id -> !id.startsWith("userTask_wrapUp"))
                .filter(id -> !Stream.of(
                                "userTask_followUpVoicemail",
                                "receiveTask_callBack",
                                "event_callBackTime",
                                "receiveTask_awaitHour",
                                "receiveTask_awaitTurn",
                                "receiveTask_callCaller",
                                "receiveTask_greet")
                        .toList()
                        .contains(id))
                .map(id -> Arguments.of(process, id));
    }

    private Caller severalAsked(String strategy) {
        setQueue("support", "max_reserved = 3, ask_interval = '30 seconds', strategy = '" + strategy + "'");
        charles.is("available");
        if (!jdbc.sql("SELECT chosen FROM agent WHERE username = 'edith'")
                .query(String.class)
                .single()
                .equals("away")) {
            edith.is("available");
        }
        Caller caller = someoneDials(NUMBER, "press 1");
        charles.isOfferedACall();
        return caller;
    }

    /** In real time, so that the caller's silence lasts long enough to do something meanwhile. */
    private Caller slowly(Supplier<Caller> way) {
        admin().put("/simulator/api/speed", Map.of("speed", "1")).ok();
        return way.get();
    }

    /** A call that the engine itself puts into a state nobody has written a way to. */
    private Caller movedTo(String process, String state) {
        Caller caller = slowly(() -> someoneDials(NUMBER).isAsked());
        String key = callOf(caller).toString();
        ProcessInstance root = runtime.createProcessInstanceQuery()
                .processInstanceBusinessKey(key, "inbound-call")
                .singleResult();
        ProcessInstance asking = runtime.createProcessInstanceQuery()
                .superProcessInstanceId(root.getId())
                .singleResult();
        ProcessInstance target = process.equals("inbound-call") ? root : asking;
        runtime.createProcessInstanceModification(target.getId())
                .startBeforeActivity(state)
                .setVariables(Map.of(
                        "agentUsername", "charles",
                        "reservationTimeout", "PT1M",
                        "waitTimeout", "PT1M",
                        "wrapUpTimeout", "PT1M"))
                .execute();
        return caller;
    }

    /** Also false when the process ends between the two questions. */
    private boolean waitsIn(UUID call, String state) {
        return runtime.createProcessInstanceQuery().processInstanceBusinessKey(call.toString()).list().stream()
                .anyMatch(instance -> activeIn(instance).contains(state));
    }

    private List<String> activeIn(ProcessInstance instance) {
        try {
            return runtime.getActiveActivityIds(instance.getId());
        } catch (NullValueException gone) {
            return List.of();
        }
    }

    private void phoneOfCharles(String behaviour) {
        String number = jdbc.sql(
                        "SELECT value FROM agent_address d JOIN agent a ON a.id = d.agent_id WHERE a.username = 'charles' AND kind = 'tel'")
                .query(String.class)
                .single();
        admin().put("/simulator/api/phones/" + number, Map.of("behaviour", behaviour))
                .ok();
    }
}
