package io.cordboard.routing.expression;

/** What a value of an agent or a call can be. */
public enum ValueType {
    TEXT("string"),
    NUMBER("number"),
    BOOLEAN("boolean"),
    LIST("array"),
    OBJECT("object");

    private final String json;

    ValueType(String json) {
        this.json = json;
    }

    /** As JSON and PostgreSQL's {@code jsonb_typeof} call it. */
    public String json() {
        return json;
    }
}
