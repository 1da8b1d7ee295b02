package io.cordboard.platform;

import io.cordboard.shared.CallId;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Writes a call's id beside every log line about it, as {@code callId}. */
public final class CallLog {

    private static final String KEY = "callId";

    private CallLog() {}

    /** From now until the current transaction has ended. */
    public static void untilTransactionEnds(CallId call) {
        Scope scope = about(call);
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCompletion(int status) {
                scope.close();
            }
        });
    }

    /** From now until it is closed. */
    public static Scope about(CallId call) {
        @Nullable String before = MDC.get(KEY);
        MDC.put(KEY, call.toString());
        return () -> {
            if (before == null) {
                MDC.remove(KEY);
            } else {
                MDC.put(KEY, before);
            }
        };
    }

    /** The lines about one call. */
    @FunctionalInterface
    public interface Scope extends AutoCloseable {

        @Override
        void close();
    }
}
