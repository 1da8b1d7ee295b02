package io.cordboard.simulator.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Many calls at once. Prints what a call costs; asserts only that all of them come through. */
class LoadTests extends CarrierTest {

    private static final int CALLS = 300;

    @Test
    void hundredsOfCallsAtOnceAllReachTheQueueAndEnd() {
        var line = line("<Gather numDigits='1' action='menu'><Say>Press 1</Say></Gather>")
                .answers("menu", "<Enqueue action='after'>load</Enqueue>");
        var started = System.nanoTime();
        var cpuBefore = cpuOfCarrier();
        var calls = new java.util.ArrayList<Phone>();
        for (var i = 0; i < CALLS; i++) {
            calls.add(NETWORK.dial(
                    Map.of("from", "+1555015%04d".formatted(i), "to", line.number(), "script", List.of("press 1"))));
        }
        eventually().until(() -> line.requests("menu").size() == CALLS);
        var seconds = (System.nanoTime() - started) / 1e9;
        calls.forEach(Phone::hangsUp);
        eventually().until(() -> line.requests("status").size() == CALLS);
        var cpu = (cpuOfCarrier() - cpuBefore) / 1e6 / CALLS;
        System.out.printf(
                "%.0f calls/s to the queue; %.2f ms CPU of the carrier's threads per call%n", CALLS / seconds, cpu);

        assertThat(line.requests("after")).hasSize(CALLS);
    }

    private static long cpuOfCarrier() {
        var threads = ManagementFactory.getThreadMXBean();
        var nanos = 0L;
        for (var thread : threads.dumpAllThreads(false, false)) {
            if (thread.getThreadName().startsWith("simulated-carrier")) {
                nanos += threads.getThreadCpuTime(thread.getThreadId());
            }
        }
        return nanos;
    }
}
