package io.cordboard.testing;

import java.nio.file.Path;
import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The whole application on a port of its own and a fresh PostgreSQL; every subclass shares one Spring context. */
@AutoConfigureObservability(tracing = false)
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ActiveProfiles({"development", "test"})
public abstract class ApplicationTest {

    private static final Path DATA = TestFolders.fresh("db");

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry registry) {
        registry.add("cordboard.data-dir", DATA::toString);
        registry.add("cordboard.demo-password", () -> Login.PASSWORD);
        registry.add("cordboard.admin-password", () -> Login.PASSWORD);
        registry.add("cordboard.assignment-callbacks.timeout", () -> "3s");
        registry.add("cordboard.assignment-callbacks.before-fallback", () -> "1s");
    }
}
