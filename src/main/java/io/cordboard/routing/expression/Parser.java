package io.cordboard.routing.expression;

import io.cordboard.routing.expression.Operand.Name;
import io.cordboard.routing.expression.Operand.Text;
import io.cordboard.routing.expression.Operand.Truth;
import io.cordboard.routing.expression.Operand.Values;
import io.cordboard.routing.expression.Term.Comparison;
import io.cordboard.routing.expression.Term.Operator;
import io.cordboard.routing.expression.Token.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * By recursive descent:
 *
 * <pre>
 * expression = conjunction { OR conjunction }
 * conjunction = negation { AND negation }
 * negation = [ NOT ] ( "(" expression ")" | comparison )
 * comparison = operand operator operand
 * operand = name | text | number | TRUE | FALSE | "[" value { "," value } "]"
 * </pre>
 */
final class Parser {

    /** So deep that nobody gets there by hand, and far from what a stack can bear, ours or PostgreSQL's. */
    private static final int DEEPEST = 50;

    private static final Set<String> OF_AGENT = Set.of("worker", "agent");
    private static final Set<String> OF_CALL = Set.of("task", "call");
    private static final String AN_OPERATOR =
            Arrays.stream(Operator.values()).map(Operator::sign).collect(Collectors.joining(", ", "one of ", ""));

    private final String text;
    private final List<Token> tokens;
    private int next;
    private int depth;

    private Parser(String text, List<Token> tokens) {
        this.text = text;
        this.tokens = tokens;
    }

    static Term parse(String text) throws ExpressionFault {
        var parser = new Parser(text, Lexer.tokens(text));
        Term whole = parser.expression();
        if (parser.peek().kind() != Kind.END) {
            throw parser.unexpected("AND, OR or the end");
        }
        return whole;
    }

    private Term expression() throws ExpressionFault {
        List<Term> terms = new ArrayList<>();
        do {
            terms.add(conjunction());
        } while (accept("OR"));
        return terms.size() == 1 ? terms.get(0) : new Term.AnyOf(terms);
    }

    private Term conjunction() throws ExpressionFault {
        List<Term> terms = new ArrayList<>();
        do {
            terms.add(negation());
        } while (accept("AND"));
        return terms.size() == 1 ? terms.get(0) : new Term.AllOf(terms);
    }

    private Term negation() throws ExpressionFault {
        if (++depth > DEEPEST) {
            throw new ExpressionFault(
                    text, peek().index(), "Brackets and NOT are nested more than " + DEEPEST + " deep.");
        }
        Term term;
        if (accept("NOT")) {
            term = new Term.Not(negation());
        } else if (accept("(")) {
            term = expression();
            if (!accept(")")) {
                throw unexpected("AND, OR or )");
            }
        } else {
            term = comparison();
        }
        depth--;
        return term;
    }

    private Term comparison() throws ExpressionFault {
        Operand left = operand("a comparison, such as skills HAS \"support\"");
        int at = peek().index();
        Operator operator = operator();
        Operand right = operand("a value or a name after " + operator.sign());
        Sides.check(text, left, operator, at, right);
        return new Comparison(left, operator, right);
    }

    private Operator operator() throws ExpressionFault {
        if (accept("NOT")) {
            if (!accept("IN")) {
                throw unexpected("IN after NOT");
            }
            return Operator.NOT_IN;
        }
        for (Operator operator : Operator.values()) {
            if (accept(operator.sign())) {
                return operator;
            }
        }
        throw unexpected(AN_OPERATOR);
    }

    private Operand operand(String expected) throws ExpressionFault {
        Token token = peek();
        if (token.kind() == Kind.NAME) {
            next++;
            return name(token);
        }
        if (accept("[")) {
            return list(token.index());
        }
        return value(expected);
    }

    private Operand list(int index) throws ExpressionFault {
        List<Operand> values = new ArrayList<>();
        do {
            Operand value = value("a text, a number, TRUE or FALSE");
            if (!values.isEmpty() && values.get(0).type() != value.type()) {
                throw new ExpressionFault(text, value.index(), "The values of a list have to be of one type.");
            }
            values.add(value);
        } while (accept(","));
        if (!accept("]")) {
            throw unexpected(", or ]");
        }
        return new Values(values, index);
    }

    private Operand value(String expected) throws ExpressionFault {
        Token token = peek();
        Operand value;
        if (token.kind() == Kind.TEXT) {
            value = new Text(token.text(), token.index());
        } else if (token.kind() == Kind.NUMBER) {
            value = new Operand.Number(new BigDecimal(token.text()), token.index());
        } else if (token.is("TRUE") || token.is("FALSE")) {
            value = new Truth(token.is("TRUE"), token.index());
        } else {
            throw unexpected(expected);
        }
        next++;
        return value;
    }

    private Name name(Token token) throws ExpressionFault {
        String first = token.segments().get(0);
        boolean ofCall = OF_CALL.contains(first);
        if (!ofCall && !OF_AGENT.contains(first)) {
            return new Name(false, token.segments(), token.index());
        }
        if (token.segments().size() == 1) {
            throw new ExpressionFault(
                    text,
                    token.index(),
                    "A dot and a name have to follow " + first + ", as in " + first + ".language.");
        }
        return new Name(
                ofCall, List.copyOf(token.segments().subList(1, token.segments().size())), token.index());
    }

    private Token peek() {
        return tokens.get(next);
    }

    private boolean accept(String sign) {
        if (peek().is(sign)) {
            next++;
            return true;
        }
        return false;
    }

    private ExpressionFault unexpected(String expected) {
        return ExpressionFault.expected(text, peek().index(), peek().shown(), expected);
    }
}
