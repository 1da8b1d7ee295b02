package io.cordboard.provider.twilio;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.twilio.exception.TwilioException;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.account.Call;
import io.cordboard.shared.LegId;
import io.cordboard.telephony.CallLocks;
import io.cordboard.telephony.CarrierCommand.Dial;
import io.cordboard.telephony.spi.Carrier.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Dials of which nobody knows whether they rang. Twilio takes no key that would make a second {@code POST /Calls}
 * harmless, and ringing somebody twice is worse than not at all, so a dial is repeated only when
 *
 * <ol>
 *   <li>no webhook has told of the leg (each carries our leg id),
 *   <li>Twilio lists no call from the same number to the same number since the leg was made, and
 *   <li>the list can be believed: it lags, so {@link #SETTLED} must have passed since the try, unless Twilio itself
 *       answered that the try failed.
 * </ol>
 */
final class LostDials {

    /** How long a call that was made may stay out of Twilio's list. */
    static final Duration SETTLED = Duration.ofSeconds(10);

    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(5);
    private static final long LOOK_AT = 20;

    private final Supplier<TwilioRestClient> client;
    private final ObjectProvider<CallLocks> legs;
    private final Clock clock;
    private final Cache<UUID, Instant> trustTheListFrom = Caffeine.newBuilder()
            .expireAfterWrite(10, TimeUnit.MINUTES)
            .maximumSize(10_000)
            .build();

    private final Cache<String, LegId> dialledHere = Caffeine.newBuilder()
            .expireAfterWrite(10, TimeUnit.MINUTES)
            .maximumSize(10_000)
            .build();

    LostDials(Supplier<TwilioRestClient> client, ObjectProvider<CallLocks> legs, Clock clock) {
        this.client = client;
        this.legs = legs;
        this.clock = clock;
    }

    /** To be said before each try. */
    void dialling(UUID order) {
        trustTheListFrom.put(order, clock.instant().plus(SETTLED));
    }

    /** To be said when Twilio answered that the try failed. */
    void answeredWithAnError(UUID order) {
        trustTheListFrom.put(order, clock.instant());
    }

    /** To be said when Twilio named the call, so that it is not taken for another leg's. */
    void dialled(LegId leg, String callSid) {
        dialledHere.put(callSid, leg);
    }

    /** What became of the earlier try, or that it is too early to say; empty when it may be dialled again. */
    Optional<Outcome> lookUp(UUID order, Dial dial) {
        var told = toldByWebhook(dial.leg());
        if (told.isPresent()) {
            return told;
        }
        try {
            var calls = Call.reader().setTo(dial.to()).setFrom(dial.callerId());
            calls.setPageSize(LOOK_AT);
            var candidates = StreamSupport.stream(
                            calls.limit(LOOK_AT).read(client.get()).spliterator(), false)
                    .filter(call -> "outbound-api".equals(call.getDirection()))
                    .filter(call -> call.getDateCreated() == null
                            || !call.getDateCreated().toInstant().isBefore(earliest(dial.leg())))
                    .map(Call::getSid)
                    .filter(sid -> dial.leg().equals(ownerOf(sid, dial.leg())))
                    .toList();
            if (candidates.size() == 1) {
                return Optional.of(new Outcome.Done(candidates.get(0)));
            }
            if (!candidates.isEmpty()) {
                return Optional.of(new Outcome.Unknown(
                        candidates.size() + " calls may be this one; the first webhook about it will tell"));
            }
        } catch (RestTrouble trouble) {
            return Optional.of(new Outcome.Unknown("Not looked up: " + trouble.reason()));
        } catch (TwilioException unreadable) {
            return Optional.of(new Outcome.Unknown("Not looked up: " + unreadable.getMessage()));
        }
        // Another node may have made the try: from its first sight here the full time counts.
        var trusted = trustTheListFrom.get(order, unseen -> clock.instant().plus(SETTLED));
        if (clock.instant().isBefore(trusted)) {
            return Optional.of(new Outcome.Unknown("Not in Twilio's list yet; it is too early to dial again"));
        }
        return Optional.empty();
    }

    private LegId ownerOf(String callSid, LegId otherwise) {
        var owner = dialledHere.getIfPresent(callSid);
        return owner == null ? otherwise : owner;
    }

    private Optional<Outcome> toldByWebhook(LegId leg) {
        var known = legs.getIfAvailable();
        return known == null ? Optional.empty() : known.providerLegId(leg).map(Outcome.Done::new);
    }

    /** Our ids carry the time they were made. */
    private static Instant earliest(LegId leg) {
        var made = leg.value().version() == 7
                ? Instant.ofEpochMilli(leg.value().getMostSignificantBits() >>> 16)
                : Instant.EPOCH;
        return made.minus(CLOCKS_DIFFER);
    }
}
