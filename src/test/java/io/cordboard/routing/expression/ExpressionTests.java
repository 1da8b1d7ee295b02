package io.cordboard.routing.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is an expression, what is none, and what is said of it. */
class ExpressionTests {

    /** S1-08 · the queue expression of TaskRouter. */
    @Test
    void becomesAJsonPath() throws ExpressionFault {
        assertThat(Expression.parse("skills HAS \"support\"").path())
                .isEqualTo("strict (exists($ ? (exists($.\"skills\"[*] ? (@ == \"support\" && @ != null)))))");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "skills HAS \"support\"",
                "worker.skills has 'support'",
                "languages HAS \"en\" AND levels.support > 3",
                "levels.\"lang:en\" >= 2 or not (region in ['eu', 'us'])",
                "call.language IN languages",
                "worker.skills HAS task.skill",
                "name CONTAINS 'O\\'Neill'",
                "1 == 1",
                "\"en\" IN languages",
                "vip = TRUE",
                "score > -2.5",
                "NOT NOT a == 1",
                "region NOT IN ['eu']",
                "Straße == \"ß\"",
                "worker.in == 'out'",
            })
    void isUnderstood(String text) throws ExpressionFault {
        assertThat(Expression.parse(text).path()).startsWith("strict ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "skills HASS \"a\"        | 1 | 8  | Found HASS, expected one of ==, !=, <, >, <=, >=, HAS, IN, NOT IN, CONTAINS.",
                "skills                   | 1 | 7  | Found the end, expected one of",
                "`` | 1 | 1 | Found the end, expected a comparison",
                "a == 1 b == 2            | 1 | 8  | Found b, expected AND, OR or the end.",
                "(a == 1                  | 1 | 8  | Found the end, expected AND, OR or ).",
                "a == 1 AND               | 1 | 11 | Found the end, expected a comparison",
                "a == 1 && b == 2         | 1 | 8  | Found &, expected",
                "a == \"open              | 1 | 6  | no closing",
                "a == \"\\n\"             | 1 | 7  | A backslash is followed by",
                "a == 1.                  | 1 | 8  | A digit has to follow",
                "a == 12b                 | 1 | 6  | put a text into quotes",
                "a == -                   | 1 | 6  | A number has to follow the minus",
                "a. == 1                  | 1 | 3  | a name after the dot",
                "call == 1                | 1 | 1  | A dot and a name have to follow call",
                "a NOT HAS 1              | 1 | 7  | Found HAS, expected IN after NOT.",
                "a IN [1, \"b\"]          | 1 | 10 | of one type",
                "a IN []                  | 1 | 7  | Found ], expected a text, a number, TRUE or FALSE.",
                "a IN [1                  | 1 | 8  | expected , or ]",
                "a IN \"b\"               | 1 | 6  | The right side of IN is a list",
                "a == [1]                 | 1 | 6  | A list stands on the right of IN or NOT IN.",
                "[1] HAS 1                | 1 | 1  | A list stands on the right of IN or NOT IN.",
                "\"a\" HAS \"b\"          | 1 | 1  | The left side of HAS is the name of a list",
                "name CONTAINS call.x     | 1 | 15 | The right side of CONTAINS is a text in quotes.",
                "vip > TRUE               | 1 | 7  | == and != only",
                "1 == \"1\"               | 1 | 3  | different types",
                "3 IN [\"a\"]             | 1 | 3  | different types",
            })
    void isRefusedWithThePlaceAndWhatWasExpected(String text, int line, int column, String problem) {
        ExpressionFault fault = refused(text == null ? "" : text.strip());
        assertThat(fault)
                .hasMessageStartingWith("Line " + line + ", column " + column + ": ")
                .hasMessageContaining(problem);
        assertThat(fault.line()).isEqualTo(line);
        assertThat(fault.column()).isEqualTo(column);
    }

    @Test
    void thePlaceIsToldByLines() {
        ExpressionFault fault = refused("skills HAS \"support\"\n  AND level >");
        assertThat(fault.line()).isEqualTo(2);
        assertThat(fault.column()).isEqualTo(14);
        assertThat(fault.index()).isEqualTo(34);
    }

    @Test
    void hasLimits() throws ExpressionFault {
        assertThat(refused("a == \"" + "x".repeat(4096) + "\"")).hasMessageContaining("at most 4096 characters");
        Expression.parse("(".repeat(49) + "a == 1" + ")".repeat(49));
        assertThat(refused("(".repeat(50) + "a == 1" + ")".repeat(50))).hasMessageContaining("nested more than 50");
        assertThat(refused("NOT ".repeat(1000) + "a == 1")).hasMessageContaining("nested more than 50");
        assertThat(refused("a == \"\0\"")).hasMessageContaining("cannot be kept");
        assertThat(refused("a == \"\ud83d\"")).hasMessageContaining("cannot be kept");
        assertThat(refused("a == \"\ude00\"")).hasMessageContaining("cannot be kept");
        Expression.parse("a == \"\ud83d\ude00\ud83d\ude00\"");
    }

    /** What is compared with what is known before anybody calls. */
    @Test
    void tellsWhatItComparesOfAnAgent() throws ExpressionFault {
        Map<String, String> wanted = new TreeMap<>();
        Expression.parse("skills HAS 'a' AND (levels.\"b.c\" > 3 OR NOT name CONTAINS 'x') AND region NOT IN ['eu']"
                        + " AND call.language IN languages AND vip == true AND a < b AND 1 == 1 AND call.x == y")
                .uses()
                .forEach(use -> wanted.put(use.name(), use.wanted().toString()));
        assertThat(wanted)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "skills", "[LIST]",
                        "levels.b.c", "[NUMBER]",
                        "name", "[TEXT]",
                        "region", "[TEXT]",
                        "languages", "[LIST]",
                        "vip", "[BOOLEAN]",
                        "a", "[TEXT, NUMBER]",
                        "b", "[TEXT, NUMBER]",
                        "y", "[TEXT, NUMBER, BOOLEAN]"));
    }

    @Test
    void tellsWhichTagsItNames() throws ExpressionFault {
        assertThat(Expression.parse("skills HAS 'a' OR 'b' IN worker.skills OR levels.c > 1 OR languages HAS 'd'")
                        .tags())
                .containsExactlyInAnyOrder("a", "b", "c");
    }

    private static ExpressionFault refused(String text) {
        ExpressionFault fault = catchThrowableOfType(ExpressionFault.class, () -> Expression.parse(text));
        assertThat(fault).as(text).isNotNull();
        return fault;
    }
}
