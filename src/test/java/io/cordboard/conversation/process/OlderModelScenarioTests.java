package io.cordboard.conversation.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordboard.testing.Caller;
import io.cordboard.testing.ScenarioTest;
import java.util.UUID;
import org.camunda.bpm.engine.RuntimeService;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A new version of Cordboard meets calls that began on the models of the one before. */
class OlderModelScenarioTests extends ScenarioTest {

    @Autowired
    private RuntimeService runtime;

    @Test
    void aTalkThatBroughtItsWrapUpTimeAlongEndsAsEver() {
        charles.is("available");
        Caller caller = someoneDials(NUMBER, "press 1");
        UUID call = UUID.fromString(charles.takesTheNextCall());
        caller.talks();
        String conversation = runtime.createProcessInstanceQuery()
                .processInstanceBusinessKey(call.toString())
                .processDefinitionKey("conversation")
                .singleResult()
                .getId();
        runtime.setVariable(conversation, "wrapUpTimeout", "PT30S");

        caller.hangsUp();

        charles.wrapsUp(call.toString(), "resolved");
        assertThat(endOf(call)).isEqualTo("callerHungUp");
        charles.becomes("available");
    }
}
