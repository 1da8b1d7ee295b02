package io.cordboard.platform;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Looks at the settings before anything is started: a port that is taken is reported at once, and the simulated carrier
 * is plugged in as the Twilio account, or refused beside a real one.
 */
final class StartChecks implements EnvironmentPostProcessor, Ordered {

    /** Nobody's: Twilio's own SIDs are random. */
    static final String SIMULATED_ACCOUNT = "AC00000000000000000000000000000001";

    private static final String SIMULATED_KEY = "SK00000000000000000000000000000001";

    private static final String CARRIER = "cordboard.simulator.carrier.";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        refuseTakenPort(environment.getProperty("server.port", Integer.class, 8080));
        if (environment.getProperty("cordboard.simulator", Boolean.class, false)) {
            plugInSimulatedCarrier(environment);
        }
    }

    /** After the configuration files have been read. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    private static void refuseTakenPort(int port) {
        if (port <= 0) {
            return;
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(port));
        } catch (BindException e) {
            throw new PortInUseException(port, e);
        } catch (IOException e) {
            // Whatever else is wrong with the port, the web server will say it.
            return;
        }
    }

    private static void plugInSimulatedCarrier(ConfigurableEnvironment environment) {
        String account =
                environment.getProperty("cordboard.twilio.account-sid", "").strip();
        if (!account.isEmpty() && !account.equals(SIMULATED_ACCOUNT)) {
            throw new StartRefused(
                    "The simulated carrier is on, and TWILIO_ACCOUNT_SID names a real account. Cordboard does not mix"
                            + " the two.",
                    "For real calls set CORDBOARD_SIMULATOR=false. For simulated calls unset TWILIO_ACCOUNT_SID and"
                            + " TWILIO_AUTH_TOKEN.");
        }
        String token = environment.getProperty(CARRIER + "auth-token", randomToken());
        String secret = randomToken();
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("cordboard.twilio.account-sid", SIMULATED_ACCOUNT);
        settings.put("cordboard.twilio.auth-token", token);
        settings.put("cordboard.twilio.api-base-url", "/simulator/carrier");
        settings.put("cordboard.twilio.api-key", SIMULATED_KEY);
        settings.put("cordboard.twilio.api-secret", secret);
        settings.put(CARRIER + "account-sid", SIMULATED_ACCOUNT);
        settings.put(CARRIER + "auth-token", token);
        settings.put(CARRIER + "api-secret", secret);
        for (String demo : List.of("+15550100001", "+15550100002", "+15550100003")) {
            String number = CARRIER + "numbers[" + demo + "].";
            settings.put(number + "voice-url", "/webhooks/twilio/voice");
            settings.put(number + "status-callback", "/webhooks/twilio/status");
        }
        environment
                .getPropertySources()
                .addAfter(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new MapPropertySource("simulated carrier", settings));
    }

    private static String randomToken() {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}
