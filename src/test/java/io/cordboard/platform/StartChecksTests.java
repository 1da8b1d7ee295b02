package io.cordboard.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class StartChecksTests {

    @Test
    void plugsTheSimulatedCarrierInAsTheTwilioAccount() {
        var environment = checked(Map.of("cordboard.simulator", "true"));
        assertThat(environment.getProperty("cordboard.twilio.account-sid")).matches("AC[0-9a-f]{32}");
        assertThat(environment.getProperty("cordboard.simulator.carrier.account-sid"))
                .isEqualTo(environment.getProperty("cordboard.twilio.account-sid"));
        assertThat(environment.getProperty("cordboard.twilio.auth-token"))
                .matches("[0-9a-f]{32}")
                .isEqualTo(environment.getProperty("cordboard.simulator.carrier.auth-token"));
        assertThat(environment.getProperty("cordboard.twilio.api-base-url")).isEqualTo("/simulator/carrier");
    }

    @Test
    void nobodyCanGuessTheTokenOfTheSimulatedCarrier() {
        var settings = Map.<String, Object>of("cordboard.simulator", "true");
        assertThat(checked(settings).getProperty("cordboard.twilio.auth-token"))
                .isNotEqualTo(checked(settings).getProperty("cordboard.twilio.auth-token"));
    }

    @Test
    void withoutTheSimulatedCarrierNothingIsPluggedIn() {
        assertThat(checked(Map.of("cordboard.simulator", "false")).getProperty("cordboard.twilio.account-sid"))
                .isNull();
    }

    @Test
    void refusesTheSimulatedCarrierBesideARealAccount() {
        assertThatThrownBy(() -> checked(
                        Map.of("cordboard.simulator", "true", "cordboard.twilio.account-sid", "AC" + "3f".repeat(16))))
                .isInstanceOfSatisfying(StartRefused.class, refused -> assertThat(refused.remedy())
                        .contains("CORDBOARD_SIMULATOR=false", "TWILIO_ACCOUNT_SID"))
                .hasMessageContaining("does not mix");
    }

    @Test
    void reportsATakenPortBeforeAnythingIsStarted() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            assertThatThrownBy(() -> checked(Map.of("server.port", taken.getLocalPort())))
                    .isInstanceOfSatisfying(PortInUseException.class, e -> assertThat(
                                    new StartFailures.PortInUse().analyze(e).getAction())
                            .contains("SERVER_PORT"));
        }
    }

    private static ConfigurableEnvironment checked(Map<String, Object> settings) {
        ConfigurableEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addLast(new MapPropertySource("defaults", Map.of("server.port", 0)));
        environment.getPropertySources().addFirst(new MapPropertySource("given", settings));
        new StartChecks().postProcessEnvironment(environment, new SpringApplication());
        return environment;
    }
}
