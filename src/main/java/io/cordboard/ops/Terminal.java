package io.cordboard.ops;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whom we talk with. Questions go to the error stream, so that the output can be piped on.
 *
 * @param console where a password can be typed unseen; null when there is none, and it is read like any other line
 */
record Terminal(BufferedReader in, PrintWriter out, PrintWriter err, @Nullable Console console) {

    /** Empty at the end of the input. */
    Optional<String> ask(String question) {
        err.print(question);
        err.flush();
        try {
            return Optional.ofNullable(in.readLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Empty at the end of the input. */
    Optional<String> askSecret(String question) {
        if (console == null) {
            return ask(question);
        }
        char[] typed = console.readPassword("%s", question);
        return typed == null ? Optional.empty() : Optional.of(new String(typed));
    }
}
