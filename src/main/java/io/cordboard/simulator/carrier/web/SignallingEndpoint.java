package io.cordboard.simulator.carrier.web;

import io.cordboard.simulator.carrier.Browsers;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the Voice SDK of a browser connects; one of these for each browser. */
final class SignallingEndpoint extends Endpoint {

    private static final Logger LOG = LoggerFactory.getLogger(SignallingEndpoint.class);
    /** The SDK gives a connection up on which nothing came for 15 s. */
    private static final int HEARTBEAT_SECONDS = 5;

    private static final String HEARTBEAT = "\n";

    private final Browsers browsers;
    private final ScheduledExecutorService sender;
    private Browsers.Connection connection;
    private ScheduledFuture<?> heartbeat;

    @SuppressWarnings("NullAway.Init")
    SignallingEndpoint(Browsers browsers, ScheduledExecutorService sender) {
        this.browsers = browsers;
        this.sender = sender;
    }

    @Override
    public void onOpen(Session session, EndpointConfig config) {
        connection = browsers.connect(text -> later(session, text));
        session.addMessageHandler(String.class, (MessageHandler.Whole<String>) text -> {
            if (!text.equals(HEARTBEAT)) {
                connection.receives(text);
            }
        });
        heartbeat = sender.scheduleWithFixedDelay(
                () -> send(session, HEARTBEAT), HEARTBEAT_SECONDS, HEARTBEAT_SECONDS, TimeUnit.SECONDS);
    }

    private void later(Session session, String text) {
        try {
            sender.execute(() -> send(session, text));
        } catch (RejectedExecutionException stopping) {
            LOG.debug("A browser is told nothing any more", stopping);
        }
    }

    private static void send(Session session, String text) {
        try {
            if (session.isOpen()) {
                session.getBasicRemote().sendText(text);
            }
        } catch (IOException | IllegalStateException gone) {
            LOG.debug("A browser is gone", gone);
        }
    }

    @Override
    public void onClose(Session session, CloseReason reason) {
        heartbeat.cancel(false);
        connection.closed();
    }

    @Override
    public void onError(Session session, Throwable problem) {
        LOG.debug("A browser's connection broke", problem);
    }
}
