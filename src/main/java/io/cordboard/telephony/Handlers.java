package io.cordboard.telephony;

import io.cordboard.telephony.CallLocks.LockedCall;
import io.cordboard.telephony.CarrierEventHandler.Result;
import io.cordboard.telephony.CarrierFactHandler.Fact;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.stereotype.Component;

/** Which module takes which kind of event. Found after the start, because handlers direct carriers themselves. */
@Component
class Handlers implements SmartInitializingSingleton {

    private final ObjectProvider<CarrierEventHandler<?>> movers;
    private final ObjectProvider<CarrierFactHandler<?>> noters;
    private volatile Map<Class<?>, CarrierEventHandler<?>> moverOf = Map.of();
    private volatile Map<Class<?>, CarrierFactHandler<?>> noterOf = Map.of();

    Handlers(ObjectProvider<CarrierEventHandler<?>> movers, ObjectProvider<CarrierFactHandler<?>> noters) {
        this.movers = movers;
        this.noters = noters;
    }

    @Override
    public void afterSingletonsInstantiated() {
        moverOf = byKind(movers.stream().map(handler -> Map.entry(handler.kind(), handler)));
        noterOf = byKind(noters.stream().map(handler -> Map.entry(handler.kind(), handler)));
    }

    private static <H> Map<Class<?>, H> byKind(Stream<? extends Map.Entry<? extends Class<?>, ? extends H>> handlers) {
        Map<Class<?>, H> byKind = new HashMap<>();
        handlers.forEach(entry -> {
            H other = byKind.put(entry.getKey(), entry.getValue());
            if (other != null) {
                throw new IllegalStateException("Two handlers for %s: %s and %s"
                        .formatted(
                                entry.getKey().getSimpleName(),
                                other.getClass(),
                                entry.getValue().getClass()));
            }
        });
        return byKind;
    }

    /** Whether this event may be a fact, as far as can be told without its call. */
    boolean mayBeFact(CarrierEvent event) {
        CarrierFactHandler<?> noter = noterOf.get(event.getClass());
        return noter != null && mayTake(noter, event);
    }

    boolean isFact(CarrierEvent event, LockedCall call) {
        CarrierFactHandler<?> noter = noterOf.get(event.getClass());
        return noter != null && takes(noter, event, call);
    }

    /** Whether there is a handler for events of this kind that are no facts. */
    boolean moves(CarrierEvent event) {
        return moverOf.containsKey(event.getClass());
    }

    /** Lets each kind's handler note its facts. */
    void record(List<? extends Fact<?>> facts) {
        Map<Class<?>, List<Fact<?>>> byKind = new LinkedHashMap<>();
        for (Fact<?> fact : facts) {
            byKind.computeIfAbsent(fact.event().getClass(), kind -> new ArrayList<>())
                    .add(fact);
        }
        byKind.forEach((kind, some) -> {
            CarrierFactHandler<?> noter = noterOf.get(kind);
            if (noter != null) {
                record(noter, some);
            }
        });
    }

    /** Gives one event to its handler. */
    Result handle(CarrierEvent event, @Nullable LockedCall call) {
        if (call != null && isFact(event, call)) {
            record(List.of(new Fact<>(event, call)));
            return Result.DONE;
        }
        CarrierEventHandler<?> mover = moverOf.get(event.getClass());
        if (mover == null) {
            throw new IllegalStateException(
                    "No module handles events of the kind " + event.getClass().getSimpleName());
        }
        return handle(mover, event, call);
    }

    private static <E extends CarrierEvent> Result handle(
            CarrierEventHandler<E> mover, CarrierEvent event, @Nullable LockedCall call) {
        return mover.handle(mover.kind().cast(event), call);
    }

    private static <E extends CarrierEvent> boolean mayTake(CarrierFactHandler<E> noter, CarrierEvent event) {
        return noter.mayTake(noter.kind().cast(event));
    }

    private static <E extends CarrierEvent> boolean takes(
            CarrierFactHandler<E> noter, CarrierEvent event, LockedCall call) {
        return noter.takes(noter.kind().cast(event), call);
    }

    private static <E extends CarrierEvent> void record(CarrierFactHandler<E> noter, List<Fact<?>> facts) {
        noter.record(facts.stream()
                .map(fact -> new Fact<>(noter.kind().cast(fact.event()), fact.call()))
                .toList());
    }
}
