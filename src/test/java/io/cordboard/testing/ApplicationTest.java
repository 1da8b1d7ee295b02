package io.cordboard.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The whole application on a port of its own and a fresh PostgreSQL; every subclass shares one Spring context. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ActiveProfiles({"development", "test"})
public abstract class ApplicationTest {

    private static final Path DATA = freshFolder();

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry registry) {
        registry.add("cordboard.data-dir", DATA::toString);
        registry.add("cordboard.demo-password", () -> Login.PASSWORD);
        registry.add("cordboard.admin-password", () -> Login.PASSWORD);
    }

    private static Path freshFolder() {
        try {
            return Files.createTempDirectory(Files.createDirectories(Path.of("target", "test-data")), "db");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
