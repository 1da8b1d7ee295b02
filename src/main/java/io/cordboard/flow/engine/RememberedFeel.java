package io.cordboard.flow.engine;

import camundajar.impl.scala.util.Either;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.camunda.bpm.dmn.feel.impl.scala.ScalaFeelEngine;
import org.camunda.bpm.dmn.feel.impl.scala.function.CustomFunctionTransformer;
import org.camunda.feel.FeelEngine;
import org.camunda.feel.syntaxtree.ParsedExpression;
import org.camunda.feel.valuemapper.ValueMapper.CompositeValueMapper;

/**
 * FEEL that reads each cell of a decision table once. The engine's own reads it anew for every call, which takes longer
 * than to answer it.
 */
class RememberedFeel extends ScalaFeelEngine {

    /** More cells than a house has. What comes after them is read anew, so that versions of years do not pile up. */
    private static final int MOST = 5_000;

    RememberedFeel() {
        super(List.of());
    }

    @Override
    protected FeelEngine buildFeelEngine(CustomFunctionTransformer functions, CompositeValueMapper values) {
        return new Reader(super.buildFeelEngine(functions, values));
    }

    /** Made while the constructor above it still runs, so it has a class and fields of its own. */
    private static class Reader extends FeelEngine {

        private final Map<String, Either<Failure, ParsedExpression>> expressions = new ConcurrentHashMap<>();
        private final Map<String, Either<Failure, ParsedExpression>> tests = new ConcurrentHashMap<>();

        Reader(FeelEngine like) {
            super(like.functionProvider(), like.valueMapper(), like.configuration(), like.clock());
        }

        @Override
        public Either<Failure, ParsedExpression> parseExpression(String text) {
            return remembered(expressions, text, super::parseExpression);
        }

        @Override
        public Either<Failure, ParsedExpression> parseUnaryTests(String text) {
            return remembered(tests, text, super::parseUnaryTests);
        }

        private static Either<Failure, ParsedExpression> remembered(
                Map<String, Either<Failure, ParsedExpression>> known,
                String text,
                Function<String, Either<Failure, ParsedExpression>> read) {
            Either<Failure, ParsedExpression> before = known.get(text);
            if (before != null) {
                return before;
            }
            return known.size() < MOST ? known.computeIfAbsent(text, read) : read.apply(text);
        }
    }
}
