package io.cordboard.routing.expression;

import io.cordboard.routing.expression.Operand.Name;
import io.cordboard.routing.expression.Operand.Text;
import io.cordboard.routing.expression.Operand.Values;
import io.cordboard.routing.expression.Term.Comparison;
import io.cordboard.routing.expression.Term.Operator;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Which agents a queue wants, for example {@code skills HAS "support" AND levels.support > 3}. Names are those of the
 * agent's attributes, with {@code call.} or {@code task.} before them what the flow knows of the call. A comparison with
 * what is missing, null or of another type is false, whatever the operator.
 */
public final class Expression {

    /** In characters. */
    public static final int LONGEST = 4096;

    private static final Set<ValueType> SINGLE = EnumSet.of(ValueType.TEXT, ValueType.NUMBER, ValueType.BOOLEAN);

    private final String text;
    private final Term term;

    private Expression(String text, Term term) {
        this.text = text;
        this.term = term;
    }

    /** @throws ExpressionFault when it is none; says where and what was expected there */
    public static Expression parse(String text) throws ExpressionFault {
        if (text.length() > LONGEST) {
            throw new ExpressionFault(
                    text,
                    LONGEST,
                    "An expression has at most " + LONGEST + " characters, this one has " + text.length() + ".");
        }
        return new Expression(text, Parser.parse(text));
    }

    /** As it was written. */
    public String text() {
        return text;
    }

    /** The same as a jsonpath of PostgreSQL, for {@code expression_holds}. */
    public String path() {
        return JsonPath.of(term);
    }

    /** The attributes of agents it compares, in the order of the text. */
    public Set<AttributeUse> uses() {
        Set<AttributeUse> uses = new LinkedHashSet<>();
        each(term, comparison -> {
            use(uses, comparison.left(), wantedOnTheLeft(comparison));
            use(uses, comparison.right(), wantedOnTheRight(comparison));
        });
        return uses;
    }

    /** The tags it names: members of {@code skills}, and those whose level it compares. */
    public Set<String> tags() {
        Set<String> tags = new LinkedHashSet<>();
        each(term, comparison -> {
            tag(tags, comparison.left(), comparison.right());
            tag(tags, comparison.right(), comparison.left());
        });
        return tags;
    }

    private static void tag(Set<String> tags, Operand operand, Operand other) {
        if (operand instanceof Name name && !name.ofCall()) {
            if (name.path().equals(List.of("skills")) && other instanceof Text tag) {
                tags.add(tag.value());
            }
            if (name.path().size() == 2 && name.path().get(0).equals("levels")) {
                tags.add(name.path().get(1));
            }
        }
    }

    private static void use(Set<AttributeUse> uses, Operand operand, Set<ValueType> wanted) {
        if (operand instanceof Name name && !name.ofCall()) {
            uses.add(new AttributeUse(name.path(), wanted));
        }
    }

    private static Set<ValueType> wantedOnTheLeft(Comparison c) {
        return switch (c.operator()) {
            case HAS -> EnumSet.of(ValueType.LIST);
            case CONTAINS -> EnumSet.of(ValueType.TEXT);
            case IN, NOT_IN ->
                c.right() instanceof Values list ? like(list.values().get(0), c.operator()) : SINGLE;
            default -> like(c.right(), c.operator());
        };
    }

    private static Set<ValueType> wantedOnTheRight(Comparison c) {
        return switch (c.operator()) {
            case HAS -> SINGLE;
            case IN, NOT_IN -> EnumSet.of(ValueType.LIST);
            default -> like(c.left(), c.operator());
        };
    }

    private static Set<ValueType> like(Operand other, Operator operator) {
        ValueType type = other.type();
        if (type != null) {
            return EnumSet.of(type);
        }
        return operator.orders() ? EnumSet.of(ValueType.TEXT, ValueType.NUMBER) : SINGLE;
    }

    private static void each(Term term, Consumer<Comparison> doing) {
        if (term instanceof Term.AnyOf any) {
            any.terms().forEach(one -> each(one, doing));
        } else if (term instanceof Term.AllOf all) {
            all.terms().forEach(one -> each(one, doing));
        } else if (term instanceof Term.Not not) {
            each(not.term(), doing);
        } else if (term instanceof Comparison comparison) {
            doing.accept(comparison);
        }
    }
}
