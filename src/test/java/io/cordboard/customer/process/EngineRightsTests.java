package io.cordboard.customer.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import io.cordboard.customer.web.Browser;
import io.cordboard.testing.ApplicationTest;
import io.cordboard.testing.Http;
import io.cordboard.testing.Login;
import io.cordboard.testing.Tenant;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.TaskService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Who may do what in the engine, asked over both of its REST interfaces. */
@ExtendWith(OutputCaptureExtension.class)
class EngineRightsTests extends ApplicationTest {

    private static final String REST = "/engine-rest";
    private static final String TASKLIST = "/camunda/api/engine/engine/default";
    private static final String BOUNDARY = "the-end-of-a-part";
    private static final String MODEL =
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
                xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="d" targetNamespace="http://cordboard.io/test">
              <bpmn:process id="rights-test" name="Rights" isExecutable="true" camunda:historyTimeToLive="P1D">
                <bpmn:startEvent id="startEvent_begun"><bpmn:outgoing>flow_1</bpmn:outgoing></bpmn:startEvent>
                <bpmn:sequenceFlow id="flow_1" sourceRef="startEvent_begun" targetRef="userTask_work" />
                <bpmn:userTask id="userTask_work" name="Work" camunda:assignee="${agent}">
                  <bpmn:incoming>flow_1</bpmn:incoming><bpmn:outgoing>flow_2</bpmn:outgoing>
                </bpmn:userTask>
                <bpmn:sequenceFlow id="flow_2" sourceRef="userTask_work" targetRef="endEvent_done" />
                <bpmn:endEvent id="endEvent_done"><bpmn:incoming>flow_2</bpmn:incoming></bpmn:endEvent>
              </bpmn:process>
            </bpmn:definitions>
            """;

    @Autowired
    private TaskService tasks;

    @Autowired
    private RuntimeService runtime;

    @Autowired
    private RepositoryService repository;

    @Autowired
    private JdbcClient jdbc;

    @LocalServerPort
    private int port;

    private String base;

    @BeforeEach
    void deployed() {
        base = "http://localhost:" + port;
        // A supervisor of the operator, beside Sam, who is one of the demo customer.
        new Http(base, "admin")
                .post(
                        "/v1/agents",
                        Map.of(
                                "username",
                                "olivia",
                                "password",
                                Login.PASSWORD,
                                "name",
                                "Olivia",
                                "role",
                                "supervisor"));
        assertThat(deploy("admin").statusCode()).isEqualTo(200);
    }

    @AfterEach
    void cleared() {
        repository
                .createDeploymentQuery()
                .deploymentName("rights")
                .list()
                .forEach(deployment -> repository.deleteDeployment(deployment.getId(), true));
    }

    @ParameterizedTest
    @ValueSource(strings = {REST, TASKLIST})
    void anAgentNeitherSeesNorTouchesTheTaskOfAnother(String api) {
        String task = taskOf("edith");
        tasks.createComment(task, null, "between edith and me");
        var charles = as("charles", api);

        assertThat(charles.get(api + "/task").body()).doesNotContain(task);
        assertThat(charles.get(api + "/task?assignee=edith").body()).isEqualTo("[]");
        assertThat(charles.post(api + "/task", "{\"assignee\":\"edith\"}").body())
                .isEqualTo("[]");
        assertThat(charles.post(api + "/task", "{\"orQueries\":[{\"assignee\":\"edith\",\"unassigned\":true}]}")
                        .body())
                .isEqualTo("[]");
        assertThat(charles.post(api + "/task", "{\"processDefinitionKey\":\"rights-test\"}")
                        .body())
                .isEqualTo("[]");
        assertThat(charles.get(api + "/task/count").body()).contains(":0");
        String filter =
                Browser.json(charles.get(api + "/filter")).get(0).get("id").asText();
        assertThat(charles.post(api + "/filter/" + filter + "/list", "{\"assignee\":\"edith\"}")
                        .body())
                .doesNotContain(task);

        assertSoftly(softly -> {
            for (String path : List.of(
                    "",
                    "/form",
                    "/form-variables",
                    "/variables",
                    "/comment",
                    "/attachment",
                    "/identity-links",
                    "/rendered-form",
                    "/deployed-form",
                    "/localVariables",
                    "/variables/agent")) {
                softly.assertThat(charles.get(api + "/task/" + task + path).statusCode())
                        .as("GET " + path)
                        .isIn(403, 404);
            }
            for (String path : List.of(
                    "/complete",
                    "/submit-form",
                    "/claim",
                    "/unclaim",
                    "/assignee",
                    "/delegate",
                    "/resolve",
                    "/comment/create",
                    "/attachment/create",
                    "/identity-links",
                    "/variables",
                    "/bpmnError",
                    "/bpmnEscalation",
                    "/localVariables")) {
                softly.assertThat(charles.post(
                                        api + "/task/" + task + path,
                                        "{\"userId\":\"charles\",\"message\":\"x\",\"type\":\"candidate\"}")
                                .statusCode())
                        .as("POST " + path)
                        .isEqualTo(403);
            }
            softly.assertThat(charles.with("Content-Type", "application/json")
                            .send("PUT", api + "/task/" + task, "{\"assignee\":\"charles\"}")
                            .statusCode())
                    .isEqualTo(403);
            softly.assertThat(
                            charles.send("DELETE", api + "/task/" + task, null).statusCode())
                    .isEqualTo(403);
            for (String path : List.of(
                    "/history/task",
                    "/history/detail",
                    "/history/variable-instance",
                    "/variable-instance",
                    "/process-instance",
                    "/execution",
                    "/user",
                    "/group",
                    "/authorization",
                    "/deployment",
                    "/process-definition",
                    "/job",
                    "/incident",
                    "/event-subscription",
                    "/metrics",
                    "/schema/log")) {
                var answer = charles.get(api + path);
                softly.assertThat(answer.statusCode() == 403 || answer.body().equals("[]"))
                        .as("GET " + path + ": " + answer.statusCode() + " " + answer.body())
                        .isTrue();
            }
            softly.assertThat(charles.get(api + "/user/edith/profile").statusCode())
                    .isIn(403, 404);
            softly.assertThat(charles.get(api + "/identity/groups?userId=edith").body())
                    .doesNotContain("edith", "\"agent\"");
        });
        var left = tasks.createTaskQuery().taskId(task).singleResult();
        assertThat(left.getAssignee()).isEqualTo("edith");
        assertThat(tasks.getTaskComments(task)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {REST, TASKLIST})
    void anAgentWorksOnTheirOwnTask(String api) {
        long before = tasks.createTaskQuery().taskAssignee("charles").count();
        String task = taskOf("charles");
        var charles = as("charles", api);
        String filter =
                Browser.json(charles.get(api + "/filter")).get(0).get("id").asText();

        assertThat(charles.get(api + "/task").body()).contains(task);
        assertThat(charles.get(api + "/task/count").body()).contains(":" + (before + 1));
        assertThat(charles.get(api + "/filter/" + filter + "/list").body()).contains(task);
        assertThat(charles.get(api + "/task/" + task).statusCode()).isEqualTo(200);
        assertThat(charles.get(api + "/task/" + task + "/form").statusCode()).isEqualTo(200);
        assertThat(charles.get(api + "/task/" + task + "/form-variables").body())
                .contains("charles");
        assertThat(charles.post(api + "/task/" + task + "/comment/create", "{\"message\":\"mine\"}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(charles.get(api + "/task/" + task + "/comment").body()).contains("mine");
        String definition = Browser.json(charles.get(api + "/task/" + task))
                .get("processDefinitionId")
                .asText();
        assertThat(charles.get(api + "/process-definition/" + definition + "/xml")
                        .statusCode())
                .isEqualTo(200);
        assertThat(charles.get(api + "/user/charles/profile").body()).contains("Charles");
        assertThat(charles.get(api + "/process-definition?startablePermissionCheck=true")
                        .body())
                .isEqualTo("[]");
        assertThat(charles.post(api + "/task/" + task + "/unclaim", "{}").statusCode())
                .isEqualTo(403);
        assertThat(charles.post(api + "/task/" + task + "/assignee", "{\"userId\":\"edith\"}")
                        .statusCode())
                .isEqualTo(403);

        assertThat(charles.post(api + "/task/" + task + "/complete", "{}").statusCode())
                .isEqualTo(204);
        assertThat(tasks.createTaskQuery().taskId(task).count()).isZero();
    }

    /** S1-14 · an analyst publishes a model, as Camunda Modeler does. */
    @ParameterizedTest
    @ValueSource(strings = {"charles", "sam", "olivia"})
    void onlyAnalystsAndAdminsOfTheOperatorDeploy(String who) {
        assertThat(deploy(who).statusCode()).isEqualTo(403);
        assertThat(deploy("ada").statusCode()).isEqualTo(200);
    }

    @Test
    void nobodyButAnAdminStartsCalls() {
        for (String who : List.of("charles", "ada", "sam", "olivia")) {
            assertThat(start(who, "edith").statusCode()).as(who).isEqualTo(403);
        }
        assertThat(start("admin", "edith").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {REST, TASKLIST})
    void anAnalystReadsModelsAndNoCalls(String api) {
        String task = taskOf("edith");
        var ada = as("ada", api);
        assertThat(ada.get(api + "/process-definition/key/rights-test/xml").statusCode())
                .isEqualTo(200);
        assertThat(ada.get(api + "/deployment").body()).contains("rights");
        assertThat(ada.get(api + "/task/" + task).statusCode()).isIn(403, 404);
        for (String path : List.of(
                "/process-instance",
                "/task",
                "/execution",
                "/variable-instance",
                "/history/process-instance",
                "/history/task",
                "/history/variable-instance",
                "/history/detail",
                "/history/decision-instance")) {
            assertThat(ada.get(api + path).body()).as(path).isEqualTo("[]");
        }
    }

    @Test
    void supervisorsOfTheOperatorReadEverythingAndDisturbNobody() {
        String who = "olivia";
        String task = taskOf("edith");
        var reader = as(who, REST);

        assertThat(reader.get(REST + "/process-instance?processDefinitionKey=rights-test")
                        .body())
                .contains("rights-test");
        assertThat(reader.get(REST + "/history/task?taskId=" + task).body()).contains(task);
        assertThat(reader.get(REST + "/process-definition/key/rights-test/xml").statusCode())
                .isEqualTo(200);
        assertThat(reader.get(REST + "/task/" + task).statusCode()).isEqualTo(200);
        assertSoftly(softly -> {
            for (String path : List.of(
                    "/complete",
                    "/claim",
                    "/unclaim",
                    "/assignee",
                    "/delegate",
                    "/variables",
                    "/comment/create",
                    "/identity-links")) {
                softly.assertThat(reader.post(
                                        REST + "/task/" + task + path,
                                        "{\"userId\":\"" + who + "\",\"message\":\"x\",\"type\":\"candidate\","
                                                + "\"modifications\":{\"a\":{\"value\":1}}}")
                                .statusCode())
                        .as(path)
                        .isEqualTo(403);
            }
            String instance =
                    tasks.createTaskQuery().taskId(task).singleResult().getProcessInstanceId();
            softly.assertThat(reader.send("DELETE", REST + "/process-instance/" + instance, null)
                            .statusCode())
                    .isEqualTo(403);
            softly.assertThat(reader.post(
                                    REST + "/filter/create", "{\"resourceType\":\"Task\",\"name\":\"x\",\"query\":{}}")
                            .statusCode())
                    .isEqualTo(403);
            softly.assertThat(reader.post(
                                    REST + "/user/create",
                                    "{\"profile\":{\"id\":\"x\"},\"credentials\":{\"password\":\"x\"}}")
                            .statusCode())
                    .isEqualTo(403);
        });
        assertThat(tasks.createTaskQuery().taskId(task).singleResult().getAssignee())
                .isEqualTo("edith");
    }

    /** Processes of all customers lie side by side in the engine, whose rights know no customers. */
    @ParameterizedTest
    @ValueSource(strings = {"supervisor", "analyst", "admin"})
    void whoIsNotOfTheOperatorHasTheirOwnTasksOnly(String role, CapturedOutput console) {
        var tenant = Tenant.open(base, new Http(base, "admin"), console);
        String stranger =
                tenant.hires(role, List.of(), List.of()).get("username").asText();
        String theirs = taskOf("charles");
        String own = taskOf(stranger);
        String instance = tasks.createTaskQuery().taskId(theirs).singleResult().getProcessInstanceId();
        var rest = as(stranger, REST);
        var page = as(stranger, TASKLIST);

        assertThat(deploy(stranger).statusCode()).isEqualTo(403);
        assertSoftly(softly -> {
            for (String api : List.of(REST, TASKLIST)) {
                var browser = api.equals(REST) ? rest : page;
                softly.assertThat(browser.get(api + "/task").body())
                        .contains(own)
                        .doesNotContain(theirs);
                softly.assertThat(browser.post(api + "/task", "{\"assignee\":\"charles\"}")
                                .body())
                        .isEqualTo("[]");
                for (String path : List.of(
                        "/deployment",
                        "/process-instance",
                        "/process-instance/" + instance,
                        "/process-instance/" + instance + "/variables",
                        "/process-instance/" + instance + "/activity-instances",
                        "/execution",
                        "/variable-instance",
                        "/history/variable-instance",
                        "/history/process-instance",
                        "/history/activity-instance",
                        "/history/task",
                        "/history/detail",
                        "/history/decision-instance",
                        "/incident",
                        "/job",
                        "/user",
                        "/authorization",
                        "/task/" + theirs,
                        "/task/" + theirs + "/form-variables",
                        "/process-definition?startablePermissionCheck=false")) {
                    softly.assertThat(browser.get(api + path).statusCode())
                            .as("GET " + api + path)
                            .isIn(403, 404);
                }
                for (String path : List.of(
                        "/process-definition/key/rights-test/start",
                        "/message",
                        "/signal",
                        "/task/" + theirs + "/complete",
                        "/task/" + theirs + "/claim",
                        "/task/" + theirs + "/comment/create",
                        "/authorization/create",
                        "/history/variable-instance",
                        "/process-instance/delete",
                        "/deployment/create")) {
                    softly.assertThat(browser.post(api + path, "{}").statusCode())
                            .as("POST " + api + path)
                            .isEqualTo(403);
                }
                softly.assertThat(browser.send("DELETE", api + "/process-instance/" + instance, null)
                                .statusCode())
                        .isEqualTo(403);
            }
            for (String path : List.of(
                    "/camunda/app/cockpit/default/",
                    "/camunda/app/admin/default/",
                    "/camunda/api/cockpit/plugin/base/default/process-definition/statistics",
                    "/camunda/api/admin/plugin/adminPlugins/default/metrics/task-worker/aggregated",
                    "/actuator/metrics")) {
                softly.assertThat(page.get(path).statusCode()).as(path).isEqualTo(403);
            }
        });
        assertThat(rest.post(REST + "/task/" + own + "/complete", "{}").statusCode())
                .isEqualTo(204);
        assertThat(tasks.createTaskQuery().taskId(theirs).singleResult().getAssignee())
                .isEqualTo("charles");
    }

    /** The engine's own way costs a read, an insert and a delete for every task. */
    @Test
    void theRightOfTheAssigneeCostsNoStatement() {
        jdbc.sql("CREATE EXTENSION IF NOT EXISTS pg_stat_statements").update();
        long rows = authorizations();
        long before = statementsOnAuthorizations();

        String task = taskOf("charles");
        tasks.complete(task);

        assertThat(statementsOnAuthorizations() - before).isZero();
        String other = taskOf("charles");
        long beforeRest = statementsOnAuthorizations();
        assertThat(as("charles", REST)
                        .post(REST + "/task/" + other + "/complete", "{}")
                        .statusCode())
                .isEqualTo(204);
        assertThat(statementsOnAuthorizations() - beforeRest).isZero();
        assertThat(as("olivia", REST).get(REST + "/task/" + taskOf("charles")).statusCode())
                .isEqualTo(200);
        assertThat(statementsOnAuthorizations() - beforeRest)
                .as("the count sees what is asked of the table")
                .isPositive();
        assertThat(authorizations()).isEqualTo(rows);
    }

    @Test
    void theEngineKeepsNoUsersOfItsOwn() {
        for (String table : List.of("act_id_user", "act_id_group", "act_id_membership")) {
            assertThat(jdbc.sql("SELECT count(*) FROM " + table)
                            .query(Long.class)
                            .single())
                    .isZero();
        }
        assertThat(as("admin", REST).get(REST + "/user?memberOfGroup=agent").body())
                .contains("charles", "edith", "dave")
                .doesNotContain("\"ada\"");
    }

    private String taskOf(String agent) {
        var instance = runtime.startProcessInstanceByKey("rights-test", Map.of("agent", agent));
        return tasks.createTaskQuery()
                .processInstanceId(instance.getId())
                .singleResult()
                .getId();
    }

    private Browser as(String who, String api) {
        return api.equals(REST) ? Browser.bearer(base, who) : Browser.page(base, who);
    }

    private HttpResponse<String> start(String who, String agent) {
        return as(who, REST)
                .post(
                        REST + "/process-definition/key/rights-test/start",
                        "{\"variables\":{\"agent\":{\"value\":\"" + agent + "\"}}}");
    }

    private HttpResponse<String> deploy(String who) {
        String body = part("deployment-name", "", "rights")
                + part("rights-test.bpmn", "; filename=\"rights-test.bpmn\"", MODEL)
                + "--" + BOUNDARY + "--\r\n";
        return as(who, REST)
                .with("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .send("POST", REST + "/deployment/create", body);
    }

    private static String part(String name, String more, String content) {
        return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"" + more + "\r\n\r\n"
                + content + "\r\n";
    }

    private long authorizations() {
        return jdbc.sql("SELECT count(*) FROM act_ru_authorization")
                .query(Long.class)
                .single();
    }

    private long statementsOnAuthorizations() {
        return jdbc.sql("SELECT coalesce(sum(calls), 0) FROM pg_stat_statements"
                        + " WHERE query ILIKE '%act_ru_authorization%' AND query NOT ILIKE '%count(*)%'")
                .query(Long.class)
                .single();
    }
}
