package io.cordboard.flow.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.ibatis.mapping.BoundSql;
import org.apache.ibatis.mapping.ParameterMapping;
import org.apache.ibatis.reflection.MetaObject;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.type.JdbcType;
import org.apache.ibatis.type.TypeHandler;
import org.camunda.bpm.engine.impl.db.entitymanager.operation.DbEntityOperation;
import org.camunda.bpm.engine.impl.db.entitymanager.operation.DbOperationType;
import org.jspecify.annotations.Nullable;

/**
 * Many inserts, updates and deletes as one SQL statement: each becomes a common table expression, with the engine's own
 * text and parameters. Rows of one table that are inserted or deleted share a part. Foreign keys are checked when the
 * statement ends, so the order of the parts does not matter.
 */
final class OneStatement {

    private static final Pattern INSERT =
            Pattern.compile("(insert\\s+into\\s.*\\)\\s*values)(.*)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern DELETE =
            Pattern.compile("(delete\\s+from\\s+\\S+\\s+where)(.*)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private final Configuration mappings;
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private final Passages passages = new Passages();

    OneStatement(Configuration mappings) {
        this.mappings = mappings;
    }

    /** @param statement name of the engine's own statement for the operation */
    void add(DbEntityOperation operation, String statement) {
        if (passages.take(operation)) {
            return;
        }
        BoundSql sql = mappings.getMappedStatement(statement).getBoundSql(operation.getEntity());
        String text = sql.getSql().strip();
        Matcher insert = INSERT.matcher(text);
        Matcher delete = DELETE.matcher(text);
        DbOperationType type = operation.getOperationType();
        if (type == DbOperationType.INSERT && insert.matches()) {
            shared(insert.group(1), ", ", false).add(insert.group(2), operation, sql);
        } else if (type == DbOperationType.DELETE && delete.matches()) {
            shared(delete.group(1), " OR ", true).add("(" + delete.group(2) + ")", operation, sql);
        } else {
            Part own = new Part("", "", type != DbOperationType.INSERT);
            own.add(text, operation, sql);
            parts.put("part " + parts.size(), own);
        }
    }

    private Part shared(String head, String between, boolean counted) {
        return parts.computeIfAbsent(head.toLowerCase(Locale.ROOT), key -> new Part(head + " ", between, counted));
    }

    /**
     * @return how many rows each operation met: where rows share a part and one is missing, none for all of them, because
     *     nobody knows which
     */
    Map<DbEntityOperation, Integer> execute(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(text())) {
            int index = 1;
            for (Part part : parts.values()) {
                for (int i = 0; i < part.operations.size(); i++) {
                    index = bind(statement, index, part.operations.get(i), part.parameters.get(i));
                }
            }
            passages.bind(statement, index);
            try (ResultSet counts = statement.executeQuery()) {
                counts.next();
                return rows(counts);
            }
        }
    }

    private Map<DbEntityOperation, Integer> rows(ResultSet counts) throws SQLException {
        Map<DbEntityOperation, Integer> rows = new HashMap<>();
        int column = 1;
        for (Part part : parts.values()) {
            boolean all = !part.counted || counts.getInt(column++) == part.operations.size();
            part.operations.forEach(operation -> rows.put(operation, all ? 1 : 0));
        }
        passages.operations().forEach(operation -> rows.put(operation, 1));
        return rows;
    }

    private String text() {
        List<String> named = new ArrayList<>();
        List<String> counts = new ArrayList<>();
        for (Part part : parts.values()) {
            String name = "part" + named.size();
            named.add(name + " AS (" + part.text() + ")");
            if (part.counted) {
                counts.add("(SELECT count(*) FROM " + name + ")");
            }
        }
        if (!passages.operations().isEmpty()) {
            named.add(Passages.PART);
        }
        return "WITH " + String.join(",\n", named) + "\nSELECT " + (counts.isEmpty() ? "1" : String.join(", ", counts));
    }

    @SuppressWarnings("unchecked")
    private int bind(PreparedStatement statement, int from, DbEntityOperation operation, BoundSql sql)
            throws SQLException {
        MetaObject properties = mappings.newMetaObject(operation.getEntity());
        int index = from;
        for (ParameterMapping parameter : sql.getParameterMappings()) {
            String name = parameter.getProperty();
            @Nullable
            Object value =
                    sql.hasAdditionalParameter(name) ? sql.getAdditionalParameter(name) : properties.getValue(name);
            @Nullable JdbcType type = parameter.getJdbcType();
            ((TypeHandler<Object>) parameter.getTypeHandler())
                    .setParameter(
                            statement,
                            index++,
                            value,
                            value == null && type == null ? mappings.getJdbcTypeForNull() : type);
        }
        return index;
    }

    /** One common table expression, with the operations whose parameters it takes in their order. */
    private static final class Part {

        private final String head;
        private final String between;
        private final boolean counted;
        private final List<String> sections = new ArrayList<>();
        private final List<DbEntityOperation> operations = new ArrayList<>();
        private final List<BoundSql> parameters = new ArrayList<>();

        private Part(String head, String between, boolean counted) {
            this.head = head;
            this.between = between;
            this.counted = counted;
        }

        private void add(String section, DbEntityOperation operation, BoundSql sql) {
            sections.add(section);
            operations.add(operation);
            parameters.add(sql);
        }

        private String text() {
            return head + String.join(between, sections) + (counted ? " RETURNING 1" : "");
        }
    }
}
