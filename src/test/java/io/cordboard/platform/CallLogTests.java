package io.cordboard.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordboard.shared.CallId;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class CallLogTests {

    @Test
    void linesCarryTheCallTheyAreAboutAndAfterwardsTheOneBefore() {
        CallId outer = CallId.next();
        CallId inner = CallId.next();
        try (var first = CallLog.about(outer)) {
            try (var second = CallLog.about(inner)) {
                assertThat(MDC.get("callId")).isEqualTo(inner.toString());
            }
            assertThat(MDC.get("callId")).isEqualTo(outer.toString());
        }
        assertThat(MDC.get("callId")).isNull();
    }
}
