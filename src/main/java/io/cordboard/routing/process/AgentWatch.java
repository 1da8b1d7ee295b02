package io.cordboard.routing.process;

import static io.cordboard.routing.process.QueueReservationProcess.DECISION;

import io.cordboard.agent.AgentBecameFree;
import io.cordboard.call.Calls;
import io.cordboard.call.StopCall;
import io.cordboard.events.EventLog;
import io.cordboard.platform.Sweeper;
import io.cordboard.shared.AgentId;
import io.cordboard.shared.CallId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.runtime.Execution;
import org.camunda.bpm.engine.runtime.Job;
import org.camunda.bpm.engine.task.Task;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * No agent is held for longer than something holds them. An agent who is ringing or wrapping up has a deadline, one who is
 * busy has a call that runs and a line that lives; where that is no longer so, the timer that should have ended it was
 * lost with its node or its tries, and is made up for here.
 *
 * <p>The mildest remedy that works is taken, so that the caller goes on as the model has it. Each is one
 * transaction under the call's lock that looks once more whether it is needed; calls somebody works on are left alone
 * until the next sweep.
 */
@Component
class AgentWatch extends Sweeper {

    static final Duration EVERY = Duration.ofSeconds(5);

    /** How long past the deadline a flow that runs may still help itself before its call is ended. */
    static final Duration LAST_RESORT = Duration.ofSeconds(30);

    private static final Logger log = LoggerFactory.getLogger(AgentWatch.class);

    /** Those held beyond their time; without a call when nothing holds them. */
    private static final String OVERDUE =
            """
            SELECT a.id, a.username, a.engaged, a.engaged_until, r.call_id, c.process_instance_id,
                   NOT EXISTS (SELECT FROM act_ru_execution x WHERE x.id_ = c.process_instance_id) AS process_gone
              FROM agent a
              LEFT JOIN reservation r ON r.agent_id = a.id AND r.state IN ('pending', 'accepted', 'wrapping')
              LEFT JOIN call c ON c.id = r.call_id
             WHERE a.engaged IS NOT NULL
               AND (a.engaged_until < :now
                    OR NOT EXISTS (SELECT FROM act_ru_execution x WHERE x.id_ = c.process_instance_id)
                    OR a.engaged = 'busy'
                       AND NOT EXISTS (SELECT FROM call_leg l WHERE l.call_id = c.id AND l.state <> 'ended'))
            """;

    private final JdbcClient jdbc;
    private final Calls calls;
    private final StopCall stopCall;
    private final RuntimeService runtime;
    private final TaskService tasks;
    private final ManagementService management;
    private final TransactionTemplate transaction;
    private final EventLog events;
    private final ApplicationEventPublisher publisher;
    private final MeterRegistry meters;
    private final Clock clock;
    private final Remedy unheld;
    private final List<Remedy> inCall;

    AgentWatch(
            JdbcClient jdbc,
            Calls calls,
            StopCall stopCall,
            RuntimeService runtime,
            TaskService tasks,
            ManagementService management,
            TransactionTemplate transaction,
            EventLog events,
            ApplicationEventPublisher publisher,
            MeterRegistry meters,
            Clock clock) {
        super("agent-watch", EVERY);
        this.jdbc = jdbc;
        this.calls = calls;
        this.stopCall = stopCall;
        this.runtime = runtime;
        this.tasks = tasks;
        this.management = management;
        this.transaction = transaction;
        this.events = events;
        this.publisher = publisher;
        this.meters = meters;
        this.clock = clock;
        this.unheld = remedy("freed", this::free);
        this.inCall = List.of(
                remedy("timerFired", this::fireTimer),
                remedy("taskCompleted", this::completeTask),
                remedy("callEnded", this::endCall));
    }

    @Override
    protected void sweep() {
        jdbc.sql(OVERDUE)
                .param("now", now())
                .query((row, n) -> held(row))
                .list()
                .forEach(this::help);
    }

    /** The mildest first. */
    private void help(Held held) {
        for (Remedy remedy : held.call() == null ? List.of(unheld) : inCall) {
            try {
                Boolean helped = transaction.execute(status -> tried(remedy, held));
                if (helped == null) {
                    return;
                }
                if (helped) {
                    remedy.counter().increment();
                    log.warn(
                            "Agent {} was held ({}) beyond their time by call {}: {}",
                            held.agent(),
                            held.engaged(),
                            held.call(),
                            remedy.name());
                    return;
                }
            } catch (RuntimeException failed) {
                log.warn("Agent {} could not be helped ({})", held.agent(), remedy.name(), failed);
            }
        }
    }

