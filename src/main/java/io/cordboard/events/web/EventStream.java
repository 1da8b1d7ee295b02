package io.cordboard.events.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cordboard.events.LiveFeed.Sink;
import io.cordboard.events.LoggedEvent;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client of the live feed: server-sent events, written whenever the client's line takes them, so that no thread ever
 * waits for a client. Whoever has something to do raises {@link #work}; the first one does it for all others.
 */
final class EventStream implements Sink, WriteListener {

    private static final Logger log = LoggerFactory.getLogger(EventStream.class);

    /** How many pieces may wait for a slow client; longer than the longest replay. */
    private static final int LONGEST_QUEUE = 6_000;

    private final AsyncContext context;
    private final ServletOutputStream out;
    private final ObjectMapper json;
    private final Queue<byte[]> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger length = new AtomicInteger();
    private final AtomicInteger work = new AtomicInteger();
    private volatile boolean open;
    private volatile boolean closing;
    private boolean unflushed;
    private boolean over;

    EventStream(AsyncContext context, ObjectMapper json) throws IOException {
        this.context = context;
        this.json = json;
        this.out = context.getResponse().getOutputStream();
        out.setWriteListener(this);
    }

    @Override
    public void send(LoggedEvent event, long resume) {
        try {
            ObjectNode body = json.createObjectNode();
            body.put("id", event.id());
            body.put("type", event.type());
            body.put("at", event.at().toString());
            body.put("call_id", event.call() == null ? null : event.call().toString());
            body.put("agent_id", event.agent() == null ? null : event.agent().toString());
            body.set("data", json.readTree(event.data()));
            queue("id: " + resume + "\nevent: " + event.type() + "\ndata: " + json.writeValueAsString(body) + "\n\n");
        } catch (JsonProcessingException broken) {
            log.error("Event {} cannot be told.", event.id(), broken);
        }
    }

    /**
     * Something that is in no log, so that there is nothing to go on after.
     *
     * @param body a JSON object
     */
    void tell(String type, String body) {
        queue("event: " + type + "\ndata: " + body + "\n\n");
    }

    /** Also the first thing a client gets, so that it does not believe itself watching before it does. */
    @Override
    public void live() {
        comment("live");
    }

    @Override
    public void missed() {
        queue("event: feed.missed\ndata: {\"type\":\"feed.missed\"}\n\n");
    }

    @Override
    public void beat() {
        comment("");
    }

    private void comment(String text) {
        queue(": " + text + "\n\n");
    }

    @Override
    public void close() {
        closing = true;
        write();
    }

    /**
     * The line is gone. The request must be completed now, by the one who is told by the container: whoever was writing
     * when it broke is not allowed to.
     */
    void broken() {
        closing = true;
        complete();
    }

    private void queue(String piece) {
        if (closing) {
            return;
        }
        if (length.incrementAndGet() > LONGEST_QUEUE) {
            log.info("A client of the live feed is too slow and was dropped.");
            waiting.clear();
            close();
            return;
        }
        waiting.add(piece.getBytes(StandardCharsets.UTF_8));
        write();
    }

    @Override
    public void onWritePossible() {
        open = true;
        write();
    }

    @Override
    public void onError(Throwable gone) {
        close();
    }

    private void write() {
        if (work.getAndIncrement() > 0) {
            return;
        }
        int done = 1;
        do {
            if (open && !over) {
                writeWhatFits();
            }
            done = work.addAndGet(-done);
        } while (done > 0);
    }

    private void writeWhatFits() {
        try {
            while (!closing && out.isReady()) {
                byte[] piece = waiting.poll();
                if (piece != null) {
                    length.decrementAndGet();
                    out.write(piece);
                    unflushed = true;
                } else if (unflushed) {
                    unflushed = false;
                    out.flush();
                } else {
                    return;
                }
            }
        } catch (IOException | IllegalStateException gone) {
            closing = true;
        }
        if (closing) {
            over = true;
            complete();
        }
    }

    private void complete() {
        try {
            context.complete();
        } catch (IllegalStateException gone) {
            log.debug("A client of the live feed was gone already.", gone);
        }
    }
}
