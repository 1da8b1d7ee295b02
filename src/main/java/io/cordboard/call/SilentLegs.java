package io.cordboard.call;

import io.cordboard.platform.CallLog;
import io.cordboard.platform.Sweeper;
import io.cordboard.shared.CallId;
import io.cordboard.shared.LegId;
import io.cordboard.telephony.LegInquiry;
import io.cordboard.telephony.LegInquiry.Answer;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The net behind a lost word of the carrier: Twilio, for one, does not repeat a status callback that we could not take.
 * The carrier is asked about every leg that has been live for long, and again each time as much time has passed; a leg
 * that is over ends then. Whoever finds a leg first asks about it; one of which the carrier says nothing is asked about
 * again after a minute.
 */
@Component
class SilentLegs extends Sweeper {

    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final Duration UNANSWERED = Duration.ofMinutes(1);
    private static final int AT_ONCE = 50;

    private final JdbcClient jdbc;
    private final LegInquiry inquiry;
    private final MeterRegistry meters;
    private final Clock clock;
    private final Duration silence;

    /** @param silence after what time the carrier is asked whether a leg still lives */
    SilentLegs(
            JdbcClient jdbc,
            LegInquiry inquiry,
            MeterRegistry meters,
            Clock clock,
            @Value("${cordboard.call.silence}") Duration silence) {
        super("silent-legs", EVERY);
        this.jdbc = jdbc;
        this.inquiry = inquiry;
        this.meters = meters;
        this.clock = clock;
        this.silence = silence;
    }

    @Override
    protected void sweep() {
        claimed().forEach(this::ask);
    }

    private List<SilentLeg> claimed() {
        Instant now = clock.instant();
        return jdbc.sql(
                        """
                        UPDATE call_leg SET ask_at = :later
                         WHERE id IN (SELECT l.id
                                        FROM (SELECT id FROM call WHERE ended_at IS NULL AND started_at < :since
                                               UNION
                                               SELECT call_id FROM reservation
                                                WHERE state = 'accepted' AND offered_at < :since
                                               UNION
                                               SELECT call_id FROM call_back WHERE ended_at IS NULL AND started_at < :since) c
                                        JOIN call_leg l ON l.call_id = c.id
                                       WHERE l.state <> 'ended' AND l.provider_leg_id IS NOT NULL
                                         AND coalesce(l.ask_at <= :now, l.started_at < :since)
                                       LIMIT :atOnce
                                         FOR UPDATE OF l SKIP LOCKED)
                        RETURNING id, call_id, provider, provider_leg_id""")
                .param("later", utc(now.plus(UNANSWERED)))
                .param("since", utc(now.minus(silence)))
                .param("now", utc(now))
                .param("atOnce", AT_ONCE)
                .query((row, n) -> new SilentLeg(
                        new LegId(row.getObject("id", UUID.class)),
                        new CallId(row.getObject("call_id", UUID.class)),
                        row.getString("provider"),
                        row.getString("provider_leg_id")))
                .list();
    }

    private void ask(SilentLeg leg) {
        try (CallLog.Scope about = CallLog.about(leg.call())) {
            Answer answer = inquiry.ask(leg.provider(), leg.providerLegId());
            meters.counter("cordboard.call.inquiries", "answer", answer.name().toLowerCase(Locale.ROOT))
                    .increment();
            if (answer == Answer.LIVES) {
                jdbc.sql("UPDATE call_leg SET ask_at = :at WHERE id = :leg")
                        .param("at", utc(clock.instant().plus(silence)))
                        .param("leg", leg.id().value())
                        .update();
            }
        }
    }

    private static OffsetDateTime utc(Instant at) {
        return at.atOffset(ZoneOffset.UTC);
    }

    private record SilentLeg(LegId id, CallId call, String provider, String providerLegId) {}
}
