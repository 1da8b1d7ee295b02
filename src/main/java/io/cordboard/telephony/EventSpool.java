package io.cordboard.telephony;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.stereotype.Component;

/**
 * Keeps events in a local file while the database is away: one event a line, on the disk before anybody is told that it
 * was taken. They have their effect later in the order they came; an event that was in the database already is recognised
 * there, so the file is simply read from its start until it could be read to its end.
 */
@Component
class EventSpool {

    private static final Logger LOG = LoggerFactory.getLogger(EventSpool.class);

    private final Path file;
    private final long limit;
    private volatile boolean behind;
    /** Lines of the file that had their effect. */
    private int replayed;

    EventSpool(@Value("${cordboard.data-dir}") Path dataDir, TelephonySettings settings) {
        this.file = dataDir.resolve("spool").resolve("events.jsonl");
        this.limit = settings.spoolLimit().toBytes();
        this.behind = Files.exists(file);
    }

    /** Appends the event when others wait in the file already, so that it does not overtake them. */
    boolean appendIfBehind(CarrierEvent event) {
        if (!behind) {
            return false;
        }
        synchronized (this) {
            if (!behind) {
                return false;
            }
            write(event, null);
            return true;
        }
    }

    /**
     * @param because why the database did not take it
     * @throws DataAccessException when the file does not take it either
     */
    synchronized void append(CarrierEvent event, DataAccessException because) {
        if (!behind) {
            LOG.warn("The database cannot be reached; events are kept in {} until it is back", file);
        }
        write(event, because);
    }

    private void write(CarrierEvent event, @Nullable DataAccessException because) {
        byte[] line = (TelephonyJson.write(event) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            Files.createDirectories(file.getParent());
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
                long end = channel.size();
                if (end + line.length > limit) {
                    LOG.error("{} is full ({} bytes): events are refused until the database is back", file, limit);
                    throw new DataAccessResourceFailureException(
                            "The database cannot be reached and the local file for events is full.", because);
                }
                if (end > 0 && !endsALine(channel, end)) {
                    line = ("\n" + TelephonyJson.write(event) + "\n").getBytes(StandardCharsets.UTF_8);
                }
                ByteBuffer bytes = ByteBuffer.wrap(line);
                channel.position(end);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            behind = true;
        } catch (IOException e) {
            LOG.error("{} cannot be written: events are refused until the database is back", file, e);
            throw new DataAccessResourceFailureException(
                    "The database cannot be reached and the local file for events cannot be written.", e);
        }
    }

    private static boolean endsALine(FileChannel channel, long end) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        channel.read(last, end - 1);
        return last.get(0) == '\n';
    }

    boolean isBehind() {
        return behind;
    }

    /**
     * Gives the events to the inbox, until one is refused. To be called by one thread.
     *
     * @param receive throws when the database is still away
     */
    void replay(Consumer<CarrierEvent> receive) {
        while (behind) {
            List<String> lines = lines();
            for (String line : lines.subList(Math.min(replayed, lines.size()), lines.size())) {
                if (!line.isBlank()) {
                    event(line, receive);
                }
                replayed++;
            }
            synchronized (this) {
                if (lines().size() == replayed) {
                    remove();
                    LOG.info("{} events that were kept while the database was away had their effect", replayed);
                    replayed = 0;
                    behind = false;
                }
            }
        }
    }

    private void event(String line, Consumer<CarrierEvent> receive) {
        CarrierEvent event;
        try {
            event = TelephonyJson.event(line);
        } catch (IllegalArgumentException e) {
            // Only a line whose writing was cut short by a crash; nobody was told that it was taken.
            LOG.warn("A broken line in {} is skipped", file);
            return;
        }
        receive.accept(event);
    }

    private synchronized List<String> lines() {
        try {
            return Files.exists(file) ? Files.readAllLines(file, StandardCharsets.UTF_8) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void remove() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
