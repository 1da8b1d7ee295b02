package io.cordboard.flow.check;

import io.cordboard.flow.Steps;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.camunda.bpm.impl.juel.AstBinary;
import org.camunda.bpm.impl.juel.AstChoice;
import org.camunda.bpm.impl.juel.AstComposite;
import org.camunda.bpm.impl.juel.AstDot;
import org.camunda.bpm.impl.juel.AstEval;
import org.camunda.bpm.impl.juel.AstFunction;
import org.camunda.bpm.impl.juel.AstIdentifier;
import org.camunda.bpm.impl.juel.AstLiteral;
import org.camunda.bpm.impl.juel.AstMethod;
import org.camunda.bpm.impl.juel.AstNested;
import org.camunda.bpm.impl.juel.AstParameters;
import org.camunda.bpm.impl.juel.AstText;
import org.camunda.bpm.impl.juel.AstUnary;
import org.camunda.bpm.impl.juel.Builder;
import org.camunda.bpm.impl.juel.Node;
import org.camunda.bpm.impl.juel.jakarta.el.ELException;

/**
 * What may be written between <code>${</code> and <code>}</code>: variables, literals, comparisons, arithmetic, a choice,
 * {@code execution.processBusinessKey}, and a few methods of texts. Every other form is named and refused.
 */
public final class ExpressionRules {

    /** Methods of texts that cannot harm: no regular expressions, nothing that grows. */
    public static final Set<String> STRING_METHODS = Set.of(
            "contains",
            "endsWith",
            "equals",
            "equalsIgnoreCase",
            "isEmpty",
            "length",
            "startsWith",
            "substring",
            "toLowerCase",
            "toUpperCase",
            "trim");

    /** Functions that Tasklist's filters use; models cannot. */
    public static final Set<String> FILTER_FUNCTIONS = Set.of("currentUser", "currentUserGroups");

    private static final Set<String> RESERVED =
            Set.of("task", "externalTask", "caseExecution", "authenticatedUserId", "connector");

    private static final Pattern STEP = Pattern.compile("\\s*[#$]\\{\\s*([A-Za-z_][A-Za-z0-9_]*)\\s*}\\s*");
    private static final int LONGEST = 2_000;
    private static final int MOST_BRACKETS = 60;

    private final Steps steps;

    public ExpressionRules(Steps steps) {
        this.steps = steps;
    }

    /** Whether the engine would evaluate the text. */
    static boolean isExpression(String text) {
        return text.contains("${") || text.contains("#{");
    }

    /** The step that a text such as <code>#{say}</code> names, known or not. */
    static Optional<String> stepNamed(String text) {
        Matcher matcher = STEP.matcher(text);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** What is wrong with a value in a model, as a sentence; empty when nothing is. */
    Optional<String> faultOfValue(String text) {
        return fault(text, true);
    }

    /** As {@link #faultOfValue} for everything the engine evaluates: steps and the filters of Tasklist included. */
    public Optional<String> faultOfAny(String text) {
        return stepNamed(text).filter(steps::has).isPresent() ? Optional.empty() : fault(text, false);
    }

    private Optional<String> fault(String text, boolean inModel) {
        if (text.length() > LONGEST) {
            return isExpression(text)
                    ? Optional.of("The expression is longer than " + LONGEST + " characters.")
                    : Optional.empty();
        }
        if (brackets(text) > MOST_BRACKETS) {
            return isExpression(text)
                    ? Optional.of("The expression has more than " + MOST_BRACKETS + " brackets.")
                    : Optional.empty();
        }
        try {
            check(new Builder(Builder.Feature.METHOD_INVOCATIONS).build(text).getRoot(), inModel);
            return Optional.empty();
        } catch (Refused e) {
            return Optional.of(e.getMessage() + " (in " + text.strip() + ")");
        } catch (ELException e) {
            return Optional.of("The expression " + text.strip() + " cannot be read: " + firstLine(e) + ".");
        }
    }

    private static String firstLine(ELException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("").replaceFirst("\\.$", "");
    }

    /** Counted, not matched: brackets within texts must not hide others. */
    private static long brackets(String text) {
        return text.chars().filter(c -> c == '(' || c == '[').count();
    }

    private void check(Node node, boolean inModel) {
        if (node instanceof AstIdentifier identifier) {
            identifier(identifier.getName(), inModel);
        } else if (node instanceof AstDot dot) {
            property(dot);
        } else if (node instanceof AstMethod method) {
            method(method, inModel);
        } else if (node instanceof AstFunction function) {
            function(function, inModel);
        } else if (node instanceof AstEval
                || node instanceof AstComposite
                || node instanceof AstText
                || node instanceof AstLiteral
                || node instanceof AstBinary
                || node instanceof AstUnary
                || node instanceof AstChoice
                || node instanceof AstNested
                || node instanceof AstParameters) {
            children(node, inModel);
        } else {
            throw new Refused("Square brackets and other special forms cannot be used.");
        }
    }

    private void children(Node node, boolean inModel) {
        for (int i = 0; i < node.getCardinality(); i++) {
            check(node.getChild(i), inModel);
        }
    }

    private void identifier(String name, boolean inModel) {
        if (name.equals("execution")) {
            throw new Refused("Of 'execution' only 'execution.processBusinessKey' can be read.");
        }
        if (RESERVED.contains(name)) {
            throw new Refused("'" + name + "' cannot be read.");
        }
        if (steps.has(name)) {
            throw new Refused(
                    inModel
                            ? "'" + name + "' is a step, so it cannot stand for a value."
                            : "'" + name + "' is a step, so it must stand alone.");
        }
    }

    private static void property(AstDot dot) {
        boolean businessKey = dot.getChild(0) instanceof AstIdentifier base
                && base.getName().equals("execution")
                && name(dot).equals("processBusinessKey");
        if (!businessKey) {
            throw new Refused("The property '" + name(dot) + "' cannot be read.");
        }
    }

    private void method(AstMethod method, boolean inModel) {
        if (!(method.getChild(0) instanceof AstDot dot)) {
            throw new Refused("Square brackets and other special forms cannot be used.");
        }
        if (!STRING_METHODS.contains(name(dot))) {
            throw new Refused("The method '" + name(dot) + "' cannot be called.");
        }
        check(dot.getChild(0), inModel);
        check(method.getChild(1), inModel);
    }

    private void function(AstFunction function, boolean inModel) {
        if (inModel || !FILTER_FUNCTIONS.contains(function.getName())) {
            throw new Refused("The function '" + function.getName() + "' cannot be called.");
        }
        children(function, false);
    }

    private static String name(AstDot dot) {
        return dot.toString().substring(1).strip();
    }

    private static final class Refused extends RuntimeException {
        Refused(String message) {
            super(message, null, false, false);
        }
    }
}
