package io.cordboard.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import io.cordboard.events.EventLog;
import io.cordboard.platform.TestDatabase;
import io.cordboard.routing.Fifo.Stay;
import io.cordboard.routing.Matches.Pair;
import io.cordboard.routing.QueueEntries.Entry;
import io.cordboard.routing.QueueEntries.Wish;
import io.cordboard.shared.AgentId;
import io.cordboard.shared.CallId;
import io.cordboard.shared.CustomerId;
import io.cordboard.shared.QueueId;
import io.cordboard.testing.VirtualTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToDoubleFunction;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A day in a queue against the theory of queues: callers come at random, agents take random times, offers, matching and
 * statistics are those of the product on a real PostgreSQL; only time is virtual. Two steps, each of them sharp: the product
 * does to every caller exactly what {@link Fifo} does, to the microsecond, and its statistics say so; and a million callers
 * in memory behave as Erlang says.
 */
class ErlangTests {

    private static final int CALLS = Integer.getInteger("cordboard.erlang.calls", 250);
    private static final int CALLS_IN_MEMORY = 1_000_000;
    private static final int BATCHES = 12;

    /** Of these, the estimated wait is looked at. */
    private static final int CALLS_ESTIMATED = 200_000;

    /** Part of the average wait. */
    private static final double MOST_BIAS = 0.1;

    /** Student's t for 99.9 % and 11 degrees of freedom. */
    private static final double T = 4.437;

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final int SECONDS = 20;

    private static final List<Load> LOADS = List.of(
            new Load("C1", 0.75, 40, 1, 0),
            new Load("C2", 1.0, 60, 2, 0),
            new Load("C3", 2.0, 45, 3, 0),
            new Load("C4", 1.1, 120, 4, 0),
            new Load("C5", 3.0, 60, 5, 0),
            new Load("C6", 3.0, 90, 7, 0),
            new Load("A1", 2.2, 90, 3, 60),
            new Load("A2", 5.5, 60, 6, 90));

    @EnableTransactionManagement
    static class Wiring {}

    /** Six loads without and two with callers who give up. */
    @Test
    void queuesBehaveAsErlangSays() throws Exception {
        List<List<Load>> halves = List.of(
                List.of(LOADS.get(0), LOADS.get(2), LOADS.get(4), LOADS.get(6)),
                List.of(LOADS.get(1), LOADS.get(3), LOADS.get(5), LOADS.get(7)));
        ExecutorService threads = Executors.newFixedThreadPool(halves.size());
        List<Result> results = new ArrayList<>();
        try {
            List<Future<List<Result>>> running =
                    halves.stream().map(half -> threads.submit(() -> run(half))).toList();
            for (Future<List<Result>> half : running) {
                results.addAll(half.get());
            }
        } finally {
            threads.shutdownNow();
        }
        results.sort((a, b) -> LOADS.indexOf(a.load) - LOADS.indexOf(b.load));
        System.out.println(table(results));
        for (Result result : results) {
            for (Compared figure : result.figures) {
                assertThat(figure.inMemory)
                        .as("%s, %s", result.load, figure.what)
                        .isCloseTo(figure.theory, within(figure.confidence));
            }
            assertThat(result.ofMany.bias())
                    .as("%s, bias of the estimated wait", result.load)
                    .isCloseTo(0, within(MOST_BIAS * result.ofMany.meanWait()));
        }
    }

    /** Values from textbooks, so that theory is right before anything is measured by it. */
    @Test
    void theoryIsThatOfTheBooks() {
        assertThat(Erlang.c(1.0 / 60, 30, 1, 0).waiting()).isCloseTo(0.5, within(1e-9));
        // 10 erlangs, 14 agents: 0.174
        assertThat(Erlang.c(10.0 / 180, 180, 14, 20).waiting()).isCloseTo(0.174, within(5e-4));
        // Who is as patient as calls are long makes an infinite server queue: a Poisson distribution.
        assertThat(Erlang.a(2, 1, 1, 1, 0).waiting()).isCloseTo(1 - Math.exp(-2), within(1e-9));
        // Endless patience is Erlang C.
        Erlang c = Erlang.c(0.1, 60, 8, SECONDS);
        Erlang a = Erlang.a(0.1, 60, 8, 1e9, SECONDS);
        assertThat(a.waiting()).isCloseTo(c.waiting(), within(1e-6));
        assertThat(a.averageWait()).isCloseTo(c.averageWait(), within(1e-4));
        assertThat(a.inTime()).isCloseTo(c.inTime(), within(1e-5));
    }

