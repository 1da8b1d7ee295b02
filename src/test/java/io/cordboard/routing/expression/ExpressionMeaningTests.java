package io.cordboard.routing.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.zaxxer.hikari.HikariDataSource;
import io.cordboard.platform.TestDatabase;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What expressions mean, as PostgreSQL takes what we write for it. */
class ExpressionMeaningTests {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CASES = 3000;

    private static HikariDataSource database;
    private static JdbcClient jdbc;

    @BeforeAll
    static void start() {
        database = TestDatabase.empty();
        jdbc = JdbcClient.create(database);
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    /** S1-09 · only agents whose attributes satisfy the expression. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "skills HAS \"support\"                   | true",
                "skills HAS \"sales\"                     | false",
                "worker.skills HAS task.skill             | true",
                "languages HAS \"en\" AND levels.support > 3 | true",
                "levels.support > 5                       | false",
                "name CONTAINS \"arl\"                    | true",
                "name CONTAINS \".*\"                     | false",
                "name CONTAINS \"\"                       | true",
                "call.language IN languages               | true",
                "call.language NOT IN languages           | false",
                "region IN [\"eu\",\"us\"]                | true",
                "region NOT IN ['eu', 'us']               | false",
                "1 == 1                                   | true",
                "false == true                            | false",
                // What is not there is neither equal nor unequal to anything.
                "shift == 'day'                           | false",
                "shift != 'day'                           | false",
                "shift NOT IN ['day']                     | false",
                "call.shift NOT IN languages              | false",
                "region NOT IN shift                      | false",
                "NOT shift == 'day'                       | true",
                "nothing == nothing                       | false",
                "nothing <= nothing                       | false",
                "nothing != 1                             | false",
                "nothing NOT IN languages                 | false",
                "mixed HAS nothing                        | false",
                // No more is what cannot be compared.
                "region > 3                               | false",
                "NOT region > 3                           | true",
                "skills == 'support'                      | false",
                "region HAS 'eu'                          | false",
                "skills CONTAINS 'support'                | false",
                "vip < vip                                | false",
                "vip <= vip                               | false",
                // A list need not be of one type.
                "mixed HAS 3                              | true",
                "mixed HAS 'x'                            | true",
                "mixed HAS '3'                            | false",
                "'3' NOT IN mixed                         | true",
                // A name leads into objects, not into lists of them.
                "people.name == 'a'                       | false",
            })
    void isHeldAgainstAnAgent(String expression, boolean holds) throws ExpressionFault {
        String agent = "{\"skills\": [\"support\"], \"levels\": {\"support\": 5}, \"languages\": [\"en\", \"de\"],"
                + " \"name\": \"Charles\", \"region\": \"eu\", \"vip\": true, \"nothing\": null, \"mixed\": [null, \"x\", 3],"
                + " \"people\": [{\"name\": \"a\"}]}";
        String call = "{\"language\": \"en\", \"skill\": \"support\"}";
        assertThat(ask(List.of(Expression.parse(expression).path()), List.of(agent), List.of(call)))
                .containsExactly(holds);
    }

    /** Names and texts are nothing but names and texts, whatever is in them. */
    @Test
    void nothingInANameOrATextIsTakenForMore() throws ExpressionFault, JsonProcessingException {
        List<String> hostile = List.of(
                "\"",
                "\\",
                "'",
                "\\\"",
                "\" || true || \"",
                "\") || (1 == 1",
                "*/",
                "/*",
                "--",
                "$",
                "$call",
                "@",
                "a.b",
                "\n",
                "\t",
                "\u0001",
                "\u007f",
                "\u2028",
                "ß",
                "\ud83d\ude00",
                "\\u0041",
                "%",
                ":x",
                "?",
                "??",
                "{}",
                "flag \"q\"",
                ".*",
                "(",
                "[",
                "^a|b$",
                "",
                " ",
                "x'); DROP TABLE agent; --");
        List<String> paths = new ArrayList<>();
        List<String> agents = new ArrayList<>();
        List<Boolean> expected = new ArrayList<>();
        for (String one : hostile) {
            String quoted = "'" + one.replace("\\", "\\\\").replace("'", "\\'") + "'";
            for (String other : hostile) {
                String agent = JSON.writeValueAsString(JSON.createObjectNode()
                        .put("text", other)
                        .<ObjectNode>set("list", JSON.createArrayNode().add(other))
                        .set("names", JSON.createObjectNode().put(other, 1)));
                for (String expression : List.of(
                        "text == " + quoted,
                        "list HAS " + quoted,
                        "names." + quoted + " == 1",
                        "text IN [" + quoted + ", 'else']")) {
                    paths.add(Expression.parse(expression).path());
                    agents.add(agent);
                    expected.add(one.equals(other));
                }
                paths.add(Expression.parse("text CONTAINS " + quoted).path());
                agents.add(agent);
                expected.add(other.contains(one));
            }
        }
        assertThat(ask(paths, agents, agents)).isEqualTo(expected);
    }

    /** As long as it may be, and as deep. */
    @Test
    void theLargestExpressionIsAnswered() throws ExpressionFault {
        String wide = "a<1 OR ".repeat(584) + "a==1";
        String deep = "NOT (".repeat(24) + "a==1" + ")".repeat(24);
        assertThat(wide.length()).isBetween(4080, 4096);
        assertThat(ask(
                        List.of(
                                Expression.parse(wide).path(),
                                Expression.parse(deep).path()),
                        List.of("{\"a\": 1}", "{\"a\": 1}"),
                        List.of("{}", "{}")))
                .containsExactly(true, true);
    }

    /** Random expressions about random agents and calls, against what the words mean. */
    @Test
    void meansWhatTheWordsMean() throws ExpressionFault {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        List<Meant> meant = new ArrayList<>();
        List<String> paths = new ArrayList<>();
        List<JsonNode> agents = new ArrayList<>();
        List<JsonNode> calls = new ArrayList<>();
        for (int i = 0; i < CASES; i++) {
            Meant one = any(random, 3);
            meant.add(one);
            paths.add(Expression.parse(one.text).path());
            agents.add(facts(random));
            calls.add(facts(random));
        }
        List<Boolean> answers = ask(paths, texts(agents), texts(calls));
        long held = answers.stream().filter(answer -> answer).count();
        assertThat(held).as("expressions that hold, seed " + seed).isBetween(CASES / 10L, CASES * 9L / 10);
        assertSoftly(softly -> {
            for (int i = 0; i < CASES; i++) {
                softly.assertThat(answers.get(i))
                        .as("seed %d: %s of %s and call %s", seed, meant.get(i).text, agents.get(i), calls.get(i))
                        .isEqualTo(meant.get(i).holds.test(agents.get(i), calls.get(i)));
            }
        });
    }

    private static List<Boolean> ask(List<String> paths, List<String> agents, List<String> calls) {
        return jdbc.sql(
                        """
                        SELECT coalesce(jsonb_path_match(CAST(agent AS jsonb), CAST(path AS jsonpath),
                                                         jsonb_build_object('call', CAST(call AS jsonb)), true), false)
                          FROM unnest(:paths, :agents, :calls) WITH ORDINALITY AS asked (path, agent, call, n) ORDER BY n""")
                .param("paths", paths.toArray(String[]::new))
                .param("agents", agents.toArray(String[]::new))
                .param("calls", calls.toArray(String[]::new))
                .query(Boolean.class)
                .list();
    }

    private static List<String> texts(List<JsonNode> facts) {
        return facts.stream().map(JsonNode::toString).toList();
    }

    /** An expression and what it means. */
    private record Meant(String text, BiPredicate<JsonNode, JsonNode> holds) {}

    private static Meant any(Random random, int depth) {
        if (depth == 0 || random.nextInt(4) == 0) {
            return comparison(random);
        }
        Meant first = any(random, depth - 1);
        if (random.nextInt(3) == 0) {
            return new Meant("NOT (" + first.text + ")", first.holds.negate());
        }
        Meant second = any(random, depth - 1);
        Meant third = any(random, depth - 1);
        return switch (random.nextInt(4)) {
            case 0 -> new Meant("(" + first.text + ") AND (" + second.text + ")", first.holds.and(second.holds));
            case 1 -> new Meant("(" + first.text + ") or (" + second.text + ")", first.holds.or(second.holds));
            // AND binds closer than OR.
            case 2 ->
                new Meant(
                        "(" + first.text + ") OR (" + second.text + ") AND (" + third.text + ")",
                        first.holds.or(second.holds.and(third.holds)));
            default ->
                new Meant(
                        "NOT (" + first.text + ") and (" + second.text + ") OR (" + third.text + ")",
                        first.holds.negate().and(second.holds).or(third.holds));
        };
    }

    private static Meant comparison(Random random) {
        Value left = name(random);
        switch (random.nextInt(5)) {
            case 0 -> {
                Value right = random.nextBoolean() ? name(random) : literal(random, random.nextInt(3));
                return new Meant(left.text + " HAS " + right.text, (a, c) -> has(left.of(a, c), right.of(a, c)));
            }
            case 1 -> {
                String part = List.of("a", "b", "ab", "").get(random.nextInt(4));
                return new Meant(
                        left.text + " CONTAINS \"" + part + "\"",
                        (a, c) -> left.of(a, c).isTextual()
                                && left.of(a, c).asText().contains(part));
            }
            case 2 -> {
                Value one = random.nextBoolean() ? left : literal(random, random.nextInt(3));
                Value list = name(random);
                return random.nextBoolean()
                        ? new Meant(one.text + " IN " + list.text, (a, c) -> has(list.of(a, c), one.of(a, c)))
                        : new Meant(
                                one.text + " NOT IN " + list.text,
                                (a, c) -> list.of(a, c).isArray()
                                        && one.of(a, c).isValueNode()
                                        && isThere(one.of(a, c))
                                        && !has(list.of(a, c), one.of(a, c)));
            }
            case 3 -> {
                int type = random.nextInt(3);
                List<Value> list = IntStream.rangeClosed(0, random.nextInt(3))
                        .mapToObj(i -> literal(random, type))
                        .toList();
                String text = list.stream().map(Value::text).collect(Collectors.joining(", ", "[", "]"));
                return random.nextBoolean()
                        ? new Meant(left.text + " IN " + text, (a, c) -> list.stream()
                                .anyMatch(v -> compare(left.of(a, c), "==", v.of(a, c))))
                        : new Meant(left.text + " NOT IN " + text, (a, c) -> list.stream()
                                .allMatch(v -> compare(left.of(a, c), "!=", v.of(a, c))));
            }
            default -> {
                Value right = random.nextBoolean() ? name(random) : literal(random, random.nextInt(3));
                boolean ordered = !right.text.equals("true") && !right.text.equals("false");
                String sign = List.of("==", "!=", "<", ">", "<=", ">=").get(random.nextInt(ordered ? 6 : 2));
                return new Meant(
                        left.text + " " + sign + " " + right.text,
                        (a, c) -> compare(left.of(a, c), sign, right.of(a, c)));
            }
        }
    }

    private static boolean has(JsonNode list, JsonNode value) {
        return list.isArray()
                && StreamSupport.stream(list.spliterator(), false).anyMatch(one -> compare(one, "==", value));
    }

    private static boolean compare(JsonNode left, String sign, JsonNode right) {
        int order;
        if (left.isTextual() && right.isTextual()) {
            order = left.asText().compareTo(right.asText());
        } else if (left.isNumber() && right.isNumber()) {
            order = left.decimalValue().compareTo(right.decimalValue());
        } else if (left.isBoolean() && right.isBoolean() && (sign.equals("==") || sign.equals("!="))) {
            order = Boolean.compare(left.asBoolean(), right.asBoolean());
        } else {
            return false;
        }
        return switch (sign) {
            case "==" -> order == 0;
            case "!=" -> order != 0;
            case "<" -> order < 0;
            case ">" -> order > 0;
            case "<=" -> order <= 0;
            default -> order >= 0;
        };
    }

    private static boolean isThere(JsonNode value) {
        return !value.isMissingNode() && !value.isNull();
    }

    /** A name or a literal. */
    private record Value(String text, BiPredicate<JsonNode, JsonNode> ofCall, String pointer, JsonNode literal) {

        JsonNode of(JsonNode agent, JsonNode call) {
            return pointer.isEmpty() ? literal : (ofCall.test(agent, call) ? call : agent).at(pointer);
        }
    }

    private static Value name(Random random) {
        boolean ofCall = random.nextInt(3) == 0;
        String name = List.of("p", "q", "r", "o.p", "o.q").get(random.nextInt(5));
        String prefix = ofCall ? "call." : random.nextBoolean() ? "" : "worker.";
        return new Value(prefix + name, (a, c) -> ofCall, "/" + name.replace('.', '/'), JSON.missingNode());
    }

    private static Value literal(Random random, int type) {
        JsonNode value = single(random, type);
        return new Value(value.toString(), (a, c) -> false, "", value);
    }

    private static JsonNode single(Random random, int type) {
        return switch (type) {
            case 0 ->
                JSON.getNodeFactory().textNode(List.of("a", "b", "ab", "1").get(random.nextInt(4)));
            case 1 ->
                random.nextBoolean()
                        ? JSON.getNodeFactory().numberNode(random.nextInt(3) - 1)
                        : JSON.getNodeFactory().numberNode(new BigDecimal("0.50"));
            default -> JSON.getNodeFactory().booleanNode(random.nextBoolean());
        };
    }

    private static JsonNode facts(Random random) {
        ObjectNode facts = JSON.createObjectNode();
        for (String name : List.of("p", "q", "r")) {
            if (random.nextInt(5) > 0) {
                facts.set(name, fact(random));
            }
        }
        switch (random.nextInt(4)) {
            case 0 -> facts.set("o", fact(random));
            case 1 ->
                facts.set(
                        "o", JSON.createArrayNode().add(JSON.createObjectNode().put("p", "a")));
            default ->
                facts.set(
                        "o",
                        JSON.createObjectNode()
                                .<ObjectNode>set("p", fact(random))
                                .set("q", fact(random)));
        }
        return facts;
    }

    private static JsonNode fact(Random random) {
        if (random.nextInt(8) == 0) {
            return random.nextBoolean() ? JSON.nullNode() : JSON.createObjectNode();
        }
        if (random.nextInt(3) > 0) {
            return single(random, random.nextInt(3));
        }
        ArrayNode list = JSON.createArrayNode();
        IntStream.range(0, random.nextInt(4))
                .forEach(i -> list.add(random.nextInt(6) == 0 ? JSON.nullNode() : single(random, random.nextInt(3))));
        return list;
    }
}
