package io.cordboard.routing;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
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

    /**
     * @param field as in the body of a request
     * @param name of the column
     */
    private record Column(RecordComponent component, String field, String name, Schema range) {

        private static final String SECONDS = "_seconds";

        static Column of(RecordComponent component) {
            String field = SnakeCaseStrategy.INSTANCE.translate(component.getName());
            return new Column(
                    component,
                    field,
                    field.endsWith(SECONDS) ? field.substring(0, field.length() - SECONDS.length()) : field,
                    component.getAccessor().getAnnotation(Schema.class));
        }

        private boolean isInterval() {
            return field.endsWith(SECONDS);
        }

        private boolean isList() {
            return component.getType() == List.class;
        }

        Object usual() {
            Class<?> type = component.getType();
            if (isList()) {
                return List.of();
            }
            String usual = range.defaultValue();
            if (type == Integer.class) {
                return Integer.valueOf(usual);
            }
            if (type == Boolean.class) {
                return Boolean.valueOf(usual);
            }
            return type == BigDecimal.class ? new BigDecimal(usual) : usual;
        }

        List<SettingFault> fault(@Nullable Object value) {
            boolean fits = value instanceof List<?> list
                    ? list.stream().allMatch(this::isAllowed)
                    : value instanceof Number number ? isWithin(new BigDecimal(number.toString())) : isAllowed(value);
            return fits ? List.of() : List.of(new SettingFault(field, field + " cannot be " + value + ".", expected()));
        }

        private boolean isWithin(BigDecimal number) {
            return number.compareTo(new BigDecimal(range.minimum())) >= 0
                    && number.compareTo(new BigDecimal(range.maximum())) <= 0;
        }

        private boolean isAllowed(@Nullable Object value) {
            return range.allowableValues().length == 0
                    || Arrays.asList(range.allowableValues()).contains(value);
        }

        String expected() {
            if (isList()) {
                return "Send a list of any of " + String.join(", ", range.allowableValues()) + ", or leave it out.";
            }
            String kinds = range.allowableValues().length > 0
                    ? "one of " + String.join(", ", range.allowableValues())
                    : component.getType() == Boolean.class
                            ? "true or false"
                            : (isInterval() ? "seconds, " : "a whole number, ") + range.minimum() + " to "
                                    + range.maximum();
            return "Send " + kinds + "; leave it out for " + range.defaultValue() + ".";
        }

        String written() {
            if (isInterval()) {
                return "make_interval(secs => CAST(:" + name + " AS double precision))";
            }
            return isList() ? "CAST(:" + name + " AS text[])" : ":" + name;
        }

        String selected() {
            return isInterval() ? "extract(epoch FROM q." + name + ") AS " + name : "q." + name;
        }

        Object read(ResultSet row) throws SQLException {
            if (isList()) {
                return List.of((String[]) row.getArray(name).getArray());
            }
            Class<?> type = component.getType();
            if (type == Integer.class) {
                return row.getInt(name);
            }
            return type == BigDecimal.class
                    ? seconds(row.getBigDecimal(name))
                    : type == Boolean.class ? row.getBoolean(name) : row.getString(name);
        }
    }

    /** As people write it: 10, not 10.000000. */
    static BigDecimal seconds(BigDecimal exact) {
        BigDecimal brief = exact.stripTrailingZeros();
        return brief.scale() < 0 ? brief.setScale(0) : brief;
    }
}
