package io.cordboard.platform;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.pattern.CompositeConverter;
import io.cordboard.shared.PhoneNumbers;
import java.util.regex.Pattern;
import org.springframework.boot.json.JsonWriter;
import org.springframework.boot.logging.structured.StructuredLoggingJsonMembersCustomizer;

/**
 * The safety net under every log line, whichever library wrote it: full phone numbers, passwords, tokens and credentials
 * in headers do not get through.
 */
public final class LogMasking {

    /** E.164: a plus, in addresses written as {@code %2B}, and at most 15 digits. */
    private static final Pattern PHONE_NUMBER = Pattern.compile("(\\+|%2B)(\\d{7,15})", Pattern.CASE_INSENSITIVE);

    private static final Pattern CREDENTIALS = Pattern.compile(
            "\\b((?:proxy-)?authorization)(\"?\\s*[:=]\\s*\\[?\"?)(?:(?:bearer|basic|digest)\\s+)?[^\\s\",\\]]+",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern BEARER =
            Pattern.compile("\\b(bearer|basic)\\s+[\\w.~+/=-]{12,}", Pattern.CASE_INSENSITIVE);

    private static final Pattern SECRET = Pattern.compile(
            "\\b([\\w.-]*(?:password|passwd|secret|token|api[_-]?key|signature|set-cookie|cookie))"
                    + "(\"?\\s*[:=]\\s*\\[?\"?)([^\\s\",;&}\\]]+)",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern WORTH_A_LOOK = Pattern.compile(
            "\\+\\d{7}|%2B\\d{7}|auth|pass|secret|token|key|cookie|signature|bearer|basic", Pattern.CASE_INSENSITIVE);

    private LogMasking() {}

    /** The text without what nobody should read in a log. */
    static String masked(String text) {
        if (!WORTH_A_LOOK.matcher(text).find()) {
            return text;
        }
        String masked =
                PHONE_NUMBER.matcher(text).replaceAll(found -> found.group(1) + PhoneNumbers.masked(found.group(2)));
        masked = CREDENTIALS.matcher(masked).replaceAll("$1$2***");
        masked = BEARER.matcher(masked).replaceAll("$1 ***");
        return SECRET.matcher(masked).replaceAll("$1$2***");
    }

    /** {@code %masked(…)} in the pattern of readable logs; Logback makes it. */
    public static final class Converter extends CompositeConverter<ILoggingEvent> {

        @Override
        protected String transform(ILoggingEvent event, String text) {
            return masked(text);
        }
    }

    /** Every text in structured logs. */
    static final class Json implements StructuredLoggingJsonMembersCustomizer<ILoggingEvent> {

        @Override
        public void customize(JsonWriter.Members<ILoggingEvent> members) {
            members.applyingValueProcessor(JsonWriter.ValueProcessor.of(String.class, LogMasking::masked));
        }
    }
}
