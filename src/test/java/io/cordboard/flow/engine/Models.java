package io.cordboard.flow.engine;

import org.camunda.bpm.engine.RepositoryService;

/** Small models for tests, written as files are. */
final class Models {

    private Models() {}

    /** A process around the given elements. */
    static String process(String id, String elements) {
        return definitions(
                """
                  <bpmn:process id="%s" isExecutable="true" camunda:historyTimeToLive="P30D">
                %s
                  </bpmn:process>"""
                        .formatted(id, elements));
    }

    static String definitions(String content) {
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
                    xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
                    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                    id="definitions" targetNamespace="http://cordboard.io/test">
                %s
                </bpmn:definitions>
                """
                .formatted(content);
    }

    static void deploy(RepositoryService repository, String file, String content) {
        repository.createDeployment().name(file).addString(file, content).deploy();
    }
}