    private static List<Result> run(List<Load> loads) {
        try (HikariDataSource database = TestDatabase.empty()) {
            Flyway.configure()
                    .dataSource(database)
                    .locations("classpath:db/migration")
                    .load()
                    .migrate();
            planOnce(database);
            return loads.stream().map(load -> new Day(database, load).run()).toList();
        }
    }

    /** The same few statements thousands of times: planning each anew, and waiting for the disk, takes most of the time. */
    private static void planOnce(HikariDataSource database) {
        JdbcClient.create(database)
                .sql(
                        """
                        DO $$
                        BEGIN
                            EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database());
                            EXECUTE format('ALTER DATABASE %I SET plan_cache_mode = force_generic_plan', current_database());
                        END
                        $$""")
                .update();
        database.getHikariPoolMXBean().softEvictConnections();
    }

    private static String table(List<Result> results) {
        StringBuilder table = new StringBuilder(String.format(
                "%n%-44s %-22s %9s %9s %9s %9s%n", "load", "figure", "theory", "1,000,000", "+/-", CALLS + " real"));
        for (Result result : results) {
            for (Compared figure : result.figures) {
                table.append(String.format(
                        "%-44s %-22s %9.4f %9.4f %9.4f %9.3f%n",
                        result.load,
                        figure.what.words,
                        figure.theory,
                        figure.inMemory,
                        figure.confidence,
                        figure.measured));
            }
            table.append(String.format(
                    "%-44s estimated wait: error %.1f s, bias %.1f s; of %,d in memory, who would wait for %.1f s: error %.1f s,"
                            + " bias %.1f s; %.1f s per 1000 calls%n",
                    result.load,
                    result.estimateError,
                    result.estimateBias,
                    result.ofMany.said.size(),
                    result.ofMany.meanWait(),
                    result.ofMany.error(),
                    result.ofMany.bias(),
                    result.secondsPerThousand));
        }
        return table.toString();
    }

    /**
     * @param arrivals per minute
     * @param handleTime in seconds, wrap-up included
     * @param patience in seconds; 0 for no end of it
     */
    private record Load(String name, double arrivals, double handleTime, int agents, double patience) {

        Erlang theory() {
            return patience == 0
                    ? Erlang.c(arrivals / 60, handleTime, agents, SECONDS)
                    : Erlang.a(arrivals / 60, handleTime, agents, patience, SECONDS);
        }

        /** The same load, for as many callers. */
        List<Stay> inMemory(int callers) {
            Random random = new Random(1909);
            Fifo fifo = new Fifo(agents);
            List<Stay> stays = new ArrayList<>(callers);
            Instant now = START;
            for (int i = 0; i < callers; i++) {
                now = now.plus(random(random, 60 / arrivals));
                stays.add(fifo.comes(new Fifo.Caller(
                        now, patience == 0 ? null : random(random, patience), random(random, handleTime))));
            }
            return stays;
        }

        @Override
        public String toString() {
            return String.format(
                    "%s: %.1f/min, %.0f s, %d agents%s",
                    name,
                    arrivals,
                    handleTime,
                    agents,
                    patience == 0 ? "" : String.format(", %.0f s patient", patience));
        }
    }

    /** Per caller. */
    private enum Figure {
        WAITING(
                "probability of waiting",
                Erlang::waiting,
                stay -> stay.seconds() > 0 ? 1 : 0,
                figures -> figures.entered() - figures.accepted().within(0)),
        AVERAGE_WAIT(
                "average wait, s",
                Erlang::averageWait,
                Stay::seconds,
                figures -> figures.accepted().sum() + figures.abandoned().sum()),
        IN_TIME(
                "answered in 20 s",
                Erlang::inTime,
                stay -> stay.answered() && stay.seconds() <= SECONDS ? 1 : 0,
                figures -> figures.accepted().within(1)),
        ABANDONED("abandoned", Erlang::abandoning, stay -> stay.answered() ? 0 : 1, figures -> figures.abandoned()
                .count());

