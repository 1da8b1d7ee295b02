package io.cordboard.telephony;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.cordboard.shared.LegId;
import io.cordboard.telephony.CallLocks.LockedCall;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The carriers' ids of legs that this node has met. They never change once they are known, so no lookup is needed. */
@Component
class LegIds {

    private final Cache<LegId, String> known = Caffeine.newBuilder()
            .maximumSize(100_000)
            .expireAfterAccess(Duration.ofHours(2))
            .build();
    private final CallLocks locks;

    LegIds(CallLocks locks) {
        this.locks = locks;
    }

    void learn(LockedCall call) {
        learn(call.leg(), call.providerLegId());
    }

    void learn(LegId leg, @Nullable String providerLegId) {
        if (providerLegId != null) {
            known.put(leg, providerLegId);
        }
    }

    /** Empty while the leg is being dialled, or when it never was. */
    Optional<String> find(LegId leg) {
        String id = known.getIfPresent(leg);
        if (id != null) {
            return Optional.of(id);
        }
        Optional<String> stored = locks.providerLegId(leg);
        stored.ifPresent(found -> known.put(leg, found));
        return stored;
    }
}
