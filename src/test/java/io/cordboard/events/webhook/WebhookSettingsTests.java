package io.cordboard.events.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ClassPathResource;

class WebhookSettingsTests {

    private final WebhookSettings settings = new Binder(new MapConfigurationPropertySource(Map.of()))
            .bindOrCreate("cordboard.webhooks", WebhookSettings.class);

    @Test
    void thisMachineIsASubscriberInTheProfilesOfDevelopersOnly() throws Exception {
        assertThat(settings.allowLoopback()).isFalse();
        assertThat(settings.ports()).containsExactlyInAnyOrder(443, 8443);
        var allowing = new YamlPropertySourceLoader()
                .load("application", new ClassPathResource("application.yaml")).stream()
                        .filter(document -> document.containsProperty("cordboard.webhooks.allow-loopback"))
                        .toList();
        assertThat(allowing).singleElement().satisfies(document -> assertThat(
                        document.getProperty("spring.config.activate.on-profile"))
                .hasToString("development | test"));
    }

    @Test
    void thePauseDoublesUpToAnHour() {
        assertThat(settings.pause(Duration.ZERO)).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(6));
        assertThat(settings.pause(Duration.ofSeconds(40))).isBetween(Duration.ofSeconds(32), Duration.ofSeconds(48));
        assertThat(settings.pause(Duration.ofHours(20))).isBetween(Duration.ofMinutes(48), Duration.ofMinutes(72));
    }

    @Test
    void aLeaseThatRunsOutUnderWayIsRefused() {
        var source = new MapConfigurationPropertySource(
                Map.of("cordboard.webhooks.timeout", "1m", "cordboard.webhooks.lease", "30s"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> {
                    try {
                        new Binder(source).bind("cordboard.webhooks", WebhookSettings.class);
                    } catch (org.springframework.boot.context.properties.bind.BindException e) {
                        throw (IllegalArgumentException) rootOf(e);
                    }
                })
                .withMessageContaining("cordboard.webhooks.lease");
    }

    private static Throwable rootOf(Throwable e) {
        return e.getCause() == null ? e : rootOf(e.getCause());
    }
}
