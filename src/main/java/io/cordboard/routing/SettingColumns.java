package io.cordboard.routing;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a queue that are one column each: what may be in them, and how they are written and read. All of it
 * follows from the components of {@link QueueSettings}, so that a new setting is told at one place.
 */
final class SettingColumns {

    /** What has a meaning beyond its range, and is dealt with by {@link QueueBook}. */
    private static final Set<String> OTHERS = Set.of("name", "requiredTags", "match", "expression", "rings", "tiers");

    private static final List<Column> ALL = Arrays.stream(QueueSettings.class.getRecordComponents())
            .filter(component -> !OTHERS.contains(component.getName()))
            .map(Column::of)
            .toList();

    private static final Constructor<QueueSettings> CONSTRUCTOR = constructor();

    private SettingColumns() {}

    /** With the usual values where there are none. */
    static QueueSettings completed(QueueSettings given) {
        return settings(component -> {
            Object value = value(given, component);
            if (value instanceof String text && component.getName().equals("name")) {
                return text.strip();
            }
            return value != null
                    ? value
                    : switch (component.getName()) {
                        case "requiredTags", "rings", "tiers" -> List.of();
                        case "match" -> "all";
                        case "name", "expression" -> null;
                        default -> Column.of(component).usual();
                    };
        });
    }

    /** What is outside of its range. */
    static List<SettingFault> faults(QueueSettings settings) {
        return ALL.stream()
                .flatMap(column -> column.fault(value(settings, column.component)).stream())
                .toList();
    }

    /** Their names as in {@code INSERT INTO queue (…)}. */
    static String names() {
        return ALL.stream().map(column -> column.name).collect(Collectors.joining(", "));
    }

    /** Their values in the order of {@link #names}, by the parameters of {@link #parameters}. */
    static String values() {
        return ALL.stream().map(Column::written).collect(Collectors.joining(", "));
    }

    /** What to select to {@link #read} them; the queue is {@code q}. */
    static String selected() {
        return ALL.stream().map(Column::selected).collect(Collectors.joining(", "));
    }

    static Map<String, @Nullable Object> parameters(QueueSettings settings) {
        Map<String, @Nullable Object> parameters = new HashMap<>();
        for (Column column : ALL) {
            Object value = value(settings, column.component);
            parameters.put(column.name, value instanceof List<?> list ? list.toArray(String[]::new) : value);
        }
        return parameters;
    }

    /** @param others the values of the components that are no columns of their own, by name */
    static QueueSettings read(ResultSet row, Map<String, @Nullable Object> others) throws SQLException {
        Map<String, @Nullable Object> values = new HashMap<>(others);
        for (Column column : ALL) {
            values.put(column.component.getName(), column.read(row));
        }
        return settings(component -> values.get(component.getName()));
    }

    /** What may be in the field of this name; empty for one that is no column of its own. */
    static String expected(String field) {
        return ALL.stream()
                .filter(column -> column.field.equals(field))
                .map(Column::expected)
                .findFirst()
                .orElse("");
    }

    /** All of them in Markdown. */
    static String table() {
        return ALL.stream()
                .map(Column::line)
                .collect(Collectors.joining("\n", "| setting | usual | may be | meaning |\n|---|---|---|---|\n", "\n"));
    }

    /** The same with these components empty. */
    static QueueSettings without(QueueSettings given, String... components) {
        return settings(
                component -> Arrays.asList(components).contains(component.getName()) ? null : value(given, component));
    }