        private final String words;
        private final ToDoubleFunction<Erlang> theory;
        private final ToDoubleFunction<Stay> of;
        private final ToDoubleFunction<QueueFigures> measured;

        Figure(
                String words,
                ToDoubleFunction<Erlang> theory,
                ToDoubleFunction<Stay> of,
                ToDoubleFunction<QueueFigures> measured) {
            this.words = words;
            this.theory = theory;
            this.of = of;
            this.measured = measured;
        }
    }

    /**
     * @param inMemory of a million callers
     * @param confidence half of the interval around it in which the true value lies with 99.9 %
     * @param measured of the callers of the product, by its statistics
     */
    private record Compared(Figure what, double theory, double inMemory, double confidence, double measured) {}

    private record Result(
            Load load,
            List<Compared> figures,
            double estimateError,
            double estimateBias,
            Estimated ofMany,
            double secondsPerThousand) {}

    /** What the replay of a queue finds out about estimated waits. */
    private static final class Estimated {

        private final Map<Instant, Double> said = new HashMap<>();
        private double absolute;
        private double errors;
        private double waits;

        static Estimated of(List<Stay> stays) {
            Estimated all = new Estimated();
            QueueReplay replay = new QueueReplay((came, estimate, waited) -> {
                all.said.put(START.plus(came, ChronoUnit.MICROS), estimate);
                all.absolute += Math.abs(estimate - waited);
                all.errors += estimate - waited;
                all.waits += waited;
            });
            for (Stay stay : stays) {
                long came = micros(stay.came());
                replay.comes(came, micros(stay.ended()), came, stay.answered());
            }
            replay.end();
            return all;
        }

        double error() {
            return absolute / said.size();
        }

        double bias() {
            return errors / said.size();
        }

        double meanWait() {
            return waits / said.size();
        }

        private static long micros(Instant time) {
            return START.until(time, ChronoUnit.MICROS);
        }
    }

    private static Duration random(Random random, double mean) {
        return Duration.ofNanos((long) (-Math.log(1 - random.nextDouble()) * mean * 1e9));
    }

    /** One load in a time of its own. */
    private static final class Day {

        private final VirtualTime time = new VirtualTime(START);
        private final Random random = new Random(20261128);
        private final AnnotationConfigApplicationContext beans = new AnnotationConfigApplicationContext();
        private final Load load;
        private final JdbcClient jdbc;
        private final TransactionTemplate transaction;
        private final QueueEntries entries;
        private final Reservations reservations;
        private final Matches matches;
        private final CustomerId customer = CustomerId.next();
        private final QueueId queue = QueueId.next();
        private final Set<CallId> waiting = new HashSet<>();
        private final Map<CallId, Instant> came = new LinkedHashMap<>();
        private final Map<CallId, Duration> patience = new HashMap<>();
        private final Map<CallId, Duration> handling = new HashMap<>();
        private final Map<Instant, Double> said = new HashMap<>();
        private final WaitEstimates estimates;
        private int arrived;

        Day(HikariDataSource database, Load load) {
            this.load = load;
            beans.registerBean(JdbcTransactionManager.class, () -> new JdbcTransactionManager(database));
            beans.registerBean(JdbcTemplate.class, () -> new JdbcTemplate(database));
            beans.registerBean(JdbcClient.class, () -> JdbcClient.create(database));
            beans.registerBean(Clock.class, time::clock);
            beans.registerBean(ObjectMapper.class);
            beans.register(
                    Wiring.class,
                    EventLog.class,
                    QueueEntries.class,
                    Reservations.class,
                    Matches.class,
                    WaitEstimates.class,
                    QueueStatistics.class);
            beans.refresh();
            jdbc = beans.getBean(JdbcClient.class);
            transaction = new TransactionTemplate(beans.getBean(JdbcTransactionManager.class));
            entries = beans.getBean(QueueEntries.class);
            reservations = beans.getBean(Reservations.class);
            matches = beans.getBean(Matches.class);
            estimates = beans.getBean(WaitEstimates.class);
        }

