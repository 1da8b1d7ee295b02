package io.cordboard.routing.expression;

import java.util.List;

/**
 * A word or sign of an expression.
 *
 * @param text for a {@link Kind#TEXT} without its quotes; for a keyword in capitals
 * @param segments of a name, empty otherwise
 * @param index where it begins
 */
record Token(Kind kind, String text, List<String> segments, int index) {

    enum Kind {
        NAME,
        TEXT,
        NUMBER,
        /** A keyword, an operator or a bracket. */
        SIGN,
        END
    }

    static Token sign(String text, int index) {
        return new Token(Kind.SIGN, text, List.of(), index);
    }

    boolean is(String sign) {
        return kind == Kind.SIGN && text.equals(sign);
    }

    /** For whoever reads what was found there. */
    String shown() {
        String brief = text.length() > 40 ? text.substring(0, 40) + "…" : text;
        return switch (kind) {
            case TEXT -> "the text \"" + brief + "\"";
            case END -> "the end";
            default -> brief;
        };
    }
}
