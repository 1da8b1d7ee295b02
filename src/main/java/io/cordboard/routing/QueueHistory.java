package io.cordboard.routing;

import io.cordboard.routing.QueueFigures.Estimates;
import io.cordboard.routing.QueueFigures.Stays;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.RowCallbackHandler;

/** Counts the stays in a queue as they are read, in the order in which callers came. Times are from the first interval on. */
final class QueueHistory implements RowCallbackHandler {

    private final long interval;
    private final double[] thresholds;
    private final List<Map<String, Counter>> stays = new ArrayList<>();
    private final Errors[] errors;
    private final QueueReplay replay = new QueueReplay(this::estimated);

    QueueHistory(int intervals, Duration interval, List<Duration> thresholds) {
        this.interval = interval.toMillis() * 1000;
        this.thresholds = thresholds.stream()
                .mapToDouble(threshold -> threshold.toMillis() / 1000.0)
                .toArray();
        this.errors = new Errors[intervals];
        for (int i = 0; i < intervals; i++) {
            stays.add(new TreeMap<>());
            errors[i] = new Errors();
        }
    }

    @Override
    public void processRow(ResultSet row) throws SQLException {
        long came = micros(row, "came");
        String exit = row.getString("exit");
        boolean calledBack = exit.equals(QueueFigures.CALL_BACK);
        boolean gone = !calledBack && !exit.equals(QueueFigures.WAITING);
        long left = gone ? micros(row, "gone") : Long.MAX_VALUE;
        boolean refused = row.getBoolean("refused");
        if (!refused && !calledBack) {
            replay.comes(came, left, micros(row, "rank"), exit.equals(QueueFigures.ACCEPTED));
        }
        // Who came before the first interval only tells what was known then.
        if (came >= 0) {
            stays.get(number(came))
                    .computeIfAbsent(exit, any -> new Counter(thresholds))
                    .count(gone, gone ? (left - came) / 1e6 : 0, refused, row.getBoolean("moved"));
        }
    }

    private static long micros(ResultSet row, String column) throws SQLException {
        return Math.round(row.getDouble(column) * 1e6);
    }

    private int number(long came) {
        return Math.toIntExact(came / interval);
    }

    private void estimated(long came, double estimate, double waited) {
        if (came >= 0) {
            errors[number(came)].add(estimate - waited);
        }
    }

    /** All have been read. */
    void end() {
        replay.end();
    }

    /** @param interval which one, from 0 */
    Map<String, Stays> stays(int interval) {
        Map<String, Stays> counted = new TreeMap<>();
        stays.get(interval).forEach((exit, counter) -> counted.put(exit, counter.stays()));
        return counted;
    }

    /** @param interval which one, from 0 */
    Estimates estimates(int interval) {
        return errors[interval].estimates();
    }

    private static final class Counter {

        private final double[] thresholds;
        private final int[] within;
        private int count;
        private int refused;
        private int moved;
        private double shortest = Double.MAX_VALUE;
        private double sum;
        private double longest;

        private Counter(double[] thresholds) {
            this.thresholds = thresholds;
            this.within = new int[thresholds.length];
        }

        private void count(boolean gone, double waited, boolean wasRefused, boolean movedOn) {
            count++;
            refused += wasRefused ? 1 : 0;
            moved += movedOn ? 1 : 0;
            if (gone) {
                shortest = Math.min(shortest, waited);
                sum += waited;
                longest = Math.max(longest, waited);
                for (int i = 0; i < within.length; i++) {
                    within[i] += waited <= thresholds[i] ? 1 : 0;
                }
            }
        }

        private Stays stays() {
            return new Stays(
                    count,
                    refused,
                    moved,
                    shortest == Double.MAX_VALUE ? 0 : shortest,
                    sum,
                    longest,
                    Arrays.stream(within).boxed().toList());
        }
    }

    private static final class Errors {

        private int count;
        private double absolute;
        private double sum;

        private void add(double error) {
            count++;
            absolute += Math.abs(error);
            sum += error;
        }

        private Estimates estimates() {
            return new Estimates(count, absolute, sum);
        }
    }
}
