package io.cordboard.flow;

import io.cordboard.shared.CallId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.task.Task;
import org.camunda.bpm.engine.task.TaskQuery;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/** The user tasks of calls. Completing one is the only door through which a person's decision enters a flow. */
@Service
public class CallTasks {

    private static final Logger log = LoggerFactory.getLogger(CallTasks.class);

    private static final int ATTEMPTS = 3;

    private final TaskService tasks;

    CallTasks(TaskService tasks) {
        this.tasks = tasks;
    }

    /**
     * Completes a task of a call; the flow goes on in the same transaction.
     *
     * @param task the user task's id in the model
     * @param assignee whose task it must be
     * @param answers what the person filled in, by variable name
     * @return false when the call does not wait in such a task
     * @throws TooLateException when somebody or something else moved the call at the same instant
     */
    public boolean complete(CallId call, String task, String assignee, Map<String, ?> answers) {
        return complete(call, Set.of(task), assignee, answers);
    }

    /**
     * As {@link #complete(CallId, String, String, Map)}, for a task that stands at several places of a model, of which a
     * call is at one.
     */
    public boolean complete(CallId call, Set<String> anyOf, String assignee, Map<String, ?> answers) {
        return complete(
                tasks.createTaskQuery()
                        .processInstanceBusinessKey(call.toString())
                        .taskDefinitionKeyIn(anyOf.toArray(String[]::new))
                        .taskAssignee(assignee)
                        .list(),
                answers);
    }

    /** As {@link #complete(CallId, String, String, Map)}, whoever the task is assigned to. */
    public boolean complete(CallId call, String task, Map<String, ?> answers) {
        return complete(
                tasks.createTaskQuery()
                        .processInstanceBusinessKey(call.toString())
                        .taskDefinitionKey(task)
                        .list(),
                answers);
    }

    private boolean complete(List<Task> open, Map<String, ?> answers) {
        if (open.isEmpty()) {
            return false;
        }
        try {
            tasks.complete(open.get(0).getId(), Map.copyOf(answers));
            return true;
        } catch (OptimisticLockingException faster) {
            throw new TooLateException(faster);
        }
    }

    /**
     * Does something that completes a task, and does it again when it came at the same instant as something else, for
     * example the task's timer: by then it is known which of the two was first.
     *
     * @throws TooLateException when that did not help
     */
    public static <T> T untilDecided(Supplier<T> inOneTransaction) {
        for (int again = ATTEMPTS; again > 1; again--) {
            try {
                return inOneTransaction.get();
            } catch (TooLateException undecided) {
                log.debug("A call moved at the same instant.", undecided);
            }
        }
        return inOneTransaction.get();
    }

    /**
     * As {@link #complete}, in the place of whoever the task is assigned to.
     *
     * @param task null for whatever task the call waits in
     */
    public boolean completeForWhoever(CallId call, @Nullable String task, Map<String, ?> answers) {
        TaskQuery open = tasks.createTaskQuery().processInstanceBusinessKey(call.toString());
        Optional<Task> found = (task == null ? open : open.taskDefinitionKey(task))
                .list().stream().findFirst();
        try {
            found.map(Task::getId).ifPresent(id -> tasks.complete(id, Map.copyOf(answers)));
        } catch (OptimisticLockingException faster) {
            throw new TooLateException(faster);
        }
        return found.isPresent();
    }

    /** Somebody or something else moved the call at the same instant. */
    public static class TooLateException extends RuntimeException {
        TooLateException(Throwable cause) {
            super("The call has moved on at the same instant.", cause);
        }
    }
}
