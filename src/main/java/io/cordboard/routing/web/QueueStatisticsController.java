package io.cordboard.routing.web;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.cordboard.customer.Account;
import io.cordboard.platform.Problem;
import io.cordboard.routing.QueueFigures;
import io.cordboard.routing.QueueFigures.Stays;
import io.cordboard.routing.QueueStatistics;
import io.cordboard.routing.QueueStatistics.Now;
import io.cordboard.routing.QueueStatistics.Promise;
import io.cordboard.routing.Queues;
import io.cordboard.routing.ReservationState;
import io.cordboard.routing.ServiceLevel;
import io.cordboard.shared.QueueId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What goes on in a queue, and what went on. */
@RestController
@RequestMapping("/v1/queues/{id}/statistics")
@Tag(name = "Queues")
class QueueStatisticsController {

    private static final Map<String, Duration> INTERVALS = Map.of(
            "PT15M", Duration.ofMinutes(15),
            "PT30M", Duration.ofMinutes(30),
            "PT1H", Duration.ofHours(1),
            "P1D", Duration.ofDays(1));
    private static final Duration LONGEST_RANGE = Duration.ofDays(31);
    private static final int MOST_INTERVALS = 1000;
    private static final int MOST_THRESHOLDS = 10;
    private static final int LONGEST_THRESHOLD = 3600;

    private final Queues queues;
    private final QueueStatistics statistics;
    private final Clock clock;

    QueueStatisticsController(Queues queues, QueueStatistics statistics, Clock clock) {
        this.queues = queues;
        this.statistics = statistics;
        this.clock = clock;
    }

