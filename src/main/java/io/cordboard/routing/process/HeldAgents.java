package io.cordboard.routing.process;

import static io.cordboard.routing.process.QueueReservationProcess.DECISION;

import io.cordboard.agent.AgentBecameFree;
import io.cordboard.call.CallState;
import io.cordboard.call.CallerLine;
import io.cordboard.call.Calls;
import io.cordboard.call.LegEndListener;
import io.cordboard.call.Legs;
import io.cordboard.call.Legs.Leg;
import io.cordboard.call.OpenCall;
import io.cordboard.call.StopCall;
import io.cordboard.routing.Reservations;
import io.cordboard.shared.AgentId;
import io.cordboard.shared.CallId;
import io.cordboard.telephony.CarrierEvent.LegEnd;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.runtime.Execution;
import org.camunda.bpm.engine.runtime.Job;
import org.camunda.bpm.engine.task.Task;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The agents somebody or something holds, and what frees them, by the flow's own ways wherever there is one. To be used
 * under the call's lock, or under the agent's where no call holds them.
 */
@Component
class HeldAgents {

    /** Somebody's phone rings, the agent's or that of a caller who is called back, and nobody talks yet. */
    static final Set<CallState> RINGING = Set.of(CallState.CONNECTING, CallState.CALLING_CALLER);

    private static final String SELECT =
            """
            SELECT a.id, a.username, a.engaged, a.engaged_until, r.call_id, c.process_instance_id,
                   NOT EXISTS (SELECT FROM act_ru_execution x WHERE x.id_ = c.process_instance_id) AS process_gone,
                   NOT EXISTS (SELECT FROM call_leg l WHERE l.call_id = c.id AND l.state <> 'ended') AS lines_dead
              FROM agent a
              LEFT JOIN reservation r ON r.agent_id = a.id AND r.state IN ('pending', 'accepted', 'wrapping')
              LEFT JOIN call c ON c.id = r.call_id
            """;

    /** While phones ring only the flow knows how long they may. */
    private static final String PAST_DEADLINE =
            """
            (a.engaged_until <= :when
             OR c.state IN ('connecting', 'calling_caller')
                AND c.awaiting_execution IN (SELECT j.execution_id_ FROM act_ru_job j WHERE j.duedate_ < :due))
            """;

    private static final String NEEDLESS =
            """
            a.engaged IS NOT NULL
            AND NOT EXISTS (SELECT FROM call_back b WHERE b.agent_id = a.id AND b.ended_at IS NULL)
            AND (NOT EXISTS (SELECT FROM act_ru_execution x WHERE x.id_ = c.process_instance_id)
                 OR a.engaged = 'busy'
                    AND NOT EXISTS (SELECT FROM call_leg l WHERE l.call_id = c.id AND l.state <> 'ended')
                 OR\s"""
                    + PAST_DEADLINE
                    + ")";

    private final JdbcClient jdbc;
    private final Calls calls;
    private final Legs legs;
    private final CallerLine line;
    private final List<LegEndListener> listeners;
    private final StopCall stopCall;
    private final RuntimeService runtime;
    private final TaskService tasks;
    private final ManagementService management;
    private final ApplicationEventPublisher publisher;
    private final Clock clock;

    HeldAgents(
            JdbcClient jdbc,
            Calls calls,
            Legs legs,
            CallerLine line,
            List<LegEndListener> listeners,
            StopCall stopCall,
            RuntimeService runtime,
            TaskService tasks,
            ManagementService management,
            ApplicationEventPublisher publisher,
            Clock clock) {
        this.jdbc = jdbc;
        this.calls = calls;
        this.legs = legs;
        this.line = line;
        this.listeners = listeners;
        this.stopCall = stopCall;
        this.runtime = runtime;
        this.tasks = tasks;
        this.management = management;
        this.publisher = publisher;
        this.clock = clock;
    }

    /**
     * Those whom a call holds past their deadline, or will at that time unless they are freed before; the earliest first.
     * Looks at what is open now and at nothing else.
     */
    List<Held> pastDeadline(Instant when) {
        return select(" WHERE r.id IS NOT NULL AND " + PAST_DEADLINE + " ORDER BY a.engaged_until", null, when)
                .list();
    }

