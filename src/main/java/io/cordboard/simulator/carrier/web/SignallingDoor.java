package io.cordboard.simulator.carrier.web;

import io.cordboard.simulator.carrier.Browsers;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.web.context.WebServerInitializedEvent;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ApplicationListener;

/** Lets browsers in as soon as the server listens; does nothing on a server that has no WebSockets. */
final class SignallingDoor implements ApplicationListener<WebServerInitializedEvent>, DisposableBean {

    private static final String PATH = "/simulator/carrier/signal";

    private final Browsers browsers;
    /** Sends to all browsers, one message after the other. */
    private final ScheduledExecutorService sender = Executors.newSingleThreadScheduledExecutor(work -> {
        var thread = new Thread(work, "simulated-carrier-browsers");
        thread.setDaemon(true);
        return thread;
    });

    SignallingDoor(Browsers browsers) {
        this.browsers = browsers;
    }

    @Override
    public void onApplicationEvent(WebServerInitializedEvent started) {
        if (started.getApplicationContext() instanceof ServletWebServerApplicationContext server
                && server.getServletContext() != null
                && server.getServletContext().getAttribute(ServerContainer.class.getName())
                        instanceof ServerContainer container) {
            open(container);
        }
    }

    private void open(ServerContainer container) {
        try {
            container.addEndpoint(ServerEndpointConfig.Builder.create(SignallingEndpoint.class, PATH)
                    .configurator(new ServerEndpointConfig.Configurator() {
                        @Override
                        public <T> T getEndpointInstance(Class<T> type) {
                            return type.cast(new SignallingEndpoint(browsers, sender));
                        }
                    })
                    .build());
        } catch (DeploymentException refused) {
            throw new IllegalStateException("Browsers cannot be phones of the simulated carrier", refused);
        }
    }

    @Override
    public void destroy() {
        sender.shutdownNow();
    }
}
