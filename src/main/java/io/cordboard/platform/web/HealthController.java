package io.cordboard.platform.web;

import io.cordboard.platform.ProviderStatus;
import io.cordboard.platform.Version;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.health.HealthContributorRegistry;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Whether this node can take calls, in one answer for people and monitors. */
@RestController
@Tag(name = "Health")
class HealthController {

    private static final Logger log = LoggerFactory.getLogger(HealthController.class);

    private final JdbcClient jdbc;
    private final HealthContributorRegistry indicators;
    private final Map<String, String> providers = new TreeMap<>();
    private final String version;

    HealthController(
            JdbcClient jdbc,
            HealthContributorRegistry indicators,
            ObjectProvider<ProviderStatus> providers,
            Version version) {
        this.jdbc = jdbc;
        this.indicators = indicators;
        providers.forEach(status -> this.providers.put(status.provider(), status.state()));
        this.version = version.toString();
    }

    /**
     * @param status {@code healthy} or {@code unhealthy}
     * @param reason why it is unhealthy, for people
     * @param database {@code up} or {@code down}
     * @param engine {@code up} or {@code down}: whether timers fire and calls go on
     * @param providers what each provider is: {@code configured}, {@code simulated} or {@code not configured}
     */
    record Health(
            String status,
            @Nullable String reason,
            String version,
            String database,
            String engine,
            Map<String, String> providers) {}

    @GetMapping("/api/health")
    @SecurityRequirements
    @Operation(summary = "Whether this node can take calls")
    ResponseEntity<Health> health() {
        boolean database = databaseAnswers();
        boolean engine = isUp("jobExecutor");
        String reason = !database
                ? "The database does not answer."
                : !engine ? "The engine's job executor does not run, so timers do not fire." : null;
        Health health = new Health(
                reason == null ? "healthy" : "unhealthy",
                reason,
                version,
                database ? "up" : "down",
                engine ? "up" : "down",
                providers);
        return ResponseEntity.status(reason == null ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
                .body(health);
    }

    private boolean databaseAnswers() {
        try {
            return jdbc.sql("SELECT 1").query(Integer.class).single() == 1;
        } catch (DataAccessException e) {
            log.warn("The database does not answer: {}", e.getMessage());
            return false;
        }
    }

    private boolean isUp(String indicator) {
        return !(indicators.getContributor(indicator) instanceof HealthIndicator found)
                || found.health().getStatus().equals(Status.UP);
    }
}
