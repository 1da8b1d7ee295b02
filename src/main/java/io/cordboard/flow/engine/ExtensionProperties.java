package io.cordboard.flow.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import org.camunda.bpm.engine.impl.bpmn.parser.BpmnParse;
import org.camunda.bpm.engine.impl.util.xml.Element;

/** Reads the {@code camunda:property} entries of an element. */
final class ExtensionProperties {

    private ExtensionProperties() {}

    static Map<String, String> of(Element element) {
        var found = new LinkedHashMap<String, String>();
        Element extensions = element.element("extensionElements");
        if (extensions == null) {
            return found;
        }
        for (Element list : extensions.elementsNS(BpmnParse.CAMUNDA_BPMN_EXTENSIONS_NS, "properties")) {
            for (Element property : list.elementsNS(BpmnParse.CAMUNDA_BPMN_EXTENSIONS_NS, "property")) {
                String name = property.attribute("name");
                String value = property.attribute("value");
                if (name != null && value != null) {
                    found.put(name, value);
                }
            }
        }
        return found;
    }
}