        Result run() {
            long begin = System.nanoTime();
            open();
            callerIsDue();
            time.run();
            double seconds = (System.nanoTime() - begin) / 1e9;
            jdbc.sql("UPDATE agent SET chosen = 'offline'").update();
            Result result = result(seconds / arrived * 1000);
            beans.close();
            return result;
        }

        private void open() {
            jdbc.sql("INSERT INTO customer (id, name, created_at) VALUES (:id, :name, :now)")
                    .param("id", customer.value())
                    .param("name", load.name)
                    .param("now", time.time())
                    .update();
            jdbc.sql(
                            """
                            INSERT INTO queue (id, customer_id, name, maximum_wait, maximum_size, resume_within, created_at)
                            VALUES (:id, :customer, 'all', '1 day', 5000, '0', :now)""")
                    .param("id", queue.value())
                    .param("customer", customer.value())
                    .param("now", time.time())
                    .update();
            for (int i = 0; i < load.agents; i++) {
                jdbc.sql(
                                """
                                WITH hired AS (
                                    INSERT INTO agent (id, customer_id, username, name, role, chosen, status_since, idle_since, created_at)
                                    VALUES (:id, :customer, :name, :name, 'agent', 'available', :now, :now, :now) RETURNING id)
                                INSERT INTO agent_address (id, agent_id, customer_id, kind, value)
                                SELECT :id, id, :customer, 'client', :name FROM hired""")
                        .param("id", AgentId.next().value())
                        .param("customer", customer.value())
                        .param("name", load.name.toLowerCase(Locale.ROOT) + "-" + i)
                        .param("now", time.time())
                        .update();
            }
        }

        private void callerIsDue() {
            if (arrived < CALLS) {
                time.after(random(random, 60 / load.arrivals), this::callerComes);
            }
        }

        private void callerComes() {
            arrived++;
            CallId call = CallId.next();
            came.put(call, time.now());
            if (load.patience > 0) {
                patience.put(call, random(random, load.patience));
            }
            boolean offered = transaction.execute(status -> {
                jdbc.sql(
                                """
                                INSERT INTO call (id, customer_id, provider, direction, from_number, to_number, state, started_at)
                                VALUES (:id, :customer, 'acme', 'inbound', '+15550199001', '+15550100001', 'waiting', :now)""")
                        .param("id", call.value())
                        .param("customer", customer.value())
                        .param("now", time.time())
                        .update();
                Wish wish = new Wish("all", 0, null, null, null, "{}");
                assertThat(entries.enter(call, customer, wish).entry()).isEqualTo(Entry.ENTERED);
                if (reservations.offerToBestAgent(call).isPresent()) {
                    return true;
                }
                entries.await(call, "execution");
                return false;
            });
            if (offered) {
                agentAnswers(call);
            } else {
                waiting.add(call);
                estimates
                        .pace(queue.value(), time.now())
                        .ifPresent(pace -> said.put(time.now(), pace.wait(waiting.size())));
                if (load.patience > 0) {
                    time.after(patience.get(call), () -> callerGivesUp(call));
                }
            }
            callerIsDue();
        }

        private void callerGivesUp(CallId call) {
            if (waiting.remove(call)) {
                transaction.executeWithoutResult(status -> reservations.releaseAll(call));
            }
        }

        private void agentAnswers(CallId call) {
            transaction.executeWithoutResult(
                    status -> assertThat(reservations.accept(call, null)).isPresent());
            Duration time = random(random, load.handleTime);
            handling.put(call, time);
            Duration talk = time.multipliedBy(4).dividedBy(5);
            this.time.after(talk, () -> transaction.executeWithoutResult(status -> reservations.wrapUp(call)));
            this.time.after(time, () -> agentIsFree(call));
        }

