package io.cordboard.telephony;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.cordboard.platform.TestDatabase;
import io.cordboard.shared.CallId;
import io.cordboard.shared.LegId;
import io.cordboard.telephony.CallLocks.LockedCall;
import io.cordboard.telephony.spi.Carrier;
import io.cordboard.testing.TestFolders;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.unit.DataSize;

/** The inbox and outbox of one or more nodes on a real PostgreSQL, with a small module of calls and a small carrier. */
final class TelephonyFixture {

    static final String PROVIDER = "acme";

    private TelephonyFixture() {}

    /** A database of its own. */
    static Database database() {
        return new Database(TestDatabase.empty());
    }

    static final class Database implements AutoCloseable {

        final HikariDataSource pool;
        final JdbcClient jdbc;
        private final List<HikariDataSource> pools = new ArrayList<>();
        private String away = "";
        private boolean waitsForDatabase;

        Database(HikariDataSource pool) {
            this.pool = pool;
            this.jdbc = JdbcClient.create(pool);
            pools.add(pool);
            Flyway.configure()
                    .dataSource(pool)
                    .locations("classpath:db/migration")
                    .load()
                    .migrate();
        }

        /** The same, for a node that starts while the database is away. */
        Database later() {
            waitsForDatabase = true;
            return this;
        }

        HikariDataSource newPool() {
            HikariConfig config = new HikariConfig();
            pool.copyStateTo(config);
            config.setPoolName(null);
            config.setMaximumPoolSize(12);
            config.setMinimumIdle(1);
            config.setConnectionTimeout(1000);
            if (waitsForDatabase) {
                config.setInitializationFailTimeout(-1);
            }
            HikariDataSource fresh = new HikariDataSource(config);
            pools.add(fresh);
            return fresh;
        }

