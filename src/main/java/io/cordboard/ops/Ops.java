package io.cordboard.ops;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code java -jar cordboard.jar ops …}: one command, and its exit code. The application is not started for it. */
public final class Ops {

    private static final int REFUSED = 1;
    private static final int USAGE = 2;
    private static final int UNREACHABLE = 3;

    private Ops() {}

    /** Ends the process. */
    public static void main(String... arguments) {
        Terminal terminal = new Terminal(
                new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())),
                new PrintWriter(System.out, true),
                new PrintWriter(System.err, true),
                System.console());
        System.exit(run(System.getenv(), terminal, arguments));
    }

    /** @return 0 done; 1 refused by Cordboard, or nobody said yes; 2 wrong usage; 3 Cordboard cannot be reached */
    static int run(Map<String, String> environment, Terminal terminal, String... arguments) {
        Session session = new Session(environment, terminal);
        CommandLine ops = new CommandLine(session)
                .addSubcommand(new QueueCommands(session))
                .addSubcommand(new CallCommands(session))
                .addSubcommand(new ReservationCommands(session))
                .addSubcommand(new AgentCommands(session))
                .addSubcommand(new ConferenceCommands(session))
                .addSubcommand(new ActivityCommands(session))
                .addSubcommand(new TokenCommand(session));
        ops.setOut(terminal.out());
        ops.setErr(terminal.err());
        ops.setUsageHelpAutoWidth(true);
        ops.setExecutionExceptionHandler((problem, command, parsed) -> exitCode(problem, terminal.err()));
        return ops.execute(arguments);
    }

    private static int exitCode(Exception problem, PrintWriter err) throws Exception {
        if (problem instanceof Refused refused) {
            return told(err, refused.text(), REFUSED);
        }
        if (problem instanceof Session.Usage) {
            return told(err, problem.getMessage(), USAGE);
        }
        if (problem instanceof Unreachable) {
            return told(err, problem.getMessage(), UNREACHABLE);
        }
        throw problem;
    }

    private static int told(PrintWriter err, @Nullable String what, int code) {
        err.println(what);
        err.flush();
        return code;
    }
}
