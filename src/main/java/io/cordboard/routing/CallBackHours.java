package io.cordboard.routing;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * When callers may be called back, in the time of a place.
 *
 * @param spans none for always
 */
record CallBackHours(List<Span> spans, ZoneId zone) {

    /** The shape of one span, such as {@code mon-fri 09:00-17:30}. 24:00 is the end of a day. */
    static final String PATTERN = "[a-z]{3}(-[a-z]{3})? [0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]";

    private static final LocalTime END_OF_DAY = LocalTime.MAX;

    /** @throws DateTimeException when there is no such time zone, day or time */
    static CallBackHours of(List<String> spans, String zone) {
        return new CallBackHours(spans.stream().map(CallBackHours::span).toList(), ZoneId.of(zone));
    }

    /**
     * @param text of the {@linkplain #PATTERN pattern}
     * @throws DateTimeException when there is no such day or time, or it ends before it begins: nobody would ever be called
     */
    static Span span(String text) {
        String[] parts = text.split(" ");
        String[] days = parts[0].split("-");
        String[] times = parts[1].split("-");
        Span span = new Span(
                day(days[0]),
                day(days[days.length - 1]),
                LocalTime.parse(times[0]),
                times[1].equals("24:00") ? END_OF_DAY : LocalTime.parse(times[1]));
        if (!span.until.isAfter(span.from)) {
            throw new DateTimeException("Nobody could be called from " + times[0] + " until " + times[1] + ".");
        }
        return span;
    }

    private static DayOfWeek day(String name) {
        return Arrays.stream(DayOfWeek.values())
                .filter(day -> day.name().toLowerCase(Locale.ROOT).startsWith(name))
                .findFirst()
                .orElseThrow(() -> new DateTimeException("There is no day " + name + "."));
    }

    /**
     * The next time in which callers may be called; it has begun already when it contains the instant asked for.
     *
     * @return empty when there is none within a week
     */
    Optional<Opening> next(Instant from) {
        if (spans.isEmpty()) {
            return Optional.of(new Opening(from, Instant.MAX));
        }
        LocalDate today = from.atZone(zone).toLocalDate();
        return Stream.iterate(today, day -> day.plusDays(1))
                .limit(8)
                .flatMap(day -> spans.stream()
                        .filter(span -> span.isOn(day.getDayOfWeek()))
                        .map(span -> opening(day, span)))
                .filter(opening -> opening.closes.isAfter(from))
                .min((one, other) -> one.opens.compareTo(other.opens))
                .map(opening -> opening.opens.isBefore(from) ? new Opening(from, opening.closes) : opening);
    }

    private Opening opening(LocalDate day, Span span) {
        Instant closes = span.until.equals(END_OF_DAY)
                ? day.plusDays(1).atStartOfDay(zone).toInstant()
                : day.atTime(span.until).atZone(zone).toInstant();
        return new Opening(day.atTime(span.from).atZone(zone).toInstant(), closes);
    }

    /** @param until later than from on the same day */
    record Span(DayOfWeek first, DayOfWeek last, LocalTime from, LocalTime until) {

        boolean isOn(DayOfWeek day) {
            return first.compareTo(last) <= 0
                    ? day.compareTo(first) >= 0 && day.compareTo(last) <= 0
                    : day.compareTo(first) >= 0 || day.compareTo(last) <= 0;
        }
    }

    /** @param closes {@link Instant#MAX} for never */
    record Opening(Instant opens, Instant closes) {

        Duration lengthUntil(Instant end) {
            return Duration.between(opens, closes.isBefore(end) ? closes : end);
        }
    }
}
