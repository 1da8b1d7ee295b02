package io.cordboard.ops;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** What all commands have in common: where Cordboard is, who asks, and how to answer. */
@Command(
        name = "ops",
        description = "Looks after a running Cordboard from a terminal.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Who you are: --user or CORDBOARD_USER, with the password in",
            "CORDBOARD_PASSWORD or typed when asked; or --token or CORDBOARD_TOKEN.",
            "",
            "Exit codes: 0 done; 1 refused, or nobody said yes; 2 wrong usage;",
            "3 Cordboard cannot be reached.",
            "",
            "Example:",
            "  java -jar cordboard.jar ops queues --user sam"
        })
final class Session {

    /** More than any list that people look at. */
    static final int ALL = 100_000;

    private final Map<String, String> environment;
    private final Terminal terminal;
    private @Nullable Node node;

    @Option(
            names = "--url",
            scope = ScopeType.INHERIT,
            paramLabel = "URL",
            description = "Where Cordboard is; else CORDBOARD_URL, else this machine, port 8080.")
    private @Nullable String url;

    @Option(
            names = {"-u", "--user"},
            scope = ScopeType.INHERIT,
            paramLabel = "NAME",
            description = "Your user name; else CORDBOARD_USER.")
    private @Nullable String user;

    @Option(
            names = "--token",
            scope = ScopeType.INHERIT,
            paramLabel = "TOKEN",
            description = "An API token instead; else CORDBOARD_TOKEN.")
    private @Nullable String token;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print the API's JSON instead of a table.")
    private boolean json;

    @Option(
            names = {"-y", "--yes"},
            scope = ScopeType.INHERIT,
            description = "Do it without asking.")
    private boolean yes;

    @Option(
            names = {"-h", "--help"},
            scope = ScopeType.INHERIT,
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    Session(Map<String, String> environment, Terminal terminal) {
        this.environment = environment;
        this.terminal = terminal;
    }

    /** Logged in; what is given on the command line counts before what is in the environment. */
    Node node() {
        if (node == null) {
            node = stranger();
            String bearer = user == null ? setting(token, "CORDBOARD_TOKEN") : token;
            node.use(bearer == null ? logIn(node) : bearer);
        }
        return node;
    }

    /** Not logged in. */
    Node stranger() {
        String address = setting(url, "CORDBOARD_URL");
        return new Node(address == null ? "http://localhost:8080" : address);
    }

    private String logIn(Node at) {
        String name = setting(user, "CORDBOARD_USER");
        if (name == null) {
            throw new Usage(
                    "Say who you are: --user or CORDBOARD_USER, or an API token in --token or CORDBOARD_TOKEN.");
        }
        String password = setting(null, "CORDBOARD_PASSWORD");
        return at.logIn(name, password == null ? passwordOf(name) : password)
                .path("token")
                .asText();
    }

    /** Asks for it. */
    String passwordOf(String name) {
        return terminal.askSecret("Password of " + name + ": ")
                .filter(typed -> !typed.isEmpty())
                .orElseThrow(() -> new Usage("No password was typed. CORDBOARD_PASSWORD has it for --user."));
    }

    /**
     * Goes on only when somebody wants it.
     *
     * @param what is going to happen, as a sentence
     */
    void confirm(String what) {
        if (!yes
                && terminal.ask(what + "\nType yes to go on: ")
                        .filter(typed -> typed.strip().equalsIgnoreCase("yes"))
                        .isEmpty()) {
            throw new Refused("Nothing was done.", "Type yes, or add --yes.");
        }
    }

    /** Prints an answer: as it came, or for people. */
    void show(JsonNode answer, Function<JsonNode, Object> forPeople) {
        terminal.out().println(json ? pretty(answer) : forPeople.apply(answer));
        terminal.out().flush();
    }

    private static String pretty(JsonNode answer) {
        try {
            return Node.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private @Nullable String setting(@Nullable String given, String variable) {
        String value = given == null ? environment.get(variable) : given;
        return value == null || value.isBlank() ? null : value;
    }

    /** The command cannot be carried out as it was given. */
    static final class Usage extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Usage(String message) {
            super(message);
        }
    }
}
