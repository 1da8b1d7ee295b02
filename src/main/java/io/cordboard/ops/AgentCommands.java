package io.cordboard.ops;

import static io.cordboard.ops.Table.text;
import static io.cordboard.ops.Table.time;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "agents",
        description = "Lists the agents with their status.",
        footer = {"", "Example:", "  java -jar cordboard.jar ops agents --status busy --user sam"})
final class AgentCommands implements Runnable {

    private final Session session;

    @Option(names = "--status", description = "Only those: available, away, offline, ringing or busy.")
    private @Nullable String status;

    AgentCommands(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        String path = "/v1/agents" + (status == null ? "" : "?status=" + Node.encoded(status));
        session.show(session.node().list(path, Session.ALL), AgentCommands::table);
    }

    @Command(
            name = "release",
            description = "Frees an agent from what holds them: an offer, phones that ring, a wrap-up.",
            footer = {"", "Example:", "  java -jar cordboard.jar ops agents release charles --user sam"})
    void release(
            @Parameters(paramLabel = "AGENT", description = "The user name or id.") String agent,
            @Option(names = "--end-call", description = "A talk as well, which ends it.") boolean endCall) {
        JsonNode found = find(agent);
        session.confirm(text(found, "name") + " is freed at once" + (endCall ? "; a talk is ended." : "."));
        session.show(
                session.node().post("/v1/agents/" + text(found, "id") + "/release", Map.of("end_call", endCall)),
                released -> text(found, "name") + " is free; what held them: " + text(released, "released") + ".");
    }

    private JsonNode find(String agent) {
        for (JsonNode candidate : session.node().list("/v1/agents", Session.ALL).path("items")) {
            if (agent.equals(text(candidate, "username")) || agent.equals(text(candidate, "id"))) {
                return candidate;
            }
        }
        throw new Refused("There is no agent " + agent + ".", "The command agents lists those there are.");
    }

    private static Table table(JsonNode agents) {
        Table table = new Table("USER NAME", "NAME", "STATUS", "SINCE", "CHOSEN", "REASON", "TAGS", "ID");
        agents.path("items")
                .forEach(agent -> table.row(
                        text(agent, "username"),
                        text(agent, "name"),
                        text(agent, "status"),
                        time(agent, "status_since"),
                        text(agent, "chosen_status"),
                        text(agent, agent.has("reason") ? "reason" : "status_reason"),
                        tags(agent),
                        text(agent, "id")));
        return table;
    }

    private static String tags(JsonNode agent) {
        String tags = StreamSupport.stream(agent.path("tag_ids").spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining(","));
        return tags.isEmpty() ? "-" : tags;
    }
}
