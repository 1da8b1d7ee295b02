package io.cordboard.routing.expression;

import java.util.List;

/** A part of an expression that is true or false. */
sealed interface Term {

    record AnyOf(List<Term> terms) implements Term {}

    record AllOf(List<Term> terms) implements Term {}

    record Not(Term term) implements Term {}

    record Comparison(Operand left, Operator operator, Operand right) implements Term {}

    enum Operator {
        EQUAL("=="),
        UNEQUAL("!="),
        LESS("<"),
        GREATER(">"),
        AT_MOST("<="),
        AT_LEAST(">="),
        HAS("HAS"),
        IN("IN"),
        NOT_IN("NOT IN"),
        CONTAINS("CONTAINS");

        private final String sign;

        Operator(String sign) {
            this.sign = sign;
        }

        String sign() {
            return sign;
        }

        /** One that needs an order, which truth has not. */
        boolean orders() {
            return this == LESS || this == GREATER || this == AT_MOST || this == AT_LEAST;
        }
    }
}