        private void agentIsFree(CallId call) {
            transaction.executeWithoutResult(status -> reservations.complete(call));
            if (waiting.isEmpty()) {
                return;
            }
            for (Pair pair : matches.pairs()) {
                Optional<Offer> offer = transaction.execute(status -> reservations.offerTo(pair.call(), pair.agent()));
                assertThat(offer).isPresent();
                waiting.remove(pair.call());
                agentAnswers(pair.call());
            }
        }

        private Result result(double secondsPerThousand) {
            assertThat(waiting).isEmpty();
            List<Stay> expected = Fifo.stays(load.agents, List.copyOf(callers()));
            assertThat(stays()).as(load.toString()).isEqualTo(expected);
            Duration interval = Duration.between(START, time.now()).plusSeconds(1);
            QueueFigures figures = beans.getBean(QueueStatistics.class)
                    .intervals(
                            queue,
                            START,
                            START.plus(interval),
                            interval,
                            List.of(Duration.ZERO, Duration.ofSeconds(SECONDS)))
                    .get(0);
            Estimated replayed = Estimated.of(expected);
            assertThat(figures.estimates().count()).isEqualTo(replayed.said.size());
            assertThat(figures.estimates().bias()).isCloseTo(replayed.bias(), within(1e-3));
            replayed.said.forEach((came, estimate) -> assertThat(said.get(came))
                    .as("%s: estimated wait of who came at %s", load, came)
                    .isCloseTo(estimate, within(1e-3)));
            List<Compared> compared = new ArrayList<>();
            List<Stay> many = load.inMemory(CALLS_IN_MEMORY);
            for (Figure figure : Figure.values()) {
                if (load.patience > 0 || figure != Figure.ABANDONED) {
                    double measured = figure.measured.applyAsDouble(figures) / figures.entered();
                    assertThat(measured)
                            .as("%s, %s by the statistics", load, figure)
                            .isCloseTo(mean(expected, figure.of), within(1e-6));
                    compared.add(compare(figure, load.theory(), many, measured));
                }
            }
            assertThat(ServiceLevel.OF_OFFERED.percent(figures, 1) / 100)
                    .isCloseTo(compared.get(2).measured, within(1e-9));
            return new Result(
                    load,
                    compared,
                    figures.estimates().meanAbsoluteError(),
                    figures.estimates().bias(),
                    Estimated.of(many.subList(0, CALLS_ESTIMATED)),
                    secondsPerThousand);
        }

        private List<Fifo.Caller> callers() {
            return came.entrySet().stream()
                    .map(caller -> new Fifo.Caller(
                            caller.getValue(),
                            patience.get(caller.getKey()),
                            handling.getOrDefault(caller.getKey(), Duration.ZERO)))
                    .toList();
        }

        /** What became of the callers, as the database has it. */
        private List<Stay> stays() {
            return jdbc.sql(
                            """
                            SELECT e.entered_at, e.left_at, e.exit = 'accepted' AS answered
                              FROM queue_entry e WHERE e.queue_id = :queue ORDER BY e.id""")
                    .param("queue", queue.value())
                    .query((row, n) -> new Stay(
                            row.getObject("entered_at", OffsetDateTime.class).toInstant(),
                            row.getObject("left_at", OffsetDateTime.class).toInstant(),
                            row.getBoolean("answered")))
                    .list();
        }
    }

    private static double mean(List<Stay> stays, ToDoubleFunction<Stay> figure) {
        return stays.stream().mapToDouble(figure).average().orElseThrow();
    }

    /** The confidence from how much the batches of callers differ, which are independent of each other, nearly. */
    private static Compared compare(Figure figure, Erlang theory, List<Stay> stays, double measured) {
        double mean = mean(stays, figure.of);
        int size = stays.size() / BATCHES;
        double squares = 0;
        for (int batch = 0; batch < BATCHES; batch++) {
            squares += Math.pow(mean(stays.subList(batch * size, (batch + 1) * size), figure.of) - mean, 2);
        }
        double error = Math.sqrt(squares / (BATCHES - 1) / BATCHES);
        return new Compared(figure, figure.theory.applyAsDouble(theory), mean, T * error, measured);
    }
}
