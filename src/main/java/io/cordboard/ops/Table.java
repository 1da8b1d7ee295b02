package io.cordboard.ops;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows for people: aligned columns, two spaces between them, a dash where there is nothing. */
final class Table {

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... headers) {
        rows.add(List.of(headers));
    }

    /** @param cells as many as there are headers */
    void row(String... cells) {
        rows.add(List.of(cells));
    }

    /** What a field of an answer says. */
    static String text(JsonNode from, String field) {
        String text = from.path(field).asText("");
        return text.isEmpty() ? "-" : text;
    }

    /** A point in time, to the second. */
    static String time(JsonNode from, String field) {
        return text(from, field).replaceFirst("\\.\\d+Z$", "Z");
    }

    @Override
    public String toString() {
        int[] widths = IntStream.range(0, rows.get(0).size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        return rows.stream()
                .map(row -> IntStream.range(0, widths.length)
                        .mapToObj(column -> row.get(column)
                                + " ".repeat(widths[column] - row.get(column).length()))
                        .collect(Collectors.joining("  "))
                        .stripTrailing())
                .collect(Collectors.joining("\n"));
    }
}
