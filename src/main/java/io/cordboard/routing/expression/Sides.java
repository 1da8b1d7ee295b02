package io.cordboard.routing.expression;

import io.cordboard.routing.expression.Operand.Name;
import io.cordboard.routing.expression.Operand.Text;
import io.cordboard.routing.expression.Operand.Values;
import io.cordboard.routing.expression.Term.Operator;

/** Which operands an operator takes. */
final class Sides {

    private Sides() {}

    /** @param at where the operator stands */
    static void check(String text, Operand left, Operator operator, int at, Operand right) throws ExpressionFault {
        if (left instanceof Values) {
            throw new ExpressionFault(text, left.index(), "A list stands on the right of IN or NOT IN.");
        }
        switch (operator) {
            case HAS -> {
                demand(left instanceof Name, text, left, "The left side of HAS is the name of a list, as skills.");
                demand(!(right instanceof Values), text, right, "The right side of HAS is one value or a name.");
            }
            case CONTAINS -> {
                demand(left instanceof Name, text, left, "The left side of CONTAINS is the name of a text.");
                demand(
                        right instanceof Text,
                        text,
                        right,
                        "The right side of CONTAINS is a text in quotes. Whether a list has a value, HAS tells.");
            }
            case IN, NOT_IN -> {
                demand(
                        right instanceof Values || right instanceof Name,
                        text,
                        right,
                        "The right side of " + operator.sign() + " is a list, as [\"a\", \"b\"], or the name of one.");
                if (right instanceof Values list) {
                    sameType(text, left, at, list.values().get(0));
                }
            }
            default -> {
                demand(!(right instanceof Values), text, right, "A list stands on the right of IN or NOT IN.");
                sameType(text, left, at, right);
                demand(
                        !operator.orders() || left.type() != ValueType.BOOLEAN && right.type() != ValueType.BOOLEAN,
                        text,
                        right,
                        "TRUE and FALSE are compared by == and != only.");
            }
        }
    }

    private static void sameType(String text, Operand left, int at, Operand right) throws ExpressionFault {
        if (left.type() != null && right.type() != null && left.type() != right.type()) {
            throw new ExpressionFault(text, at, "The two sides are of different types.");
        }
    }

    private static void demand(boolean met, String text, Operand where, String demand) throws ExpressionFault {
        if (!met) {
            throw new ExpressionFault(text, where.index(), demand);
        }
    }
}
