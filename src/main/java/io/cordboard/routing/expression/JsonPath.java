package io.cordboard.routing.expression;

import io.cordboard.routing.expression.Operand.Name;
import io.cordboard.routing.expression.Operand.Text;
import io.cordboard.routing.expression.Operand.Truth;
import io.cordboard.routing.expression.Operand.Values;
import io.cordboard.routing.expression.Term.Comparison;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Writes an expression as a jsonpath of PostgreSQL: {@code $} is the agent, {@code $call} the call. It is strict, so that
 * a list is never taken for its only element; what is missing or cannot be compared is then unknown, and the filter around
 * each comparison makes that false. So AND, OR and NOT never meet anything but true and false.
 */
final class JsonPath {

    private JsonPath() {}

    static String of(Term term) {
        return "strict " + predicate(term);
    }

    private static String predicate(Term term) {
        if (term instanceof Term.AnyOf any) {
            return joined(any.terms(), " || ", JsonPath::predicate);
        }
        if (term instanceof Term.AllOf all) {
            return joined(all.terms(), " && ", JsonPath::predicate);
        }
        if (term instanceof Term.Not not) {
            return "(!" + predicate(not.term()) + ")";
        }
        return "(exists($ ? (" + comparison((Comparison) term) + ")))";
    }

    private static String comparison(Comparison c) {
        String left = value(c.left());
        return switch (c.operator()) {
            case HAS -> among(left, value(c.right()));
            case CONTAINS -> left + " like_regex " + value(c.right()) + " flag \"q\"";
            case IN ->
                c.right() instanceof Values list
                        ? joined(list.values(), " || ", one -> left + " == " + value(one))
                        : among(value(c.right()), left);
            case NOT_IN ->
                c.right() instanceof Values list
                        ? isThere(c.left()) + joined(list.values(), " && ", one -> left + " != " + value(one))
                        : isSingle(c.left()) + value(c.right()) + ".type() == \"array\" && !"
                                + among(value(c.right()), left);
            default -> {
                String both = left + " " + c.operator().sign() + " " + value(c.right());
                yield isThere(c.left())
                        + isThere(c.right())
                        + (c.operator().orders() ? isNoTruth(c.left()) : "")
                        + both;
            }
        };
    }

    private static String among(String list, String value) {
        return "exists(" + list + "[*] ? (@ == " + value + " && @ != null))";
    }

    /** Null is equal to null and unequal to all else, which no attribute that is not there should be. */
    private static String isThere(Operand operand) {
        return operand instanceof Name ? value(operand) + " != null && " : "";
    }

    /** PostgreSQL has an order of true and false. */
    private static String isNoTruth(Operand operand) {
        return operand instanceof Name ? value(operand) + ".type() != \"boolean\" && " : "";
    }

    private static String isSingle(Operand operand) {
        return operand instanceof Name
                ? joined(
                                List.of(ValueType.TEXT, ValueType.NUMBER, ValueType.BOOLEAN),
                                " || ",
                                type -> value(operand) + ".type() == \"" + type.json() + "\"")
                        + " && "
                : "";
    }

    private static String value(Operand operand) {
        if (operand instanceof Name name) {
            return (name.ofCall() ? "$\"call\"" : "$")
                    + name.path().stream().map(segment -> "." + quoted(segment)).collect(Collectors.joining());
        }
        if (operand instanceof Text text) {
            return quoted(text.value());
        }
        if (operand instanceof Operand.Number number) {
            return number.value().toPlainString();
        }
        if (operand instanceof Truth truth) {
            return String.valueOf(truth.value());
        }
        throw new IllegalStateException("A list has no place here.");
    }

    private static String quoted(String text) {
        var quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
            } else if (Character.isISOControl(c)) {
                quoted.append(String.format("\\u%04x", c));
            } else {
                quoted.append((char) c);
            }
        });
        return quoted.append('"').toString();
    }

    private static <T> String joined(List<T> parts, String between, Function<T, String> written) {
        return parts.stream().map(written).collect(Collectors.joining(between, "(", ")"));
    }
}
