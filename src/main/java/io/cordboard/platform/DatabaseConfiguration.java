package io.cordboard.platform;

import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.jdbc.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;

/**
 * Where the database is: the server named by {@code SPRING_DATASOURCE_URL}, or one of our own while none is named. The
 * connection pool is Spring Boot's, with the same settings for both.
 */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

    private static final Logger log = LoggerFactory.getLogger(DatabaseConfiguration.class);

    @Bean
    JdbcConnectionDetails database(Environment environment) {
        String url = environment.getProperty("spring.datasource.url", "").strip();
        if (!url.isEmpty() && !url.equals("embedded")) {
            return ExternalDatabase.reached(
                    url,
                    environment.getProperty("spring.datasource.username", ""),
                    environment.getProperty("spring.datasource.password", ""),
                    environment.getRequiredProperty("cordboard.database.patience", Duration.class));
        }
        Path folder = Path.of(environment.getRequiredProperty("cordboard.data-dir"));
        if (!environment.acceptsProfiles(Profiles.of("development | test"))) {
            log.warn(
                    "No SPRING_DATASOURCE_URL: using the embedded PostgreSQL server with its data in {}."
                            + " Good for a single node; back up this folder.",
                    folder.toAbsolutePath().normalize());
        }
        return new EmbeddedDatabase(PostgresServer.start(folder));
    }
}