        /** Lets nobody in any more and throws everybody out, as far as this database goes. */
        void goAway() {
            String name =
                    jdbc.sql("SELECT current_database()").query(String.class).single();
            try (Connection other = elsewhere();
                    Statement statement = other.createStatement()) {
                statement.execute("ALTER DATABASE " + name + " ALLOW_CONNECTIONS false");
                statement.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            away = name;
        }

        void comeBack() {
            try (Connection other = elsewhere();
                    Statement statement = other.createStatement()) {
                statement.execute("ALTER DATABASE " + away + " ALLOW_CONNECTIONS true");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        private Connection elsewhere() throws SQLException {
            return DriverManager.getConnection(
                    pool.getJdbcUrl().replaceFirst("/[^/]*$", "/postgres"), pool.getUsername(), pool.getPassword());
        }

        /** A call with its caller's leg, as the module of calls would have it. */
        LockedCall call() {
            return call("CA" + UUID.randomUUID());
        }

        LockedCall call(String providerLegId) {
            CallId call = CallId.next();
            insertCall(jdbc, call);
            LegId leg = insertLeg(jdbc, call, "caller", providerLegId);
            return new LockedCall(call, leg, PROVIDER, providerLegId, false, false);
        }

        /** A leg to an agent that is about to be dialled. */
        LegId agentLeg(CallId call) {
            return insertLeg(jdbc, call, "agent", null);
        }

        List<String> effects() {
            return jdbc.sql("SELECT type FROM event_log ORDER BY id")
                    .query(String.class)
                    .list();
        }

        int effects(String type) {
            return jdbc.sql("SELECT count(*) FROM event_log WHERE type = :type")
                    .param("type", type)
                    .query(Integer.class)
                    .single();
        }

        int outboxRows() {
            return jdbc.sql("SELECT count(*) FROM outbox WHERE state = 'pending'")
                    .query(Integer.class)
                    .single();
        }

        Map<String, Object> outboxRow() {
            return jdbc.sql("SELECT * FROM outbox").query().singleRow();
        }

        String inboxState(EventKey key) {
            return jdbc.sql("SELECT state FROM inbox WHERE event_key = :key")
                    .param("key", key.value())
                    .query(String.class)
                    .optional()
                    .orElse("absent");
        }

        @Override
        public void close() {
            pools.forEach(HikariDataSource::close);
        }
    }

    static void insertCall(JdbcClient jdbc, CallId call) {
        jdbc.sql(
                        """
                        INSERT INTO call (id, provider, direction, from_number, to_number, state, started_at)
                        VALUES (:id, 'acme', 'inbound', '+15550199001', '+15550100001', 'greeting', :at)""")
                .param("id", call.value())
                .param("at", OffsetDateTime.now())
                .update();
    }

    static LegId insertLeg(JdbcClient jdbc, CallId call, String kind, String providerLegId) {
        LegId leg = LegId.next();
        jdbc.sql(
                        """
                        INSERT INTO call_leg (id, call_id, kind, provider, provider_leg_id, address, state, started_at)
                        VALUES (:id, :call, :kind, 'acme', :provider, '+15550199001', 'dialing', :at)""")
                .param("id", leg.value())
                .param("call", call.value())
                .param("kind", kind)
                .param("provider", providerLegId)
                .param("at", OffsetDateTime.now())
                .update();
        return leg;
    }

    /** The locks of the small module of calls. */
    static final class Locks implements CallLocks {

        private static final String LEG =
                """
                SELECT l.id, l.call_id, l.provider, l.provider_leg_id, c.ended_at IS NOT NULL AS over,
                       l.state = 'ended' AS leg_over
                  FROM call_leg l JOIN call c ON c.id = l.call_id
                """;

        private final JdbcClient jdbc;

        Locks(JdbcClient jdbc) {
            this.jdbc = jdbc;
        }

        @Override
        public Optional<LockedCall> lock(LegRef leg) {
            LegId ours = leg.leg();
            return ours != null
                    ? jdbc.sql(LEG + " WHERE l.id = :id FOR UPDATE OF c")
                            .param("id", ours.value())
                            .query((row, n) -> locked(row))
                            .optional()
                    : jdbc.sql(LEG + " WHERE l.provider = :provider AND l.provider_leg_id = :id FOR UPDATE OF c")
                            .param("provider", leg.provider())
                            .param("id", leg.providerLegId())
                            .query((row, n) -> locked(row))
                            .optional();
        }

        @Override
        public Map<LegRef, LockedCall> lockAll(Set<LegRef> legs) {
            List<LockedCall> found = jdbc.sql(
                            LEG
                                    + """
                             WHERE l.id = ANY (CAST(:ids AS uuid[]))
                                OR (l.provider, l.provider_leg_id) IN (
                                   SELECT * FROM unnest(CAST(:providers AS text[]), CAST(:legs AS text[])))
                             ORDER BY c.id FOR UPDATE OF c SKIP LOCKED""")
                    .param(
                            "ids",
                            texts(
                                    legs,
                                    leg -> leg.leg() == null ? null : leg.leg().toString()))
                    .param("providers", texts(legs, LegRef::provider))
                    .param("legs", texts(legs, LegRef::providerLegId))
                    .query((row, n) -> locked(row))
                    .list();
            Map<LegRef, LockedCall> calls = new HashMap<>();
            for (LegRef leg : legs) {
                for (LockedCall call : found) {
                    if (leg.leg() != null
                            ? leg.leg().equals(call.leg())
                            : call.provider().equals(leg.provider())
                                    && leg.providerLegId().equals(call.providerLegId())) {
                        calls.put(leg, call);
                    }
                }
            }
            return calls;
        }

        private static String[] texts(Collection<LegRef> legs, Function<LegRef, String> text) {
            return legs.stream().map(text).toArray(String[]::new);
        }

        @Override
        public Optional<LockedCall> lock(CallId call, LegId leg) {
            return jdbc.sql(LEG + " WHERE l.id = :leg AND c.id = :call FOR UPDATE OF c")
                    .param("leg", leg.value())
                    .param("call", call.value())
                    .query((row, n) -> locked(row))
                    .optional();
        }

        @Override
        public Optional<String> providerLegId(LegId leg) {
            return jdbc.sql("SELECT provider_leg_id FROM call_leg WHERE id = :leg AND provider_leg_id IS NOT NULL")
                    .param("leg", leg.value())
                    .query(String.class)
                    .optional();
        }

        private static LockedCall locked(java.sql.ResultSet row) throws java.sql.SQLException {
            return new LockedCall(
                    new CallId(row.getObject("call_id", UUID.class)),
                    new LegId(row.getObject("id", UUID.class)),
                    row.getString("provider"),
                    row.getString("provider_leg_id"),
                    row.getBoolean("over"),
                    row.getBoolean("leg_over"));
        }
    }

    /** A handler made of a function. */
    record Mover<E extends CarrierEvent>(Class<E> kind, Handling<E> handling) implements CarrierEventHandler<E> {

        @Override
        public Result handle(E event, LockedCall call) {
            return handling.handle(event, call);
        }

        interface Handling<E> {
            CarrierEventHandler.Result handle(E event, LockedCall call);
        }
    }

    /** A carrier that remembers what it was asked for and answers what the test wants. */
    static final class FakeCarrier implements Carrier {

        final ConcurrentLinkedQueue<Order> orders = new ConcurrentLinkedQueue<>();
        volatile Function<Order, Outcome> answer =
                order -> new Outcome.Done("CA-" + order.command().leg());

        @Override
        public String name() {
            return PROVIDER;
        }

        @Override
        public Outcome execute(Order order) {
            orders.add(order);
            return answer.apply(order);
        }

        List<String> kinds() {
            return orders.stream()
                    .map(order -> order.command().getClass().getSimpleName())
                    .toList();
        }
    }

    static TelephonySettings settings() {
        return settings(Duration.ofSeconds(30));
    }

    static TelephonySettings settings(Duration unmatchedAfter) {
        return settings(Duration.ofMillis(20), unmatchedAfter);
    }

    static TelephonySettings settings(Duration factLinger, Duration unmatchedAfter) {
        return new TelephonySettings(
                factLinger,
                Duration.ofMillis(50),
                Duration.ofMillis(20),
                Duration.ofMillis(200),
                unmatchedAfter,
                Duration.ofSeconds(5),
                Duration.ofMillis(200),
                Duration.ofMillis(1500),
                Duration.ofMillis(1000),
                8,
                Duration.ofMillis(20),
                Duration.ofMillis(100),
                4,
                Duration.ofSeconds(10),
                Duration.ofMillis(500),
                Duration.ofDays(7),
                DataSize.ofKilobytes(16));
    }

    /** One node: all beans of the module, wired by hand. */
    static final class Node implements AutoCloseable {

        final HikariDataSource pool;
        final PlatformTransactionManager transactions;
        final TransactionTemplate transaction;
        final JdbcClient jdbc;
        final SimpleMeterRegistry meters = new SimpleMeterRegistry();
        final FakeCarrier carrier;
        final List<CarrierEventHandler<?>> movers = new CopyOnWriteArrayList<>();
        final List<CarrierFactHandler<?>> noters = new CopyOnWriteArrayList<>();
        final List<LineEnd> lineEnds = new CopyOnWriteArrayList<>();
        final Locks locks;
        final CommandLanes lanes = new CommandLanes();
        final OutboxTable outboxTable;
        final InboxTable inboxTable;
        final Handlers handlers;
        final Directions directions;
        final FactWriter facts;
        final EventSpool spool;
        final TransactionalInbox inbox;
        final CommandWorkers workers;
        final DeadLetters deadLetters;
        final TelephonyWatch watch;

        Node(Database database) {
            this(database, settings(), new FakeCarrier(), temporaryFolder());
        }

        Node(Database database, TelephonySettings settings, FakeCarrier carrier, Path dataDir) {
            this.pool = database.newPool();
            this.carrier = carrier;
            Clock clock = Clock.systemUTC();
            transactions = new JdbcTransactionManager((DataSource) pool);
            transaction = new TransactionTemplate(transactions);
            jdbc = JdbcClient.create(pool);
            locks = new Locks(jdbc);
            outboxTable = new OutboxTable(jdbc, clock, settings);
            inboxTable = new InboxTable(jdbc, outboxTable, clock);
            handlers = new Handlers(provider(() -> movers), provider(() -> noters));
            LegIds legIds = new LegIds(locks);
            directions = new Directions(outboxTable, lanes, locks, legIds, provider(() -> lineEnds));
            facts = new FactWriter(transaction, locks, handlers, inboxTable, lanes, legIds, settings, clock);
            spool = new EventSpool(dataDir, settings);
            InboxAlarm alarm = new InboxAlarm(clock);
            inbox = new TransactionalInbox(
                    transaction,
                    inboxTable,
                    outboxTable,
                    locks,
                    handlers,
                    directions,
                    facts,
                    legIds,
                    alarm,
                    spool,
                    settings,
                    clock,
                    meters);
            workers = new CommandWorkers(
                    outboxTable,
                    lanes,
                    facts,
                    inbox,
                    locks,
                    legIds,
                    transaction,
                    settings,
                    clock,
                    meters,
                    provider(() -> List.of(this.carrier)));
            deadLetters = new DeadLetters(inboxTable, outboxTable, lanes, alarm, transaction, clock);
            watch = new TelephonyWatch(
                    facts, lanes, workers, alarm, inbox, inboxTable, outboxTable, spool, settings, clock, meters);
        }

        /** Adds a handler; before the start. */
        <E extends CarrierEvent> Node on(Class<E> kind, Mover.Handling<E> handling) {
            movers.add(new Mover<>(kind, handling));
            return this;
        }

        Node start() {
            handlers.afterSingletonsInstantiated();
            watch.start();
            return this;
        }

        /** What a handler changes: one row in the log of business events. */
        void effect(String type, CallId call) {
            jdbc.sql("INSERT INTO event_log (at, call_id, type) VALUES (:at, :call, :type)")
                    .param("at", OffsetDateTime.now())
                    .param("call", call == null ? null : call.value())
                    .param("type", type)
                    .update();
        }

        /** Ends the node's connections at once, as a kill would. */
        void kill() {
            pool.close();
        }

        @Override
        public void close() {
            watch.stop();
            pool.close();
        }
    }

    static Path temporaryFolder() {
        return TestFolders.fresh("spool");
    }

    private static <T> ObjectProvider<T> provider(Supplier<List<T>> beans) {
        return new ObjectProvider<>() {
            @Override
            public Stream<T> stream() {
                return beans.get().stream();
            }
        };
    }

    /** Runs the same thing in several threads at the same instant. */
    static <T> List<T> together(ExecutorService threads, int copies, Supplier<T> work) {
        CyclicBarrier barrier = new CyclicBarrier(copies);
        List<CompletableFuture<T>> running = new ArrayList<>();
        for (int i = 0; i < copies; i++) {
            running.add(CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            barrier.await();
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                        return work.get();
                    },
                    threads));
        }
        return running.stream().map(CompletableFuture::join).toList();
    }

    static ExecutorService threads(int number) {
        return Executors.newFixedThreadPool(number, runnable -> {
            Thread thread = new Thread(runnable, "test");
            thread.setDaemon(true);
            return thread;
        });
    }

    static EventKey key(String value) {
        return new EventKey(PROVIDER, value);
    }

    static LegRef ref(LockedCall call) {
        return new LegRef(PROVIDER, call.providerLegId(), null);
    }
}
