package io.cordboard.platform;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Starts that fail for a reason outside of Cordboard end with the reason and the remedy instead of a stack trace. */
final class StartFailures {

    private StartFailures() {}

    static final class Refused extends AbstractFailureAnalyzer<StartRefused> {

        @Override
        protected @Nullable FailureAnalysis analyze(Throwable rootFailure, StartRefused cause) {
            return new FailureAnalysis(cause.getMessage(), cause.remedy(), rootFailure);
        }
    }

    /** Before Spring Boot's own, which does not know our variable. */
    @Order(Ordered.HIGHEST_PRECEDENCE)
    static final class PortInUse extends AbstractFailureAnalyzer<PortInUseException> {

        @Override
        protected @Nullable FailureAnalysis analyze(Throwable rootFailure, PortInUseException cause) {
            return new FailureAnalysis(
                    "Port " + cause.getPort() + " is in use by another program.",
                    "Stop that program, or let Cordboard listen on another port: SERVER_PORT=8081.",
                    rootFailure);
        }
    }
}
