package io.cordboard.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code docs/queues.md} tells of every setting what may be in it. */
class QueuesPageTests {

    private static final Path PAGE = Path.of("docs/queues.md");
    private static final String BEGIN = "<!-- settings -->\n";
    private static final String END = "<!-- end of settings -->";

    /** {@code -Dcordboard.write=true} writes it. */
    @Test
    void theTableIsThatOfTheSettings() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        if (Boolean.getBoolean("cordboard.write")) {
            Files.writeString(PAGE, page.substring(0, begin) + SettingColumns.table() + page.substring(end));
            return;
        }
        assertThat(page.substring(begin, end))
                .as("run this test with -Dcordboard.write=true")
                .isEqualTo(SettingColumns.table());
    }
}
