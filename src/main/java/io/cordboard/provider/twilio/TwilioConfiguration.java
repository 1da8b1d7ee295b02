package io.cordboard.provider.twilio;

import io.cordboard.platform.PageConnections;
import io.cordboard.platform.ProviderStatus;
import io.cordboard.platform.PublicUrl;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the adapter together; says once when it is switched off, and why. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({TwilioSettings.class, SoftphoneSettings.class})
class TwilioConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(TwilioConfiguration.class);
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration READ = Duration.ofSeconds(5);

    @Bean
    RestTransport twilioTransport(TwilioSettings settings, PublicUrl publicUrl) {
        settings.missing()
                .ifPresentOrElse(
                        missing -> LOG.warn("Twilio is switched off: {}", missing),
                        () -> LOG.info(
                                "Twilio is on with account {} at {}",
                                settings.accountSid(),
                                settings.apiBaseUrl().isEmpty() ? "api.twilio.com" : settings.apiBaseUrl()));
        return new RestTransport(() -> base(settings.apiBaseUrl(), publicUrl), CONNECT, READ);
    }

    @Bean
    ProviderStatus twilioStatus(TwilioSettings settings) {
        var state =
                settings.missing().isPresent() ? "not configured" : settings.simulated() ? "simulated" : "configured";
        return new ProviderStatus(Twilio.NAME, state);
    }

    /** Where the Voice SDK registers: at one of Twilio's edges, whichever is near. */
    @Bean
    PageConnections twilioSignalling(TwilioSettings settings) {
        return new PageConnections(settings.simulated() ? List.of() : List.of("wss://*.twilio.com"));
    }

    /** A path is on this machine; its port is known only once the server listens. */
    private static String base(String apiBaseUrl, PublicUrl publicUrl) {
        return apiBaseUrl.startsWith("/") ? publicUrl.local() + apiBaseUrl : apiBaseUrl;
    }
}
