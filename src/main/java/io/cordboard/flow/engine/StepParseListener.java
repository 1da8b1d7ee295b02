package io.cordboard.flow.engine;

import static org.camunda.bpm.engine.impl.util.DecisionEvaluationUtil.DECISION_RESULT_VARIABLE;

import io.cordboard.flow.Steps;
import io.cordboard.flow.Variable;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.camunda.bpm.dmn.engine.DmnDecisionResult;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.ExecutionListener;
import org.camunda.bpm.engine.delegate.Expression;
import org.camunda.bpm.engine.impl.bpmn.parser.AbstractBpmnParseListener;
import org.camunda.bpm.engine.impl.bpmn.parser.BpmnParse;
import org.camunda.bpm.engine.impl.el.ExpressionManager;
import org.camunda.bpm.engine.impl.pvm.process.ActivityImpl;
import org.camunda.bpm.engine.impl.pvm.process.ScopeImpl;
import org.camunda.bpm.engine.impl.util.xml.Element;
import org.jspecify.annotations.Nullable;

/**
 * Ties models to steps when they are read: a receive task marked by the property {@code step} runs that step when it is
 * entered, and the settings of every element are kept beside it, so that a running call needs neither XML nor SQL for
 * them.
 */
final class StepParseListener extends AbstractBpmnParseListener {

    /** The extension property that makes a receive task a waiting step. */
    static final String STEP = "step";

    private static final Variable<Boolean> DECIDED = Variable.yesNo("decided").transientOnly();

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
        if (element.attributeNS(BpmnParse.CAMUNDA_BPMN_EXTENSIONS_NS, "resultVariable") == null) {
            activity.addListener(ExecutionListener.EVENTNAME_END, (ExecutionListener) StepParseListener::spread);
        }
    }

    /**
     * A decision whose result nobody names: each output of the first rule that applies becomes a variable of its name, and
     * {@code decided} says whether one did.
     */
    private static void spread(DelegateExecution execution) {
        boolean decided = execution.getVariable(DECISION_RESULT_VARIABLE) instanceof DmnDecisionResult result
                && !result.isEmpty();
        DECIDED.set(execution, decided);
        if (decided) {
            ((DmnDecisionResult) execution.getVariable(DECISION_RESULT_VARIABLE))
                    .get(0)
                    .getEntryMap()
                    .forEach((output, value) -> set(execution, output, value));
        }
    }

    private static void set(DelegateExecution execution, String variable, @Nullable Object value) {
        Object before = execution.getVariable(variable);
        if (!Objects.equals(before, value)) {
            execution.setVariable(variable, value);
        }
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
