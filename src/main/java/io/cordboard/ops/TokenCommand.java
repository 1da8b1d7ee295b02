package io.cordboard.ops;

import static io.cordboard.ops.Table.text;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "token",
        description = "Asks for an agent's password and prints an access token for a quarter of an hour.",
        footer = {"", "Example:", "  curl -H \"Authorization: Bearer $(java -jar cordboard.jar ops token charles)\" …"})
final class TokenCommand implements Runnable {

    private final Session session;

    @Parameters(paramLabel = "AGENT", description = "The user name.")
    private String agent = "";

    TokenCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        JsonNode login = session.stranger().logIn(agent, session.passwordOf(agent));
        session.show(login, it -> text(it, "token"));
    }
}
