package io.cordboard.platform;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.core.env.Environment;
import org.springframework.mock.env.MockEnvironment;

/** What no log line may hold, whoever wrote it. */
class LogMaskingTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "call from +15550100001 to +4930123456 | call from +*********01 to +********56",
                "POST /v1/calls?to=%2B15550100001 | POST /v1/calls?to=%2B*********01",
                "Authorization: Bearer eyJhbGciOi.J9.x-y_z | Authorization: ***",
                "authorization:\"Basic QUMxMjM6c2VjcmV0\" | authorization:\"***\"",
                "sent Bearer eyJhbGciOiJIUzI1NiJ9 | sent Bearer ***",
                "password=hunter2&user=edith | password=***&user=edith",
                "{\"password\":\"hunter2\",\"user\":\"edith\"} | {\"password\":\"***\",\"user\":\"edith\"}",
                "auth-token: 0123456789abcdef | auth-token: ***",
                "X-Twilio-Signature: 0/KCTR6DLpKmkAf8muzZqo1nDgQ= | X-Twilio-Signature: ***",
                "Set-Cookie: session=abc; Path=/ | Set-Cookie: ***; Path=/",
                "the api_key=\"abc\" is wrong | the api_key=\"***\" is wrong",
            })
    void hidesWhatNobodyShouldRead(String text, String logged) {
        assertThat(LogMasking.masked(text)).isEqualTo(logged);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-01T10:00:00+0100 call 0197a3c2-9d3b-7c55-8c8e-1d2f3a4b5c6d offered",
        "5 + 123456 is small",
        "the password was wrong",
        "took 12345678 ms",
    })
    void leavesTheRestAsItIs(String text) {
        assertThat(LogMasking.masked(text)).isEqualTo(text);
    }

    @Test
    void worksOnReadableLinesIncludingExceptions() {
        LoggerContext context = new LoggerContext();
        PatternLayout layout = new PatternLayout();
        layout.setContext(context);
        layout.getInstanceConverterMap().put("masked", LogMasking.Converter::new);
        layout.setPattern("%masked(%m%n%ex)");
        layout.start();
        assertThat(layout.doLayout(lineWithSecrets(context)))
                .contains("call from +*********01", "password=***", "worksOnReadableLines")
                .doesNotContain("15550100001", "hunter2");
    }

    @Test
    void worksOnStructuredLinesIncludingExceptionsAndKeepsTheCallId() {
        LoggerContext context = new LoggerContext();
        context.putObject(
                Environment.class.getName(),
                new MockEnvironment()
                        .withProperty("logging.structured.json.customizer", LogMasking.Json.class.getName()));
        StructuredLogEncoder encoder = new StructuredLogEncoder();
        encoder.setContext(context);
        encoder.setFormat("ecs");
        encoder.start();
        LoggingEvent event = lineWithSecrets(context);
        event.setMDCPropertyMap(Map.of("callId", "c-17"));
        assertThat(new String(encoder.encode(event), java.nio.charset.StandardCharsets.UTF_8))
                .startsWith("{")
                .contains("call from +*********01", "password=***", "\"callId\":\"c-17\"")
                .doesNotContain("15550100001", "hunter2");
    }

    private static LoggingEvent lineWithSecrets(LoggerContext context) {
        return new LoggingEvent(
                LogMaskingTests.class.getName(),
                context.getLogger("test"),
                Level.ERROR,
                "call from {}",
                new IllegalStateException("password=hunter2"),
                new Object[] {"+15550100001"});
    }
}
