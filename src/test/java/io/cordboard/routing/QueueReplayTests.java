package io.cordboard.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What would have been said to callers, with figures that can be counted by hand. */
class QueueReplayTests {

    private final Map<Long, Double> said = new HashMap<>();
    private final Map<Long, Double> waits = new HashMap<>();
    private final QueueReplay replay = new QueueReplay((came, estimate, waited) -> {
        said.put(came / 1_000_000, estimate);
        waits.put(came / 1_000_000, waited);
    });

    /** Four were answered in forty seconds of waiting: an answer every 40 / (4 + 1) seconds. The last one was told already. */
    @BeforeEach
    void someWereAnswered() {
        for (int second : List.of(0, 10, 20, 30)) {
            comes(second, second + 10, second, true);
        }
    }

    @Test
    void aPlaceIsCountedInTheOrderOfAnswers() {
        comes(100, 150, 100, true);
        comes(101, 130, 80, true);
        comes(102, 160, 102, true);
        replay.end();

        assertThat(said.get(100L)).isEqualTo(8, offset(1e-6));
        assertThat(said.get(101L)).as("priority is first").isEqualTo(8, offset(1e-6));
        assertThat(said.get(102L)).as("two before").isCloseTo(3 * 8, offset(2.0));
    }

    @Test
    void whoGaveUpWouldHaveWaitedUntilTheNextWasAnswered() {
        comes(100, 120, 100, false);
        comes(110, 160, 110, true);
        replay.end();

        assertThat(waits.get(100L)).isEqualTo(60);
        assertThat(waits.get(110L)).isEqualTo(50);
    }

    @Test
    void whoGaveUpAtNightDoesNotWaitUntilTheMorning() {
        comes(100, 120, 100, false);
        comes(1000, 1060, 1000, true);
        replay.end();

        assertThat(said).containsOnlyKeys(30L, 1000L);
    }

    @Test
    void whoIsAnsweredAtOnceTellsNothing() {
        comes(100, 101, 100, true);
        comes(200, 220, 200, false);
        comes(230, 231, 230, true);
        replay.end();

        assertThat(said).containsOnlyKeys(30L);
    }

    @Test
    void whoGivesUpMakesThoseBehindMoveUp() {
        Pace impatient = new Pace(0.1, 0.1);
        assertThat(impatient.wait(1)).isEqualTo(10);
        assertThat(impatient.wait(3)).isEqualTo(10 + 5 + 10 / 3.0, offset(1e-9));
        assertThat(new Pace(0.1, 0).wait(3)).isEqualTo(30, offset(1e-9));
    }

    private void comes(int came, int left, int rank, boolean answered) {
        replay.comes(came * 1_000_000L, left * 1_000_000L, rank * 1_000_000L, answered);
    }
}
