package io.cordboard.telephony;

import io.cordboard.telephony.CarrierEvent.LegEnded;
import io.cordboard.telephony.spi.Carrier;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/**
 * Asks carriers about legs of which they have told nothing for long, in case what they told got lost. The end of a leg
 * then comes in through the inbox, as if the carrier had told it.
 */
@Service
public class LegInquiry {

    private static final Logger LOG = LoggerFactory.getLogger(LegInquiry.class);

    private final List<Carrier> carriers;
    private final Inbox inbox;

    LegInquiry(List<Carrier> carriers, Inbox inbox) {
        this.carriers = carriers;
        this.inbox = inbox;
    }

    /** Asks now; waits for the carrier for a few seconds, so not to be called in a transaction. */
    public Answer ask(String provider, String providerLegId) {
        Optional<Carrier> carrier =
                carriers.stream().filter(some -> some.name().equals(provider)).findAny();
        if (carrier.isEmpty()) {
            return Answer.UNKNOWN;
        }
        Optional<Carrier.Ended> end;
        try {
            end = carrier.get().endOf(providerLegId);
        } catch (IOException unanswered) {
            LOG.warn("Whether leg {} lives is not known: {}", providerLegId, unanswered.getMessage());
            return Answer.UNKNOWN;
        }
        if (end.isEmpty()) {
            return Answer.LIVES;
        }
        LOG.warn(
                "Leg {} is over ({}) and {} had not told",
                providerLegId,
                end.get().how(),
                provider);
        inbox.receive(new LegEnded(
                new EventKey(provider, "asked:" + providerLegId),
                new LegRef(provider, providerLegId, null),
                end.get().how(),
                end.get().connected()));
        return Answer.OVER;
    }

    /** What the carrier said. */
    public enum Answer {
        LIVES,
        OVER,
        /** It did not say; to be asked again. */
        UNKNOWN
    }
}
