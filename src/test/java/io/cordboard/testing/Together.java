package io.cordboard.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** Several people who do something at the same instant, or side by side, each on a thread of their own. */
public final class Together {

    private static final ExecutorService PEOPLE = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "together");
        thread.setDaemon(true);
        return thread;
    });

    private Together() {}

    /** What each of them got, in the order they are named. */
    @SafeVarargs
    public static <T> List<T> together(Supplier<T>... all) {
        CyclicBarrier start = new CyclicBarrier(all.length);
        List<Future<T>> doing = new ArrayList<>();
        for (Supplier<T> one : all) {
            doing.add(PEOPLE.submit(() -> {
                start.await();
                return one.get();
            }));
        }
        List<T> got = new ArrayList<>();
        for (Future<T> one : doing) {
            try {
                got.add(one.get());
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
        return got;
    }

    /** Plays all rounds, some at once, until one fails. */
    public static void inTurns(int rounds, int atOnce, Round round) throws Exception {
        ExecutorService lines = Executors.newFixedThreadPool(atOnce);
        try {
            CompletionService<Void> ended = new ExecutorCompletionService<>(lines);
            for (int i = 0; i < rounds; i++) {
                int number = i;
                ended.submit(() -> {
                    round.play(number);
                    return null;
                });
            }
            for (int i = 0; i < rounds; i++) {
                ended.take().get();
            }
        } finally {
            lines.shutdownNow();
        }
    }

    /** What is played again and again. */
    public interface Round {
        void play(int number) throws Exception;
    }
}
