package io.cordboard.ops;

import static io.cordboard.ops.Table.text;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;

@Command(
        name = "activities",
        description = "Lists what agents can be doing: the statuses, and the reasons to be away.",
        footer = {"", "Example:", "  java -jar cordboard.jar ops activities --user sam"})
final class ActivityCommands implements Runnable {

    private final Session session;

    ActivityCommands(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        session.show(session.node().list("/v1/activities", Session.ALL), ActivityCommands::table);
    }

    private static Table table(JsonNode activities) {
        Table table = new Table("NAME", "KIND", "AVAILABLE", "CHOSEN BY AGENTS");
        activities
                .path("items")
                .forEach(activity -> table.row(
                        text(activity, "name"),
                        text(activity, "kind"),
                        text(activity, "available"),
                        text(activity, "chosen")));
        return table;
    }
}
