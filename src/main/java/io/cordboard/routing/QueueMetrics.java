package io.cordboard.routing;

import io.cordboard.routing.QueueBoard.Line;
import io.cordboard.routing.QueueBoard.Today;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * The queues as metrics, read when Prometheus asks and at most every three seconds. Every customer has totals; queues have
 * series of their own when somebody came to them today, as many as the settings allow, those with most callers first.
 * All nodes tell the same, for it comes from the database. Counters begin anew at midnight.
 */
@Component
class QueueMetrics implements MultiCollector, InitializingBean {

    private static final Logger log = LoggerFactory.getLogger(QueueMetrics.class);

    private static final Duration KEPT = Duration.ofSeconds(3);

    private final QueueBoard board;
    private final StatisticsSettings settings;
    private final ObjectProvider<PrometheusRegistry> registry;
    private final Clock clock;
    private final String application;
    private MetricSnapshots last = MetricSnapshots.of();
    private @Nullable Instant readAt;

    QueueMetrics(
            QueueBoard board,
            StatisticsSettings settings,
            ObjectProvider<PrometheusRegistry> registry,
            Clock clock,
            @Value("${spring.application.name}") String application) {
        this.board = board;
        this.settings = settings;
        this.registry = registry;
        this.clock = clock;
        this.application = application;
    }

    @Override
    public void afterPropertiesSet() {
        registry.ifAvailable(metrics -> metrics.register(this));
    }

    @Override
    public synchronized MetricSnapshots collect() {
        Instant now = clock.instant();
        if (readAt == null || readAt.plus(KEPT).isBefore(now)) {
            try {
                last = read(now);
                readAt = now;
            } catch (DataAccessException unavailable) {
                // The other metrics are wanted all the more now.
                log.debug("The queues could not be read.", unavailable);
                return MetricSnapshots.of();
            }
        }
        return last;
    }

    private MetricSnapshots read(Instant now) {
        Map<UUID, Today> today = board.today(null);
        Map<UUID, Map<String, Integer>> offers = board.offers();
        List<Figures> queues = new ArrayList<>();
        Map<String, Figures> customers = new TreeMap<>();
        for (Line line : board.now(null)) {
            Figures figures = Figures.of(
                    line,
                    today.getOrDefault(line.queue(), Today.NOTHING),
                    offers.getOrDefault(line.queue(), Map.of()),
                    now);
            customers.merge(line.customer(), figures.total(), Figures::plus);
            if (figures.today.entered() > 0 || line.inside() + line.talking() + line.wrapping() > 0) {
                queues.add(figures);
            }
        }
        queues.sort(Comparator.comparingInt((Figures figures) -> figures.today.entered())
                .reversed());
        board.agents()
                .forEach((customer, agents) ->
                        customers.computeIfPresent(customer, (name, figures) -> figures.with(agents)));
        List<Figures> shown = queues.subList(0, Math.min(queues.size(), settings.queueSeries()));
        Families families = new Families(application, board.midnight());
        shown.forEach(queue -> families.add("cordboard_queue_", queue));
        customers.values().forEach(customer -> families.add("cordboard_queues_", customer));
        families.gauge(
                "cordboard_queues_without_series",
                "Queues to which somebody came today, beyond the number that has series of its own",
                families.labels(),
                queues.size() - shown.size());
        return families.snapshots();
    }

    /**
     * What is told of a queue, or of all queues of a customer.
     *
     * @param queue null for the whole customer
     * @param longest in seconds
     * @param free agents who could take a call now; null where that is not counted
     * @param agents by status
     * @param offers made today by what became of them
     */
    private record Figures(
            String customer,
            @Nullable String queue,
            int waiting,
            int offered,
            int talking,
            int wrapping,
            double longest,
            @Nullable Integer free,
            Map<String, Integer> agents,
            Today today,
            Map<String, Integer> offers) {

        static Figures of(Line line, Today today, Map<String, Integer> offers, Instant now) {
            Instant since = line.since();
            return new Figures(
                    line.customer(),
                    line.name(),
                    line.waiting(),
                    line.offered(),
                    line.talking(),
                    line.wrapping(),
                    since == null ? 0 : Math.max(0, Duration.between(since, now).toMillis() / 1000.0),
                    line.available(),
                    line.activities(),
                    today,
                    offers);
        }

        Figures total() {
            return new Figures(
                    customer, null, waiting, offered, talking, wrapping, longest, null, Map.of(), today, offers);
        }

        Figures with(Map<String, Integer> agents) {
            return new Figures(
                    customer, queue, waiting, offered, talking, wrapping, longest, free, agents, today, offers);
        }

        Figures plus(Figures more) {
            Map<String, Integer> both = new TreeMap<>(offers);
            more.offers.forEach((outcome, count) -> both.merge(outcome, count, Integer::sum));
            return new Figures(
                    customer,
                    queue,
                    waiting + more.waiting,
                    offered + more.offered,
                    talking + more.talking,
                    wrapping + more.wrapping,
                    Math.max(longest, more.longest),
                    free,
                    agents,
                    today.plus(more.today),
                    both);
        }
    }

