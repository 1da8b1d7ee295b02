package io.cordboard.flow.engine;

import io.cordboard.flow.Steps;
import java.util.HashMap;
import java.util.Map;
import org.camunda.bpm.engine.delegate.ExecutionListener;
import org.camunda.bpm.engine.delegate.Expression;
import org.camunda.bpm.engine.impl.bpmn.parser.AbstractBpmnParseListener;
import org.camunda.bpm.engine.impl.el.ExpressionManager;
import org.camunda.bpm.engine.impl.pvm.process.ActivityImpl;
import org.camunda.bpm.engine.impl.pvm.process.ScopeImpl;
import org.camunda.bpm.engine.impl.util.xml.Element;

/**
 * Ties models to steps when they are read: a receive task marked by the property {@code step} runs that step when it is
 * entered, and the settings of every element are kept beside it, so that a running call needs neither XML nor SQL for
 * them.
 */
final class StepParseListener extends AbstractBpmnParseListener {

    /** The extension property that makes a receive task a waiting step. */
    static final String STEP = "step";

    static final String SETTINGS = "io.cordboard.settings";

    private final Steps steps;
    private final ExpressionManager expressions;

    StepParseListener(Steps steps, ExpressionManager expressions) {
        this.steps = steps;
        this.expressions = expressions;
    }

    @Override
    public void parseReceiveTask(Element element, ScopeImpl scope, ActivityImpl activity) {
        Map<String, String> properties = remember(element, activity);
        String step = properties.get(STEP);
        if (step != null) {
            // Looked up when the call gets there: a version that is still running must load without a step that is
            // gone.
            activity.addListener(ExecutionListener.EVENTNAME_START, (ExecutionListener)
                    execution -> steps.named(step).execute(execution));
        }
    }

    @Override
    public void parseServiceTask(Element element, ScopeImpl scope, ActivityImpl activity) {
        remember(element, activity);
    }

    @Override
    public void parseSendTask(Element element, ScopeImpl scope, ActivityImpl activity) {
        remember(element, activity);
    }

    @Override
    public void parseUserTask(Element element, ScopeImpl scope, ActivityImpl activity) {
        remember(element, activity);
    }

    @Override
    public void parseBusinessRuleTask(Element element, ScopeImpl scope, ActivityImpl activity) {
        remember(element, activity);
    }

    @Override
    public void parseCallActivity(Element element, ScopeImpl scope, ActivityImpl activity) {
        remember(element, activity);
    }

    @Override
    public void parseSubProcess(Element element, ScopeImpl scope, ActivityImpl activity) {
        remember(element, activity);
    }

    @Override
    public void parseStartEvent(Element element, ScopeImpl scope, ActivityImpl activity) {
        remember(element, activity);
    }

    @Override
    public void parseIntermediateThrowEvent(Element element, ScopeImpl scope, ActivityImpl activity) {
        remember(element, activity);
    }

    @Override
    public void parseEndEvent(Element element, ScopeImpl scope, ActivityImpl activity) {
        remember(element, activity);
    }

    private Map<String, String> remember(Element element, ActivityImpl activity) {
        Map<String, String> properties = ExtensionProperties.of(element);
        if (!properties.isEmpty()) {
            var settings = new HashMap<String, Expression>();
            properties.forEach((key, value) -> settings.put(key, expressions.createExpression(value)));
            activity.setProperty(SETTINGS, Map.copyOf(settings));
        }
        return properties;
    }
}