    private static QueueSettings settings(Function<RecordComponent, @Nullable Object> values) {
        try {
            return CONSTRUCTOR.newInstance(Arrays.stream(QueueSettings.class.getRecordComponents())
                    .map(values)
                    .toArray());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static @Nullable Object value(QueueSettings settings, RecordComponent component) {
        try {
            return component.getAccessor().invoke(settings);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Constructor<QueueSettings> constructor() {
        try {
            return QueueSettings.class.getDeclaredConstructor(Arrays.stream(QueueSettings.class.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new));
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a setting can be; follows from its Java type. */
    private enum Kind {
        /** A {@link BigDecimal} whose name ends in Seconds. */
        INTERVAL,
        WHOLE,
        TRUTH,
        LIST,
        /** A text out of few. */
        CHOICE,
        /** Any text, or none. */
        TEXT;

        static Kind of(RecordComponent component, Schema range) {
            Class<?> type = component.getType();
            if (type == BigDecimal.class) {
                return INTERVAL;
            }
            if (type == Integer.class) {
                return WHOLE;
            }
            if (type == Boolean.class) {
                return TRUTH;
            }
            return range.allowableValues().length > 0 ? CHOICE : TEXT;
        }
    }

    /**
     * @param field as in the body of a request
     * @param name of the column
     * @param range of a list that of its elements
     * @param most elements of a list
     */
    private record Column(
            RecordComponent component,
            String field,
            String name,
            Schema range,
            int most,
            String description,
            Kind kind) {

        static Column of(RecordComponent component) {
            String field = SnakeCaseStrategy.INSTANCE.translate(component.getName());
            String name = field.replaceFirst("_seconds$", "");
            if (component.getType() == List.class) {
                ArraySchema list = component.getAccessor().getAnnotation(ArraySchema.class);
                return new Column(
                        component,
                        field,
                        name,
                        list.schema(),
                        Math.max(list.maxItems(), list.schema().allowableValues().length),
                        list.arraySchema().description(),
                        Kind.LIST);
            }
            Schema range = component.getAccessor().getAnnotation(Schema.class);
            return new Column(component, field, name, range, 1, range.description(), Kind.of(component, range));
        }

        @Nullable
        Object usual() {
            String usual = range.defaultValue();
            return switch (kind) {
                case INTERVAL -> new BigDecimal(usual);
                case WHOLE -> Integer.valueOf(usual);
                case TRUTH -> Boolean.valueOf(usual);
                case LIST -> List.of();
                case CHOICE -> usual;
                case TEXT -> usual.equals(Schema.DEFAULT_SENTINEL) ? null : usual;
            };
        }

        List<SettingFault> fault(@Nullable Object value) {
            boolean fits = value == null
                    || switch (kind) {
                        case INTERVAL, WHOLE -> isWithin(new BigDecimal(value.toString()));
                        case TRUTH -> true;
                        case LIST ->
                            ((List<?>) value).size() <= most
                                    && ((List<?>) value).stream().allMatch(this::isAllowed);
                        case CHOICE -> isAllowed(value);
                        case TEXT -> value.toString().length() <= range.maxLength();
                    };
            return fits ? List.of() : List.of(new SettingFault(field, field + " cannot be " + value + ".", expected()));
        }

        private boolean isWithin(BigDecimal number) {
            return number.compareTo(new BigDecimal(range.minimum())) >= 0
                    && number.compareTo(new BigDecimal(range.maximum())) <= 0;
        }

        private boolean isAllowed(@Nullable Object value) {
            return range.pattern().isEmpty()
                    ? range.allowableValues().length == 0
                            || Arrays.asList(range.allowableValues()).contains(value)
                    : value != null && value.toString().matches(range.pattern());
        }

        /** What may be in it; the choices between two of the marks. */
        private String values(String mark) {
            String choices = Arrays.stream(range.allowableValues())
                    .map(value -> mark + value + mark)
                    .collect(Collectors.joining(", "));
            return switch (kind) {
                case INTERVAL, WHOLE -> range.minimum() + " to " + range.maximum();
                case TRUTH -> mark + "true" + mark + ", " + mark + "false" + mark;
                case LIST ->
                    choices.isEmpty()
                            ? "at most " + most + " of " + mark + range.pattern() + mark
                            : "any of " + choices;
                case CHOICE -> choices;
                case TEXT -> "at most " + range.maxLength() + " characters";
            };
        }

        String expected() {
            String what =
                    switch (kind) {
                        case INTERVAL -> "seconds, ";
                        case WHOLE -> "a whole number, ";
                        case TRUTH, CHOICE -> "one of ";
                        case LIST -> "a list, ";
                        case TEXT -> "a text, ";
                    };
            return "Send " + what + values("") + "; leave it out for " + Objects.requireNonNullElse(usual(), "none")
                    + ".";
        }

        String line() {
            Object usual = usual();
            String shown = usual == null || kind == Kind.LIST ? "none" : "`" + usual + "`";
            return "| `" + field + "` | " + shown + " | " + values("`") + " | " + description + " |";
        }

        String written() {
            return switch (kind) {
                case INTERVAL -> "make_interval(secs => CAST(:" + name + " AS double precision))";
                case LIST -> "CAST(:" + name + " AS text[])";
                default -> ":" + name;
            };
        }

        String selected() {
            return kind == Kind.INTERVAL ? "extract(epoch FROM q." + name + ") AS " + name : "q." + name;
        }

        @Nullable
        Object read(ResultSet row) throws SQLException {
            return switch (kind) {
                case INTERVAL -> seconds(row.getBigDecimal(name));
                case WHOLE -> row.getInt(name);
                case TRUTH -> row.getBoolean(name);
                case LIST -> List.of((String[]) row.getArray(name).getArray());
                case CHOICE, TEXT -> row.getString(name);
            };
        }
    }

    /** As people write it: 10, not 10.000000. */
    static BigDecimal seconds(BigDecimal exact) {
        BigDecimal brief = exact.stripTrailingZeros();
        return brief.scale() < 0 ? brief.setScale(0) : brief;
    }
}
