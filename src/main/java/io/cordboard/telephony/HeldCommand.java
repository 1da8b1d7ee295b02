package io.cordboard.telephony;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A command of the outbox that this node has leased and is going to carry out. */
final class HeldCommand implements Comparable<HeldCommand> {

    final UUID id;
    final long seq;
    final String provider;
    final CarrierCommand command;
    final Instant createdAt;

    volatile Instant leaseUntil;
    /** Tries that reached the carrier. */
    int attempts;
    /** A try may have worked without our knowing. */
    boolean uncertain;
    /** Another node may hold older commands of this leg. */
    boolean behindOthers;
    /** Written some time ago, so that the call may have moved on since. */
    boolean stale;
    /** Set when it will not be tried again; only the telling is left to do. */
    @Nullable
    Verdict verdict;

    HeldCommand(UUID id, long seq, String provider, CarrierCommand command, Instant createdAt, Instant leaseUntil) {
        this.id = id;
        this.seq = seq;
        this.provider = provider;
        this.command = command;
        this.createdAt = createdAt;
        this.leaseUntil = leaseUntil;
    }

    @Override
    public int compareTo(HeldCommand other) {
        return Long.compare(seq, other.seq);
    }

    /** @param dead whether an operator shall see it, because it was given up rather than refused */
    record Verdict(String reason, boolean dead) {}
}
