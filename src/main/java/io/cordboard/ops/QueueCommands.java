package io.cordboard.ops;

import static io.cordboard.ops.Table.text;
import static io.cordboard.ops.Table.time;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "queues",
        description = "Lists the queues with their figures of this moment.",
        footer = {"", "Example:", "  java -jar cordboard.jar ops queues --user sam"})
final class QueueCommands implements Runnable {

    private final Session session;

    QueueCommands(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        session.show(session.node().list("/v1/queues", Session.ALL), QueueCommands::table);
    }

    @Command(
            name = "cancel-calls",
            description = "Hangs up every caller who waits in a queue. For administrators.",
            footer = {"", "Example:", "  java -jar cordboard.jar ops queues cancel-calls support --user boss"})
    void cancelCalls(@Parameters(paramLabel = "QUEUE", description = "Its name or id.") String queue) {
        JsonNode found = find(queue);
        session.confirm("Every caller who waits in the queue " + text(found, "name") + " is hung up.");
        session.show(
                session.node().all("/v1/queues/" + text(found, "id") + "/calls/cancel"),
                done -> CallCommands.many(done, "canceled"));
    }

    private JsonNode find(String queue) {
        for (JsonNode candidate : session.node().list("/v1/queues", Session.ALL).path("items")) {
            if (queue.equals(text(candidate, "name")) || queue.equals(text(candidate, "id"))) {
                return candidate;
            }
        }
        throw new Refused("There is no queue " + queue + ".", "The command queues lists those there are.");
    }

    private static Table table(JsonNode queues) {
        Table table =
                new Table("NAME", "WAITING", "MAX", "AVERAGE WAIT", "LONGEST WAIT", "AGENTS FREE", "CREATED", "ID");
        queues.path("items")
                .forEach(queue -> table.row(
                        text(queue, "friendly_name"),
                        text(queue, "current_size"),
                        text(queue, "max_size"),
                        text(queue, "average_wait_time") + " s",
                        text(queue, "longest_wait_time") + " s",
                        text(queue, "agents_available") + " of " + text(queue, "agents_eligible"),
                        time(queue, "created_at"),
                        text(queue, "id")));
        return table;
    }
}
