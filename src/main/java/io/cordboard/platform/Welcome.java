package io.cordboard.platform;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** The last line of the start: where to go now. */
@Component
class Welcome {

    private static final Logger log = LoggerFactory.getLogger(Welcome.class);

    private final PublicUrl publicUrl;
    private final boolean simulator;
    private final Version version;

    Welcome(PublicUrl publicUrl, @Value("${cordboard.simulator}") boolean simulator, Version version) {
        this.publicUrl = publicUrl;
        this.simulator = simulator;
        this.version = version;
    }

    @EventListener
    @Order(Ordered.LOWEST_PRECEDENCE)
    void ready(ApplicationReadyEvent event) {
        log.info(
                "Cordboard {} is ready after {} s. Open {}/ in a browser{}",
                version,
                event.getTimeTaken().toMillis() / 1000.0,
                publicUrl.base(),
                simulator ? "; calls are simulated, nobody's phone rings." : ".");
    }
}
