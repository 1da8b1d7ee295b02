package io.cordboard.telephony;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How patient the inbox and the outbox are.
 *
 * @param factLinger how long a fact, and the answer to its carrier, waits for a transaction to begin that can take it along
 * @param completionLinger the same for carried-out commands, for which nobody waits
 * @param eventRetryFirst pause before an event that came too early is tried again; doubled each time
 * @param eventRetryMax the longest of these pauses
 * @param unmatchedAfter when an event that still comes too early is given up
 * @param holdsUp how long a waiting event keeps later waiting events of its leg behind it
 * @param poll how often a node looks for work that others left; with the lease it bounds how long a dead node's commands
 *     rest
 * @param lease how long a command belongs to a node without a sign of life
 * @param commandTimeout how long a carrier may take for one command; shorter than the lease
 * @param commandWorkers how many commands a node carries out at the same time
 * @param commandRetryFirst upper bound of the first pause after a failed try; doubled each time
 * @param commandRetryMax upper bound of all pauses
 * @param commandAttempts after how many tries a command is dead
 * @param commandMaxAge after what time without success a command is dead
 * @param breakerOpen how long a failing carrier is left alone
 * @param inboxRetention how long an event is remembered, so that its repetition is recognised
 * @param spoolLimit how much is kept in the local file while the database is away
 */
@ConfigurationProperties("cordboard.telephony")
record TelephonySettings(
        @DefaultValue("50ms") Duration factLinger,
        @DefaultValue("200ms") Duration completionLinger,
        @DefaultValue("50ms") Duration eventRetryFirst,
        @DefaultValue("30s") Duration eventRetryMax,
        @DefaultValue("2m") Duration unmatchedAfter,
        @DefaultValue("5s") Duration holdsUp,
        @DefaultValue("2500ms") Duration poll,
        @DefaultValue("6s") Duration lease,
        @DefaultValue("5s") Duration commandTimeout,
        @DefaultValue("24") int commandWorkers,
        @DefaultValue("200ms") Duration commandRetryFirst,
        @DefaultValue("10s") Duration commandRetryMax,
        @DefaultValue("10") int commandAttempts,
        @DefaultValue("2m") Duration commandMaxAge,
        @DefaultValue("5s") Duration breakerOpen,
        @DefaultValue("7d") Duration inboxRetention,
        @DefaultValue("64MB") DataSize spoolLimit) {

    TelephonySettings {
        if (commandTimeout.compareTo(lease) >= 0) {
            throw new IllegalArgumentException(
                    "cordboard.telephony.command-timeout (%s) must be shorter than cordboard.telephony.lease (%s)"
                            .formatted(commandTimeout, lease));
        }
    }

    /** The pause before try {@code attempts + 1} of an event. */
    Duration eventPause(int attempts) {
        return doubled(eventRetryFirst, eventRetryMax, attempts);
    }

    /** The longest pause before try {@code attempts + 1} of a command. */
    Duration commandPause(int attempts) {
        return doubled(commandRetryFirst, commandRetryMax, attempts);
    }

    private static Duration doubled(Duration first, Duration max, int attempts) {
        Duration pause = first.multipliedBy(1L << Math.min(Math.max(attempts - 1, 0), 20));
        return pause.compareTo(max) > 0 ? max : pause;
    }
}
