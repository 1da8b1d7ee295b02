package io.cordboard.ops;

import static io.cordboard.ops.Table.text;
import static io.cordboard.ops.Table.time;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "calls",
        description = "Lists calls, newest first.",
        footer = {
            "",
            "Examples:",
            "  java -jar cordboard.jar ops calls --open --user sam",
            "  java -jar cordboard.jar ops calls --reservations --limit 10 --user sam"
        })
final class CallCommands implements Runnable {

    private static final String CALL = "CALL";
    private static final String CALL_ID = "The id of the call.";

    private final Session session;

    @Option(names = "--open", description = "Only those whose caller is on the line.")
    private boolean open;

    @Option(names = "--reservations", description = "With everybody who was asked to take them, and their lines.")
    private boolean reservations;

    @Option(names = "--limit", defaultValue = "50", description = "How many at most; ${DEFAULT-VALUE} unless given.")
    private int limit;

    CallCommands(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        List<String> query = new ArrayList<>();
        if (open) {
            query.add("open=true");
        }
        if (reservations) {
            query.add("include=legs,reservations");
        }
        session.show(
                session.node().list("/v1/calls" + (query.isEmpty() ? "" : "?" + String.join("&", query)), limit),
                reservations ? CallCommands::inFull : CallCommands::table);
    }

    @Command(
            name = "show",
            description = "Shows one call with its lines and everybody who was asked to take it.",
            footer = {"", "Example:", "  java -jar cordboard.jar ops calls show 019ab9f0-6d0e-…"})
    void show(@Parameters(paramLabel = CALL, description = CALL_ID) String call) {
        session.show(session.node().get(path(call, "")), CallCommands::inFull);
    }

    @Command(
            name = "end",
            description = "Ends a talk; the agent goes on to wrap-up.",
            footer = {"", "Example:", "  java -jar cordboard.jar ops calls end 019ab9f0-6d0e-…"})
    void end(@Parameters(paramLabel = CALL, description = CALL_ID) String call) {
        session.confirm("Caller and agent of call " + call + " are disconnected.");
        session.show(session.node().post(path(call, "/end"), null), CallCommands::now);
    }

    @Command(
            name = "cancel",
            description = "Hangs up a caller who waits or, for administrators, every one.",
            footer = {
                "",
                "Examples:",
                "  java -jar cordboard.jar ops calls cancel 019ab9f0-6d0e-…",
                "  java -jar cordboard.jar ops calls cancel --all --user boss"
            })
    void cancel(@ArgGroup(multiplicity = "1") Which which) {
        String call = which.call;
        if (call == null) {
            session.confirm("Every caller who waits in any queue is hung up.");
            session.show(session.node().all("/v1/calls/cancel"), done -> many(done, "canceled"));
        } else {
            session.confirm("The caller of call " + call + " is hung up.");
            session.show(session.node().post(path(call, "/cancel"), null), CallCommands::now);
        }
    }

    @Command(
            name = "complete-wrap-up",
            description = "Completes a wrap-up that does not come to its end, or all; nothing is written down.",
            footer = {
                "",
                "Examples:",
                "  java -jar cordboard.jar ops calls complete-wrap-up 019ab9f0-6d0e-…",
                "  java -jar cordboard.jar ops calls complete-wrap-up --all --user sam"
            })
    void completeWrapUp(@ArgGroup(multiplicity = "1") Which which) {
        String call = which.call;
        if (call == null) {
            session.confirm("All agents who are wrapping up are free at once.");
            session.show(session.node().all("/v1/calls/wrap-ups/complete"), done -> many(done, "completed"));
        } else {
            session.confirm("The agent who wraps up call " + call + " is free at once.");
            session.show(session.node().post(path(call, "/wrap-up/complete"), null), CallCommands::now);
        }
    }

    /** One call or all. */
    static final class Which {

        @Parameters(paramLabel = CALL, description = CALL_ID)
        private @Nullable String call;

        @Option(names = "--all", required = true, description = "All of them.")
        private boolean all;
    }

    private static String path(String call, String what) {
        return "/v1/calls/" + Node.encoded(call) + what;
    }

    private static Table table(JsonNode calls) {
        Table table = new Table("ID", "STATUS", "STATE", "QUEUE", "FROM", "AGENT", "STARTED", "OUTCOME");
        calls.path("items")
                .forEach(call -> table.row(
                        text(call, "id"),
                        text(call, "task_status"),
                        text(call, "state"),
                        text(call, "queue"),
                        text(call, "from"),
                        text(call, "agent"),
                        time(call, "started_at"),
                        text(call, "outcome")));
        return table;
    }

    /** One call, or all of a list, with lines and reservations. */
    private static String inFull(JsonNode answer) {
        if (!answer.has("items")) {
            return block(answer);
        }
        List<String> blocks = new ArrayList<>();
        answer.path("items").forEach(call -> blocks.add(block(call)));
        return blocks.isEmpty() ? "No calls." : String.join("\n\n", blocks);
    }

    private static String block(JsonNode call) {
        Table lines = new Table("call", text(call, "id"));
        lines.row("status", text(call, "task_status") + " (" + text(call, "state") + ")");
        lines.row("queue", text(call, "queue"));
        lines.row("from", text(call, "from"));
        lines.row("conference", text(call.path("conference"), "id"));
        lines.row("agent call", line(call, "agent"));
        lines.row("customer call", line(call, "caller"));
        if (call.hasNonNull("outcome")) {
            lines.row("outcome", text(call, "outcome"));
        }
        if (call.path("reservations").isEmpty()) {
            return lines + "\nno reservations";
        }
        Table asked = new Table("  RESERVATION", "STATUS", "AGENT", "OFFERED", "REASON");
        call.path("reservations")
                .forEach(reservation -> asked.row(
                        "  " + text(reservation, "id"),
                        text(reservation, "status"),
                        text(reservation, "agent"),
                        time(reservation, "offered_at"),
                        text(reservation, "reason")));
        return lines + "\n" + asked;
    }

    /** The carrier's id of the last line of this kind that was picked up, else of the last. */
    private static String line(JsonNode call, String kind) {
        String last = "-";
        boolean answered = false;
        for (JsonNode leg : call.path("legs")) {
            boolean picked = leg.hasNonNull("answered_at");
            if (kind.equals(text(leg, "kind")) && (picked || !answered)) {
                last = text(leg, "provider_id");
                answered = picked;
            }
        }
        return last;
    }

    static String now(JsonNode call) {
        String outcome = text(call, "outcome");
        return "Call " + text(call, "id") + " is " + text(call, "state")
                + (outcome.equals("-") ? "." : ": " + outcome + ".");
    }

    static String many(JsonNode done, String what) {
        StringBuilder text = new StringBuilder(done.path("count").asInt() + " " + what + ", "
                + done.path("left").asInt() + " left.");
        done.path("ids").forEach(id -> text.append('\n').append(id.asText()));
        return text.toString();
    }
}