    /** Also those whom a dead call holds, or nothing at all. Looks at every agent. */
    List<Held> needless() {
        return select(" WHERE " + NEEDLESS, null, clock.instant()).list();
    }

    /** One of {@link #needless}, whose row is locked; empty as well while somebody else is at it. */
    Optional<Held> stillNeedless(AgentId agent) {
        return select(" WHERE a.id = :agent AND " + NEEDLESS + " FOR UPDATE OF a SKIP LOCKED", agent, clock.instant())
                .optional();
    }

    /** Whatever the agent is held for; empty when they are free. */
    Optional<Held> find(AgentId agent) {
        return select(" WHERE a.id = :agent AND a.engaged IS NOT NULL", agent, clock.instant())
                .optional();
    }

    /** Waits until nobody else moves what holds the agent; look again afterwards. */
    void lock(Held held) {
        if (held.call() == null) {
            jdbc.sql("SELECT FROM agent WHERE id = :agent FOR UPDATE")
                    .param("agent", held.agent().value())
                    .query((row, n) -> n)
                    .list();
        } else {
            open(held);
        }
    }

    private JdbcClient.MappedQuerySpec<Held> select(String where, @Nullable AgentId agent, Instant when) {
        return jdbc.sql(SELECT + where)
                .param("when", when.atOffset(ZoneOffset.UTC))
                .param("due", OffsetDateTime.now(clock).minus(Reservations.GRACE))
                .param("agent", agent == null ? null : agent.value())
                .query((row, n) -> held(row));
    }

    /** Nothing holds them. */
    boolean free(Held held) {
        int rows = jdbc.sql(
                        """
                        UPDATE agent a SET engaged = NULL, engaged_until = NULL, status_since = :now, idle_since = :now
                         WHERE id = :agent AND engaged IS NOT NULL
                           AND NOT EXISTS (SELECT FROM reservation r
                                            WHERE r.agent_id = a.id AND r.state IN ('pending', 'accepted', 'wrapping'))""")
                .param("now", OffsetDateTime.now(clock))
                .param("agent", held.agent().value())
                .update();
        if (rows == 1) {
            publisher.publishEvent(new AgentBecameFree());
        }
        return rows == 1;
    }

    /** The flow's timer that is due fires now. */
    boolean fireTimer(Held held) {
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
    boolean completeTask(Held held) {
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

    /** The agent's phones ring no longer, nor the caller's; the flow goes on as when nobody had picked up. */
    boolean stopRinging(Held held) {
        OpenCall call = open(held);
        CallState state = call.state();
        if (!RINGING.contains(state)) {
            return false;
        }
        List<Leg> ringing = legs.open(call.id()).stream()
                .filter(leg -> held.agent().equals(leg.agent()))
                .toList();
        for (Leg phone : ringing) {
            legs.ended(phone.id(), LegEnd.CANCELED);
            line.hangUp(call, phone.id());
        }
        ringing.stream().findFirst().ifPresent(phone -> listeners.stream()
                .filter(listener -> listener.during().contains(state))
                .findFirst()
                .ifPresent(listener -> listener.agentLegOver(call, phone.id(), held.agent(), LegEnd.CANCELED)));
        return !ringing.isEmpty();
    }

    /** The flow is stopped where it is, lines are hung up. */
    void endCall(Held held, String reason) {
        stopCall.stop(open(held), reason);
    }

    OpenCall open(Held held) {
        return calls.open(Objects.requireNonNull(held.call()));
    }

    private Stream<String> processes(Held held) {
        return runtime
                .createProcessInstanceQuery()
                .processInstanceBusinessKey(String.valueOf(held.call()))
                .list()
                .stream()
                .map(Execution::getId);
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
                row.getBoolean("process_gone"),
                row.getBoolean("lines_dead"));
    }

    /**
     * @param engaged {@code ringing}, {@code busy} or {@code wrapping}
     * @param until the deadline; null while busy
     * @param call whose open reservation holds the agent; null when none does
     * @param linesDead whether nobody is on the line any longer
     */
    record Held(
            AgentId agent,
            String username,
            String engaged,
            @Nullable Instant until,
            @Nullable CallId call,
            boolean processGone,
            boolean linesDead) {}
}
