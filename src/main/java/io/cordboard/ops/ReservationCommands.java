package io.cordboard.ops;

import static io.cordboard.ops.Table.text;
import static io.cordboard.ops.Table.time;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "reservations",
        description = "Lists who was asked to take which call, newest first.",
        footer = {"", "Example:", "  java -jar cordboard.jar ops reservations --status timeout --user sam"})
final class ReservationCommands implements Runnable {

    private final Session session;

    @Option(
            names = "--status",
            description =
                    "Only those in this status: pending, accepted, rejected, timeout, canceled, rescinded, wrapping or"
                            + " completed.")
    private @Nullable String status;

    @Option(names = "--limit", defaultValue = "50", description = "How many at most; ${DEFAULT-VALUE} unless given.")
    private int limit;

    ReservationCommands(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        String path = "/v1/reservations" + (status == null ? "" : "?status=" + Node.encoded(status));
        session.show(session.node().list(path, limit), ReservationCommands::table);
    }

    private static Table table(JsonNode reservations) {
        Table table = new Table("ID", "STATUS", "AGENT", "QUEUE", "FROM", "WAITED", "OFFERED", "REASON", "CALL");
        reservations
                .path("items")
                .forEach(reservation -> table.row(
                        text(reservation, "id"),
                        text(reservation, "status"),
                        text(reservation, "agent"),
                        text(reservation, "queue"),
                        text(reservation, "caller"),
                        text(reservation, "waited_seconds") + " s",
                        time(reservation, "offered_at"),
                        text(reservation, "reason"),
                        text(reservation, "call_id")));
        return table;
    }
}
