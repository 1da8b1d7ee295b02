package io.cordboard.testing;

import io.cordboard.simulator.carrier.web.CarrierConfiguration;
import java.util.Map;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.http.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.autoconfigure.jackson.JacksonAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.DispatcherServletAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.ServletWebServerFactoryAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.WebMvcAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Import;

/** The simulated carrier on a port of its own, so that it outlives the nodes it calls. */
public final class CarrierServer implements AutoCloseable {

    private static final String ACCOUNT = "AC0123456789abcdef0123456789abcdef";
    private static final String TOKEN = "a-token-for-tests";

    @TestConfiguration(proxyBeanMethods = false)
    @Import(CarrierConfiguration.class)
    @ImportAutoConfiguration({
        ServletWebServerFactoryAutoConfiguration.class,
        DispatcherServletAutoConfiguration.class,
        WebMvcAutoConfiguration.class,
        HttpMessageConvertersAutoConfiguration.class,
        JacksonAutoConfiguration.class
    })
    static class OnlyTheCarrier {}

    private final ServletWebServerApplicationContext context;
    private final Http http;

    public CarrierServer() {
        context = (ServletWebServerApplicationContext) new SpringApplicationBuilder(OnlyTheCarrier.class)
                .registerShutdownHook(false)
                .run(
                        "--cordboard.simulator=true",
                        "--cordboard.simulator.carrier.account-sid=" + ACCOUNT,
                        "--cordboard.simulator.carrier.auth-token=" + TOKEN,
                        "--server.port=0",
                        "--spring.config.name=none",
                        "--spring.main.banner-mode=off");
        http = new Http(base(), null);
    }

    private String base() {
        return "http://localhost:" + context.getWebServer().getPort();
    }

    /** Its test phones and knobs. */
    public Http http() {
        return http;
    }

    /** How a node reaches it with the genuine adapter. */
    public Map<String, String> environment() {
        return Map.of(
                "TWILIO_ACCOUNT_SID", ACCOUNT,
                "TWILIO_AUTH_TOKEN", TOKEN,
                "TWILIO_API_BASE_URL", base() + "/simulator/carrier");
    }

    /** A number of the account, entered as docs/twilio.md says. */
    public void number(String number, String product) {
        http.put(
                        "/simulator/api/numbers/" + number,
                        Map.of(
                                "voiceUrl", product + "/webhooks/twilio/voice#rc=5&rp=ct,rt,5xx",
                                "statusCallback", product + "/webhooks/twilio/status#rc=5&rp=ct,rt,5xx"))
                .ok();
    }

    @Override
    public void close() {
        context.close();
    }
}
