package io.cordboard.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** Several people who do something at the same instant, each on a thread of their own. */
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
}
