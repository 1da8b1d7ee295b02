package io.cordboard.telephony;

import io.cordboard.shared.LegId;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The commands this node holds, one lane a leg: within a lane one after the other, lanes side by side. */
@Component
class CommandLanes {

    private final Map<LegId, Lane> lanes = new ConcurrentHashMap<>();
    private final Map<UUID, HeldCommand> held = new ConcurrentHashMap<>();
    private @Nullable Consumer<Lane> driver;

    /** From now on each lane that gets its first command is given to the driver. */
    void start(Consumer<Lane> newDriver) {
        synchronized (this) {
            driver = newDriver;
        }
        lanes.values().forEach(newDriver);
    }

    void stop() {
        synchronized (this) {
            driver = null;
        }
        lanes.clear();
        held.clear();
    }

    void add(HeldCommand command) {
        if (held.putIfAbsent(command.id, command) != null) {
            return;
        }
        Lane fresh = new Lane(command.command.leg());
        Lane lane = lanes.compute(command.command.leg(), (leg, old) -> {
            Lane used = old == null ? fresh : old;
            used.commands.add(command);
            return used;
        });
        if (lane == fresh) {
            synchronized (this) {
                if (driver != null) {
                    driver.accept(lane);
                }
            }
        }
    }

    /** The command whose turn it is; null when the lane is empty and gone. */
    @Nullable
    HeldCommand first(Lane lane) {
        HeldCommand[] first = new HeldCommand[1];
        lanes.computeIfPresent(lane.leg, (leg, current) -> {
            if (current != lane) {
                return current;
            }
            first[0] = lane.commands.peek();
            return first[0] == null ? null : lane;
        });
        return first[0];
    }

    /** The command has had its turn. It stays held until it is released. */
    void pass(Lane lane, HeldCommand command) {
        lanes.computeIfPresent(lane.leg, (leg, current) -> {
            lane.commands.remove(command);
            return current;
        });
    }

    /** Whether a hang-up waits behind the command, which makes a dial pointless. */
    boolean hangUpFollows(Lane lane) {
        boolean[] follows = new boolean[1];
        lanes.computeIfPresent(lane.leg, (leg, current) -> {
            follows[0] = lane.commands.stream().anyMatch(c -> c.command instanceof CarrierCommand.HangUpLeg);
            return current;
        });
        return follows[0];
    }

    /** The command's row is gone, or is another node's. */
    void release(HeldCommand command) {
        held.remove(command.id);
    }

    /** What this node is still working on. */
    Set<UUID> held() {
        return Set.copyOf(held.keySet());
    }

    Iterable<HeldCommand> all() {
        return held.values();
    }

    /** The commands for one leg. */
    static final class Lane {

        private final LegId leg;
        private final PriorityQueue<HeldCommand> commands = new PriorityQueue<>();

        private Lane(LegId leg) {
            this.leg = leg;
        }
    }
}
