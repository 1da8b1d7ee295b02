package io.cordboard.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.util.FileSystemUtils;

/** The whole application on a port of its own and a fresh PostgreSQL; every subclass shares one Spring context. */
@AutoConfigureObservability(tracing = false)
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ActiveProfiles({"development", "test"})
public abstract class ApplicationTest {

    private static final Path DATA = freshFolder();

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry registry) {
        registry.add("cordboard.data-dir", DATA::toString);
        registry.add("cordboard.demo-password", () -> Login.PASSWORD);
        registry.add("cordboard.admin-password", () -> Login.PASSWORD);
        registry.add("cordboard.assignment-callbacks.timeout", () -> "3s");
        registry.add("cordboard.assignment-callbacks.before-fallback", () -> "1s");
    }

    private static Path freshFolder() {
        try {
            Path all = Files.createDirectories(Path.of("target", "test-data"));
            deleteWhatEarlierRunsLeft(all);
            return Files.createTempDirectory(all, "db");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deleteWhatEarlierRunsLeft(Path all) throws IOException {
        try (var folders = Files.list(all)) {
            for (Path folder : folders.toList()) {
                if (!Files.exists(folder.resolve("postgres/postmaster.pid"))) {
                    FileSystemUtils.deleteRecursively(folder);
                }
            }
        }
    }
}
