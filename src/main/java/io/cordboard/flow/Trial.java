package io.cordboard.flow;

import java.util.Set;
import java.util.function.Supplier;

/**
 * A call that tries drafts: wherever its models name a process, a decision or a form, the newest draft is meant, and what
 * is published only where there is no draft. All its process instances belong to the engine's tenant {@value #TENANT}.
 */
public final class Trial {

    /** The engine's tenant of drafts that wait, and of calls that try them. */
    public static final String TENANT = "draft";

    /** Beside it the tenant of drafts that wait no longer. */
    public static final Set<String> UNPUBLISHED = Set.of(TENANT, "aside");

    private static final ThreadLocal<Boolean> STARTING = ThreadLocal.withInitial(() -> false);

    private Trial() {}

    /** Starts processes as trials. */
    public static <T> T starting(Supplier<T> start) {
        STARTING.set(true);
        try {
            return start.get();
        } finally {
            STARTING.remove();
        }
    }

    /** Whether the process that this thread is starting is a trial. */
    public static boolean isStarting() {
        return STARTING.get();
    }
}
