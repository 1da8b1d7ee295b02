package io.cordboard.flow.engine;

import org.camunda.bpm.engine.ParseException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Turns a broken model of our own into a message that an analyst can act on, instead of a stack trace. */
class BrokenModelAnalyzer extends AbstractFailureAnalyzer<ParseException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, ParseException cause) {
        return new FailureAnalysis(
                "Cordboard's own models cannot be used.\n" + cause.getMessage(),
                "Correct the files named above in the folders processes and forms (or in cordboard.processes-dir and"
                        + " cordboard.forms-dir) and start again. docs/models.md says what a model may contain.",
                cause);
    }
}
