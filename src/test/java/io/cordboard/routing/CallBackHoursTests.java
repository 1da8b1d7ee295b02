package io.cordboard.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordboard.routing.CallBackHours.Opening;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When callers may be called back: weekends, midnight, and the nights the clocks change. */
class CallBackHoursTests {

    @ParameterizedTest
    @CsvSource({
        // a Saturday in summer; Berlin is two hours ahead
        "mon-fri 09:00-17:00, 2026-07-25T10:00:00Z, 2026-07-27T07:00:00Z, 2026-07-27T15:00:00Z",
        // within the hours it is now
        "mon-fri 09:00-17:00, 2026-07-27T10:00:00Z, 2026-07-27T10:00:00Z, 2026-07-27T15:00:00Z",
        // at the very end it is over
        "mon-fri 09:00-17:00, 2026-07-27T15:00:00Z, 2026-07-28T07:00:00Z, 2026-07-28T15:00:00Z",
        // a week that goes on over Sunday
        "sat-mon 20:00-24:00, 2026-07-28T00:00:00Z, 2026-08-01T18:00:00Z, 2026-08-01T22:00:00Z",
        // the day that has 25 hours
        "sun 00:00-24:00, 2026-10-24T20:00:00Z, 2026-10-24T22:00:00Z, 2026-10-25T23:00:00Z",
        // the hour that does not exist
        "sun 02:30-04:00, 2026-03-28T20:00:00Z, 2026-03-29T01:30:00Z, 2026-03-29T02:00:00Z",
        // only once a week, and it has just been
        "wed 09:00-09:30, 2026-07-22T07:30:00Z, 2026-07-29T07:00:00Z, 2026-07-29T07:30:00Z",
    })
    void theNextTime(String span, Instant from, Instant opens, Instant closes) {
        assertThat(CallBackHours.of(List.of(span), "Europe/Berlin").next(from)).contains(new Opening(opens, closes));
    }

    @Test
    void theEarliestOfSeveral() {
        CallBackHours hours = CallBackHours.of(List.of("mon 14:00-16:00", "mon 09:00-12:00", "sun 23:00-24:00"), "UTC");
        assertThat(hours.next(Instant.parse("2026-07-27T12:30:00Z"))
                        .orElseThrow()
                        .opens())
                .isEqualTo("2026-07-27T14:00:00Z");
        assertThat(hours.next(Instant.parse("2026-07-27T16:30:00Z"))
                        .orElseThrow()
                        .opens())
                .isEqualTo("2026-08-02T23:00:00Z");
    }

    @Test
    void noneMeansAlways() {
        Instant now = Instant.parse("2026-07-27T12:30:00Z");
        assertThat(CallBackHours.of(List.of(), "UTC").next(now)).contains(new Opening(now, Instant.MAX));
    }
}
