package io.cordboard.routing.expression;

import io.cordboard.routing.expression.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Cuts an expression into its tokens. */
final class Lexer {

    private static final Set<String> KEYWORDS = Set.of("AND", "OR", "NOT", "IN", "HAS", "CONTAINS", "TRUE", "FALSE");
    private static final List<String> SIGNS = List.of("==", "!=", "<=", ">=", "=", "<", ">", "(", ")", "[", "]", ",");

    private final String text;
    private int next;

    private Lexer(String text) {
        this.text = text;
    }

    static List<Token> tokens(String text) throws ExpressionFault {
        var lexer = new Lexer(text);
        List<Token> tokens = new ArrayList<>();
        Token token;
        do {
            token = lexer.token();
            tokens.add(token);
        } while (token.kind() != Kind.END);
        return tokens;
    }

    private Token token() throws ExpressionFault {
        while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
            next++;
        }
        int from = next;
        if (from == text.length()) {
            return new Token(Kind.END, "", List.of(), from);
        }
        char c = text.charAt(from);
        if (c == '"' || c == '\'') {
            return new Token(Kind.TEXT, quoted(), List.of(), from);
        }
        if (beginsName(c)) {
            return name();
        }
        if (isDigit(c) || c == '-') {
            return number();
        }
        for (String sign : SIGNS) {
            if (text.startsWith(sign, from)) {
                next += sign.length();
                return Token.sign(sign.equals("=") ? "==" : sign, from);
            }
        }
        throw ExpressionFault.expected(
                text, from, Character.toString(text.codePointAt(from)), "a name, a value, an operator or a bracket");
    }

    private Token name() throws ExpressionFault {
        int from = next;
        List<String> segments = new ArrayList<>();
        segments.add(word());
        while (next < text.length() && text.charAt(next) == '.') {
            next++;
            if (next < text.length() && (text.charAt(next) == '"' || text.charAt(next) == '\'')) {
                segments.add(quoted());
            } else if (next < text.length() && partOfName(text.charAt(next))) {
                segments.add(word());
            } else {
                throw ExpressionFault.expected(
                        text, next, next == text.length() ? "the end" : "" + text.charAt(next), "a name after the dot");
            }
        }
        String written = text.substring(from, next);
        String capitals = written.toUpperCase(Locale.ROOT);
        return segments.size() == 1 && KEYWORDS.contains(capitals)
                ? Token.sign(capitals, from)
                : new Token(Kind.NAME, written, segments, from);
    }

    private String word() {
        int from = next;
        while (next < text.length() && partOfName(text.charAt(next))) {
            next++;
        }
        return text.substring(from, next);
    }

    private Token number() throws ExpressionFault {
        int from = next;
        next++;
        digits();
        if (next < text.length() && text.charAt(next) == '.') {
            next++;
            if (digits() == 0) {
                throw new ExpressionFault(text, next, "A digit has to follow the decimal point.");
            }
        }
        String written = text.substring(from, next);
        if (written.equals("-") || written.startsWith("-.")) {
            throw new ExpressionFault(text, from, "A number has to follow the minus.");
        }
        if (next < text.length() && partOfName(text.charAt(next))) {
            throw new ExpressionFault(
                    text, from, "A number has digits and at most one decimal point; put a text into quotes.");
        }
        return new Token(Kind.NUMBER, written, List.of(), from);
    }

    private int digits() {
        int from = next;
        while (next < text.length() && isDigit(text.charAt(next))) {
            next++;
        }
        return next - from;
    }

    private String quoted() throws ExpressionFault {
        int from = next;
        char quote = text.charAt(next++);
        var value = new StringBuilder();
        while (next < text.length()) {
            char c = text.charAt(next++);
            if (c == quote) {
                return value.toString();
            }
            value.append(c == '\\' ? escaped() : keepable(c));
        }
        throw new ExpressionFault(text, from, "The text that begins here has no closing " + quote + ".");
    }

    private char escaped() throws ExpressionFault {
        char c = next < text.length() ? text.charAt(next) : ' ';
        if (c != '\\' && c != '"' && c != '\'') {
            throw new ExpressionFault(text, next - 1, "A backslash is followed by a quote or another backslash.");
        }
        next++;
        return c;
    }

    /** PostgreSQL keeps no NUL, and no halves of characters. */
    private char keepable(char c) throws ExpressionFault {
        boolean wholePair = Character.isHighSurrogate(c)
                ? next < text.length() && Character.isLowSurrogate(text.charAt(next))
                : next > 1 && Character.isHighSurrogate(text.charAt(next - 2));
        if (c == 0 || Character.isSurrogate(c) && !wholePair) {
            throw new ExpressionFault(text, next - 1, "This character cannot be kept.");
        }
        return c;
    }

    private static boolean beginsName(char c) {
        return Character.isLetter(c) || c == '_';
    }

    private static boolean partOfName(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