    /** @return null when it is not needed any more, or somebody works on the call or the agent at this moment */
    private @Nullable Boolean tried(Remedy remedy, Held seen) {
        CallId call = seen.call();
        if (call != null && !calls.tryLock(call)) {
            return null;
        }
        Held held = jdbc.sql(OVERDUE + " AND a.id = :agent FOR UPDATE OF a SKIP LOCKED")
                .param("now", now())
                .param("agent", seen.agent().value())
                .query((row, n) -> held(row))
                .optional()
                .orElse(null);
        if (held == null || !Objects.equals(held.call(), call)) {
            return null;
        }
        boolean helped = remedy.works().test(held);
        if (helped) {
            events.add("agent.repaired", call, held.agent(), Map.of("status", held.engaged(), "remedy", remedy.name()));
        }
        return helped;
    }

    /** No open reservation holds them. */
    private boolean free(Held held) {
        jdbc.sql("UPDATE agent SET engaged = NULL, engaged_until = NULL, status_since = :now, idle_since = :now"
                        + " WHERE id = :agent")
                .param("now", now())
                .param("agent", held.agent().value())
                .update();
        publisher.publishEvent(new AgentBecameFree());
        return true;
    }

    /** The flow's timer that is due fires now. */
    private boolean fireTimer(Held held) {
        Optional<Job> due = processes(held)
                .flatMap(process -> management
                        .createJobQuery()
                        .processInstanceId(process)
                        .timers()
                        .duedateLowerThan(Date.from(clock.instant()))
                        .list()
                        .stream())
                .min(Comparator.comparing(Job::getDuedate));
        due.map(Job::getId).ifPresent(management::executeJob);
        return due.isPresent();
    }

    /** The agent's task is completed in their place, which is a refusal where the task is an offer. */
    private boolean completeTask(Held held) {
        Optional<Task> task = tasks
                .createTaskQuery()
                .processInstanceBusinessKey(String.valueOf(held.call()))
                .taskAssignee(held.username())
                .list()
                .stream()
                .findFirst();
        task.map(Task::getId).ifPresent(id -> tasks.complete(id, Map.ofEntries(DECISION.with("reject"))));
        return task.isPresent();
    }

    /** The flow cannot go on. */
    private boolean endCall(Held held) {
        Instant until = held.until();
        boolean mayHelpItself =
                !held.processGone() && until != null && clock.instant().isBefore(until.plus(LAST_RESORT));
        if (mayHelpItself) {
            return false;
        }
        stopCall.stop(calls.open(Objects.requireNonNull(held.call())), "stuck");
        return true;
    }

    private Stream<String> processes(Held held) {
        return runtime
                .createProcessInstanceQuery()
                .processInstanceBusinessKey(String.valueOf(held.call()))
                .list()
                .stream()
                .map(Execution::getId);
    }

    private Remedy remedy(String name, Predicate<Held> works) {
        return new Remedy(
                name,
                works,
                Counter.builder("cordboard.agent.repairs")
                        .description("Agents who were held longer than anything held them")
                        .tag("remedy", name)
                        .register(meters));
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private static Held held(ResultSet row) throws SQLException {
        UUID call = row.getObject("call_id", UUID.class);
        OffsetDateTime until = row.getObject("engaged_until", OffsetDateTime.class);
        return new Held(
                new AgentId(row.getObject("id", UUID.class)),
                row.getString("username"),
                row.getString("engaged"),
                until == null ? null : until.toInstant(),
                call == null ? null : new CallId(call),
                row.getBoolean("process_gone"));
    }

    /** @param works true when it was what was needed */
    private record Remedy(String name, Predicate<Held> works, Counter counter) {}

    /**
     * @param until the deadline; null while busy
     * @param call whose open reservation holds the agent; null when none does
     */
    private record Held(
            AgentId agent,
            String username,
            String engaged,
            @Nullable Instant until,
            @Nullable CallId call,
            boolean processGone) {}
}
