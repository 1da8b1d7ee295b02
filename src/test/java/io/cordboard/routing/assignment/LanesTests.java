package io.cordboard.routing.assignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One customer's slow server is in the way of nobody else. */
class LanesTests {

    private static final UUID SLOW = UUID.randomUUID();
    private static final UUID QUICK = UUID.randomUUID();

    private final Lanes lanes = new Lanes(4, 2, 3);
    private final CountDownLatch answers = new CountDownLatch(1);
    private final AtomicInteger begun = new AtomicInteger();

    @AfterEach
    void close() {
        answers.countDown();
        lanes.close();
    }

    @Test
    void whoIsSlowHoldsUpTheirOwnAlone() throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            assertThat(lanes.offer(SLOW, this::waits)).isTrue();
        }
        assertThat(lanes.offer(SLOW, this::waits)).as("one more than may wait").isFalse();
        await().until(() -> begun.get() == 2);

        CountDownLatch done = new CountDownLatch(10);
        for (int i = 0; i < 5; i++) {
            assertThat(lanes.offer(QUICK, done::countDown)).isTrue();
            assertThat(lanes.offer(UUID.randomUUID(), done::countDown)).isTrue();
        }

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(begun).hasValue(2);
        answers.countDown();
        await("what waited is done too").until(() -> begun.get() == 5);
        assertThat(lanes.offer(SLOW, begun::incrementAndGet)).isTrue();
        await().until(() -> begun.get() == 6);
    }

    @Test
    void whatFailsMakesRoomAsWell() {
        for (int i = 0; i < 5; i++) {
            lanes.offer(SLOW, () -> {
                begun.incrementAndGet();
                throw new IllegalStateException("expected by this test");
            });
        }
        await().dontCatchUncaughtExceptions().until(() -> begun.get() == 5);
        assertThat(lanes.offer(SLOW, begun::incrementAndGet)).isTrue();
        await().dontCatchUncaughtExceptions().until(() -> begun.get() == 6);
    }

    private void waits() {
        begun.incrementAndGet();
        try {
            answers.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
