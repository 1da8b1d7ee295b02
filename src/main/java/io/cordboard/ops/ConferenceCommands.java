package io.cordboard.ops;

import static io.cordboard.ops.Table.text;
import static io.cordboard.ops.Table.time;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "conferences",
        description = "Lists the conferences in which people talk at this moment.",
        footer = {"", "Example:", "  java -jar cordboard.jar ops conferences --user sam"})
final class ConferenceCommands implements Runnable {

    private final Session session;

    ConferenceCommands(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        session.show(session.node().list("/v1/conferences", Session.ALL), ConferenceCommands::table);
    }

    @Command(
            name = "end",
            description = "Ends the talk in a conference; the agent goes on to wrap-up.",
            footer = {"", "Example:", "  java -jar cordboard.jar ops conferences end CF0123456789abcdef --user sam"})
    void end(@Parameters(paramLabel = "CONFERENCE", description = "Its id at the carrier.") String conference) {
        session.confirm("Everybody in the conference " + conference + " is disconnected.");
        session.show(
                session.node().post("/v1/conferences/" + Node.encoded(conference) + "/end", null), CallCommands::now);
    }

    private static Table table(JsonNode conferences) {
        Table table = new Table("ID", "STATE", "CALL", "CALL STATE", "QUEUE", "SINCE", "PARTICIPANTS");
        conferences
                .path("items")
                .forEach(conference -> table.row(
                        text(conference, "id"),
                        text(conference, "state"),
                        text(conference, "call_id"),
                        text(conference, "call_state"),
                        text(conference, "queue"),
                        time(conference, "started_at"),
                        participants(conference)));
        return table;
    }

    private static String participants(JsonNode conference) {
        return StreamSupport.stream(conference.path("participants").spliterator(), false)
                .map(line -> text(line, "kind") + " " + text(line, line.has("agent") ? "agent" : "address"))
                .collect(Collectors.joining(", "));
    }
}
