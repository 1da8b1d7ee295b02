package io.cordboard.platform;

import java.net.URI;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Our own address as the outside world sees it: {@code CORDBOARD_PUBLIC_URL}, or this machine while nothing is set. */
@Component
public class PublicUrl {

    private final String configured;
    private volatile int port;

    public PublicUrl(@Value("${cordboard.public-url}") String configured, @Value("${server.port}") int port) {
        this.configured = configured.strip().replaceAll("/+$", "");
        this.port = port;
    }

    @EventListener
    void listening(WebServerInitializedEvent event) {
        if (event.getApplicationContext().getServerNamespace() == null) {
            port = event.getWebServer().getPort();
        }
    }

    /** Without a slash at its end. */
    public String base() {
        return configured.isEmpty() ? local() : configured;
    }

    /** Our address on this machine, whatever the outside world uses; without a slash at its end. */
    public String local() {
        return "http://localhost:" + port;
    }

    /** Whether the public address was set, rather than guessed. */
    public boolean isConfigured() {
        return !configured.isEmpty();
    }

    /** @param path starts with a slash */
    public URI of(String path) {
        return URI.create(base() + path);
    }
}