    @GetMapping
    @Operation(
            summary = "Get a queue's figures of this moment",
            description = "Agents by status, callers by what they do, how long they wait and how long one more would.")
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "404", description = "Your customer has no such queue.")
    NowJson now(@AuthenticationPrincipal Account me, @PathVariable UUID id) {
        QueueId queue = queue(me, id);
        Now now = statistics.now(queue);
        return NowJson.of(
                id,
                now,
                statistics
                        .estimatedWait(queue, now)
                        .map(QueueStatisticsController::seconds)
                        .orElse(null));
    }

    @GetMapping("/intervals")
    @Operation(
            summary = "Get a queue's figures by interval",
            description =
                    "What became of everybody who came in an interval, and of every offer made in it. Without from and to:"
                            + " the last 24 hours. At most 31 days and 1,000 intervals.")
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "400", description = "The range, the interval or a threshold is not possible.")
    @ApiResponse(responseCode = "404", description = "Your customer has no such queue.")
    History intervals(
            @AuthenticationPrincipal Account me,
            @PathVariable UUID id,
            @Parameter(description = "The first interval begins here.", example = "2026-11-20T08:00:00Z")
                    @RequestParam(required = false)
                    @Nullable
                    Instant from,
            @Parameter(description = "The last interval ends here.", example = "2026-11-20T20:00:00Z")
                    @RequestParam(required = false)
                    @Nullable
                    Instant to,
            @Parameter(description = "PT15M, PT30M, PT1H or P1D (24 hours).") @RequestParam(defaultValue = "PT30M")
                    String interval,
            @Parameter(description = "Seconds, up to ten of them, by which waits are split.")
                    @RequestParam(defaultValue = "10,20,30")
                    List<Integer> thresholds) {
        Duration length = INTERVALS.get(interval);
        if (length == null) {
            throw Problem.badRequest("The interval " + interval + " is not offered.", "Use PT15M, PT30M, PT1H or P1D.");
        }
        Instant end = to == null ? clock.instant() : to;
        Instant begin = from == null ? beginOf(end.minus(Duration.ofDays(1)), length) : from;
        check(begin, end, length);
        check(thresholds);
        QueueId queue = queue(me, id);
        Promise promise = statistics.promise(queue);
        List<Duration> splits = new ArrayList<>();
        thresholds.forEach(seconds -> splits.add(Duration.ofSeconds(seconds)));
        splits.add(promise.within());
        List<QueueFigures> figures = statistics.intervals(queue, begin, end, length, splits);
        Shape shape = new Shape(thresholds, promise);
        return new History(
                id,
                begin,
                end,
                interval,
                seconds(promise.within()),
                promise.percent(),
                formulas(),
                shape.figures(QueueFigures.sum(begin, end, figures)),
                figures.stream().map(shape::figures).toList());
    }

    private QueueId queue(Account me, UUID id) {
        QueueId queue = new QueueId(id);
        if (!queues.has(me.customer(), queue)) {
            throw Problem.notFound("There is no queue " + id + ".", "GET /v1/queues lists the queues you can see.");
        }
        return queue;
    }

    private static Instant beginOf(Instant moment, Duration interval) {
        return Instant.ofEpochSecond(
                Math.floorDiv(moment.getEpochSecond(), interval.toSeconds()) * interval.toSeconds());
    }

    private static void check(Instant from, Instant to, Duration interval) {
        if (!from.isBefore(to)) {
            throw Problem.badRequest("from, " + from + ", is not before to, " + to + ".", "Ask for an earlier from.");
        }
        Duration range = Duration.between(from, to);
        if (range.compareTo(LONGEST_RANGE) > 0) {
            throw Problem.badRequest(
                    "From " + from + " to " + to + " is longer than 31 days.", "Ask for each month on its own.");
        }
        if (range.compareTo(interval.multipliedBy(MOST_INTERVALS)) > 0) {
            throw Problem.badRequest(
                    "From " + from + " to " + to + " are more than 1,000 intervals.",
                    "Ask for longer intervals or a shorter time.");
        }
    }

    private static void check(List<Integer> thresholds) {
        if (thresholds.size() > MOST_THRESHOLDS
                // A blank one is read as null.
                || thresholds.stream()
                        .anyMatch(seconds -> Objects.isNull(seconds) || seconds < 0 || seconds > LONGEST_THRESHOLD)) {
            throw Problem.badRequest(
                    "The thresholds " + thresholds + " are not possible.",
                    "Give at most ten whole numbers of seconds from 0 to 3600, for example thresholds=10,20,30.");
        }
    }

    private static Map<String, String> formulas() {
        Map<String, String> formulas = new LinkedHashMap<>();
        for (ServiceLevel level : ServiceLevel.values()) {
            formulas.put(level.key(), level.formula());
        }
        return formulas;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    /** To the millisecond, and percentages to as many digits. */
    private static @Nullable Double rounded(@Nullable Double value) {
        return value == null ? null : Math.round(value * 1000) / 1000.0;
    }

    /** How figures are shown; the queue's own threshold comes after the others. */
    private record Shape(List<Integer> thresholds, Promise promise) {

        FiguresJson figures(QueueFigures of) {
            int own = thresholds.size();
            Map<String, Double> levels = new LinkedHashMap<>();
            for (ServiceLevel level : ServiceLevel.values()) {
                levels.put(level.key(), rounded(level.percent(of, own)));
            }
            Double reached = ServiceLevel.OF_OFFERED.percent(of, own);
            return new FiguresJson(
                    of.from(),
                    of.to(),
                    of.entered(),
                    of.refused(),
                    of.moved(),
                    of.waiting(),
                    left(of),
                    Waits.of(of.accepted()),
                    Waits.of(of.abandoned()),
                    IntStream.range(0, own)
                            .mapToObj(i -> new Within(
                                    thresholds.get(i),
                                    of.accepted().within(i),
                                    of.abandoned().within(i)))
                            .toList(),
                    levels,
                    reached == null ? null : reached >= promise.percent(),
                    OffersJson.of(of),
                    rounded(of.handleTime()),
                    rounded(of.wrapUpTime()),
                    new EstimatesJson(
                            of.estimates().count(),
                            rounded(of.estimates().meanAbsoluteError()),
                            rounded(of.estimates().bias())));
        }

        private static Map<String, Integer> left(QueueFigures of) {
            Map<String, Integer> left = new TreeMap<>();
            of.stays().forEach((exit, stays) -> {
                if (!exit.equals(QueueFigures.WAITING)) {
                    left.put(exit, stays.count());
                }
            });
            return left;
        }
    }

    /**
     * A queue at a moment.
     *
     * @param activities how many of the eligible agents are in each status
     * @param callers how many callers are in each state
     * @param longestWaitTime in seconds, in this queue
     * @param longestTotalWaitTime in seconds, the queues before included
     * @param estimatedWaitTime in seconds, of somebody who came now; left out when nothing is known
     */
    @Schema(name = "QueueStatistics")
    @JsonNaming(SnakeCaseStrategy.class)
    record NowJson(
            UUID queueId,
            Instant at,
            @Schema(example = "5") int agentsEligible,
            @Schema(example = "2") int agentsAvailable,
            @Schema(example = "{\"available\":2,\"away\":1,\"busy\":2,\"offline\":0,\"ringing\":0}")
                    Map<String, Integer> activities,
            CallersJson callers,
            double longestWaitTime,
            double longestTotalWaitTime,
            @Nullable Double estimatedWaitTime) {

        static NowJson of(UUID queue, Now now, @Nullable Double estimate) {
            return new NowJson(
                    queue,
                    now.at(),
                    now.eligible(),
                    now.available(),
                    now.activities(),
                    new CallersJson(
                            now.waiting() + now.offered() + now.talking() + now.wrapping(),
                            now.waiting(),
                            now.offered(),
                            now.toBeCalledBack(),
                            now.talking(),
                            now.wrapping()),
                    now.longestWait(),
                    now.longestWaitAnywhere(),
                    estimate);
        }
    }

    /**
     * Callers of a queue by what they do.
     *
     * @param waiting nobody is asked to take them at the moment
     * @param offered an agent is asked
     * @param toBeCalledBack of both, those who are not on the line
     * @param talking an agent accepted, whose phone rings or who talks
     * @param wrapping gone, while the agent writes up
     */
    @Schema(name = "QueueCallers")
    @JsonNaming(SnakeCaseStrategy.class)
    record CallersJson(int total, int waiting, int offered, int toBeCalledBack, int talking, int wrapping) {}

    /**
     * What happened in a queue.
     *
     * @param serviceLevelWithin the time T of the service level, in seconds
     * @param serviceLevelTarget percent of callers who shall be served within it
     * @param serviceLevelFormulas how each service level is computed
     */
    @Schema(name = "QueueHistory")
    @JsonNaming(SnakeCaseStrategy.class)
    record History(
            UUID queueId,
            Instant from,
            Instant to,
            @Schema(example = "PT30M") String interval,
            @Schema(example = "20") double serviceLevelWithin,
            @Schema(example = "80") int serviceLevelTarget,
            Map<String, String> serviceLevelFormulas,
            FiguresJson total,
            List<FiguresJson> intervals) {}

    /**
     * What happened in one interval.
     *
     * @param entered who came, refused ones included
     * @param refused whom the queue did not let in
     * @param moved who went on to another queue
     * @param waiting who is still there
     * @param left how many left by each exit
     * @param serviceLevel percent by definition, see the formulas; left out when there was nobody to serve
     * @param serviceLevelReached whether of_offered reached the target
     * @param averageHandleTime in seconds, from the agent's answer to the end of wrap-up
     * @param averageWrapUpTime in seconds
     */
    @Schema(name = "QueueFigures")
    @JsonNaming(SnakeCaseStrategy.class)
    record FiguresJson(
            Instant from,
            Instant to,
            int entered,
            int refused,
            int moved,
            int waiting,
            @Schema(example = "{\"accepted\":40,\"abandoned\":2,\"timeout\":1}") Map<String, Integer> left,
            Waits waitUntilAccepted,
            Waits waitUntilAbandoned,
            List<Within> within,
            Map<String, @Nullable Double> serviceLevel,
            @Nullable Boolean serviceLevelReached,
            OffersJson offers,
            @Nullable Double averageHandleTime,
            @Nullable Double averageWrapUpTime,
            EstimatesJson estimatedWait) {}

    /** In seconds; left out when nobody waited. */
    @Schema(name = "QueueWaits")
    record Waits(@Nullable Double min, @Nullable Double average, @Nullable Double max) {

        static Waits of(Stays stays) {
            return stays.count() == 0
                    ? new Waits(null, null, null)
                    : new Waits(rounded(stays.shortest()), rounded(stays.average()), rounded(stays.longest()));
        }
    }

    /** How many were answered and how many gave up within so many seconds. */
    @Schema(name = "QueueThreshold")
    record Within(int seconds, int answered, int abandoned) {}

    /**
     * Offers made in the interval by what became of them.
     *
     * @param accepted those that were or are worked on
     * @param timedOut the agent did not answer; phones not picked up included
     * @param phoneNotAnswered of these, the agent had accepted
     * @param canceled the caller was gone first
     * @param rescinded another agent was faster
     * @param pending the agent is being asked
     */
    @Schema(name = "QueueOffers")
    @JsonNaming(SnakeCaseStrategy.class)
    record OffersJson(
            int created,
            int accepted,
            int rejected,
            int timedOut,
            int phoneNotAnswered,
            int canceled,
            int rescinded,
            int pending) {

        static OffersJson of(QueueFigures of) {
            return new OffersJson(
                    of.offered(),
                    of.offered(ReservationState.ACCEPTED, ReservationState.WRAPPING, ReservationState.COMPLETED),
                    of.offered(ReservationState.REJECTED),
                    of.offered(ReservationState.TIMEOUT),
                    of.phonesNotAnswered(),
                    of.offered(ReservationState.CANCELED),
                    of.offered(ReservationState.RESCINDED),
                    of.offered(ReservationState.PENDING));
        }
    }

    /**
     * Estimated against real waits of those who waited longer than two seconds; of those who gave up, against how long they
     * would have waited.
     *
     * @param bias in seconds; positive when people waited shorter than estimated
     */
    @Schema(name = "QueueEstimates")
    @JsonNaming(SnakeCaseStrategy.class)
    record EstimatesJson(int count, @Nullable Double meanAbsoluteError, @Nullable Double bias) {}
}
