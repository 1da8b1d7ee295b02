package io.cordboard.routing.expression;

/** What is wrong with an expression, and where. The message is a sentence for whoever wrote it. */
public final class ExpressionFault extends Exception {

    private static final long serialVersionUID = 1L;

    private final int index;
    private final int line;
    private final int column;

    /** @param index in UTF-16 units from the beginning of the text */
    ExpressionFault(String text, int index, String problem) {
        super(at(text, index) + problem, null, false, false);
        this.index = index;
        this.line = line(text, index);
        this.column = column(text, index);
    }

    static ExpressionFault expected(String text, int index, String found, String expected) {
        return new ExpressionFault(text, index, "Found " + found + ", expected " + expected + ".");
    }

    private static String at(String text, int index) {
        return "Line " + line(text, index) + ", column " + column(text, index) + ": ";
    }

    private static int line(String text, int index) {
        return 1 + (int) text.substring(0, index).chars().filter(c -> c == '\n').count();
    }

    private static int column(String text, int index) {
        return index - text.lastIndexOf('\n', index - 1);
    }

    /** From 0, in UTF-16 units. */
    public int index() {
        return index;
    }

    /** From 1. */
    public int line() {
        return line;
    }

    /** From 1. */
    public int column() {
        return column;
    }
}
