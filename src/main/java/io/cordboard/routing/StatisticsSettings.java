package io.cordboard.routing;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param timeZone where the day begins that figures of today count from
 * @param queueSeries how many queues have metrics of their own, at most; each is about twenty series
 */
@ConfigurationProperties("cordboard.statistics")
record StatisticsSettings(@DefaultValue("UTC") ZoneId timeZone, @DefaultValue("200") int queueSeries) {

    /** When today began. */
    Instant midnight(Clock clock) {
        return clock.instant()
                .atZone(timeZone)
                .toLocalDate()
                .atStartOfDay(timeZone)
                .toInstant();
    }
}