    /** Collects the same metric of many queues under one name. */
    private static final class Families {

        private static final List<String> STATUSES = List.of("available", "away", "busy", "offline", "ringing");
        private static final List<String> OUTCOMES =
                List.of("completed", "rejected", "timeout", "canceled", "rescinded");

        private final Map<String, GaugeSnapshot.Builder> gauges = new LinkedHashMap<>();
        private final Map<String, CounterSnapshot.Builder> counters = new LinkedHashMap<>();
        private final Labels common;
        private final Instant since;

        private Families(String application, Instant since) {
            this.common = Labels.of("application", application);
            this.since = since;
        }

        Labels labels() {
            return common;
        }

        void add(String prefix, Figures figures) {
            Labels of = common.add("customer", figures.customer);
            if (figures.queue != null) {
                of = of.add("queue", figures.queue);
            }
            gauge(prefix + "waiting", "Callers nobody is asked to take at the moment", of, figures.waiting);
            gauge(prefix + "offered", "Callers whom an agent is asked to take", of, figures.offered);
            gauge(prefix + "talking", "Callers whom an agent accepted", of, figures.talking);
            gauge(prefix + "wrapping", "Agents who write up", of, figures.wrapping);
            gauge(prefix + "longest_wait_seconds", "Wait of the first of those inside", of, figures.longest);
            for (String status : STATUSES) {
                gauge(
                        prefix + "agents",
                        "Agents who may be asked, by status",
                        of.add("status", status),
                        figures.agents.getOrDefault(status, 0));
            }
            if (figures.free != null) {
                gauge(prefix + "agents_free", "Agents who could take a call now", of, figures.free);
            }
            Today today = figures.today;
            Double level = today.serviceLevel();
            if (level != null) {
                gauge(
                        prefix + "service_level_ratio",
                        "Answered in time of all whose wait is over, today",
                        of,
                        level / 100);
            }
            counter(prefix + "entered", "Callers who came", of, today.entered());
            counter(prefix + "refused", "Callers whom the queue did not let in", of, today.refused());
            String left = "Callers who left, by how; accepted ones whose agent did not pick up come back";
            counter(prefix + "left", left, of.add("exit", "accepted"), today.acceptances());
            counter(prefix + "left", left, of.add("exit", "abandoned"), today.abandoned());
            counter(prefix + "left", left, of.add("exit", "timeout"), today.timeout());
            counter(prefix + "left", left, of.add("exit", "other"), today.other());
            counter(
                    prefix + "accepted_in_time",
                    "Callers who were accepted within the time of the service level",
                    of,
                    today.acceptancesInTime());
            for (String outcome : OUTCOMES) {
                counter(
                        prefix + "offers",
                        "Offers to agents that are over, by what became of them",
                        of.add("outcome", outcome),
                        figures.offers.getOrDefault(outcome, 0));
            }
        }

        void gauge(String name, String help, Labels labels, double value) {
            gauges.computeIfAbsent(
                            name, any -> GaugeSnapshot.builder().name(name).help(help))
                    .dataPoint(GaugeDataPointSnapshot.builder()
                            .labels(labels)
                            .value(value)
                            .build());
        }

        private void counter(String name, String help, Labels labels, double value) {
            counters.computeIfAbsent(
                            name, any -> CounterSnapshot.builder().name(name).help(help))
                    .dataPoint(CounterDataPointSnapshot.builder()
                            .labels(labels)
                            .value(value)
                            .createdTimestampMillis(since.toEpochMilli())
                            .build());
        }

        MetricSnapshots snapshots() {
            List<MetricSnapshot> all = new ArrayList<>();
            gauges.values().forEach(gauge -> all.add(gauge.build()));
            counters.values().forEach(counter -> all.add(counter.build()));
            return new MetricSnapshots(all);
        }
    }
}
