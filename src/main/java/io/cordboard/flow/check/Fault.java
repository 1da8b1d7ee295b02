package io.cordboard.flow.check;

/**
 * One reason why a file cannot be deployed.
 *
 * @param element id of the element on the diagram, empty when the file as a whole is meant
 * @param line 1-based, 0 when unknown
 * @param column 1-based, 0 when unknown
 * @param what is wrong, a sentence
 * @param remedy what to do about it, a sentence
 */
public record Fault(String file, String element, int line, int column, String what, String remedy) {

    static Fault ofFile(String file, String what, String remedy) {
        return new Fault(file, "", 0, 0, what, remedy);
    }

    static Fault at(String file, Xml node, String what, String remedy) {
        return new Fault(file, node.nearestId(), node.line(), node.column(), what, remedy);
    }

    /** For people: {@code serviceTask_x, line 12, column 5: A script cannot be used. Use a step instead.} */
    @Override
    public String toString() {
        var text = new StringBuilder(element.isEmpty() ? "whole file" : element);
        if (line > 0) {
            text.append(", line ").append(line).append(", column ").append(column);
        }
        return text.append(": ").append(what).append(' ').append(remedy).toString();
    }
}
