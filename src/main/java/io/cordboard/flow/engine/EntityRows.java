package io.cordboard.flow.engine;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.ibatis.mapping.ResultMap;
import org.apache.ibatis.mapping.ResultMapping;
import org.apache.ibatis.reflection.MetaObject;
import org.apache.ibatis.session.Configuration;
import org.camunda.bpm.engine.impl.db.DbEntity;
import org.jspecify.annotations.Nullable;

/** Makes the engine's entities from rows we read ourselves, and rows from entities, by the engine's own mapping. */
final class EntityRows {

    private EntityRows() {}

    /** How the rows of one of the engine's queries become entities. */
    static ResultMap mapping(Configuration mappings, String query) {
        List<ResultMap> results = mappings.getMappedStatement(query).getResultMaps();
        return results.get(0);
    }

    /**
     * @param row values by column name in lower case; they must have the type of the property
     * @param convert makes a value of the property's type
     */
    static DbEntity entity(Configuration mappings, ResultMap mapping, Map<String, ?> row, Conversion convert) {
        ResultMap exact = mapping;
        if (mapping.getDiscriminator() != null) {
            @Nullable Object kind = row.get(column(mapping.getDiscriminator().getResultMapping()));
            exact = mappings.getResultMap(mapping.getDiscriminator().getMapIdFor(String.valueOf(kind)));
        }
        Object entity = mappings.getObjectFactory().create(exact.getType());
        MetaObject properties = mappings.newMetaObject(entity);
        for (ResultMapping result : exact.getResultMappings()) {
            @Nullable Object value = row.get(column(result));
            if (value != null) {
                String property = result.getProperty();
                properties.setValue(property, convert.to(properties.getSetterType(property), value));
            }
        }
        return (DbEntity) entity;
    }

    /** The opposite of {@link #entity}: what is not null, by column name in lower case. */
    static Map<String, Object> row(Configuration mappings, ResultMap mapping, DbEntity entity) {
        MetaObject properties = mappings.newMetaObject(entity);
        Map<String, Object> row = new TreeMap<>();
        for (ResultMapping result : mapping.getResultMappings()) {
            @Nullable Object value = properties.getValue(result.getProperty());
            if (value != null) {
                row.put(column(result), value);
            }
        }
        return row;
    }

    private static String column(ResultMapping result) {
        return result.getColumn().toLowerCase(Locale.ROOT);
    }

    @FunctionalInterface
    interface Conversion {
        Object to(Class<?> type, Object value);
    }
}
