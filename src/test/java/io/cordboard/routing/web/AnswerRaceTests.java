package io.cordboard.routing.web;

import static io.cordboard.testing.Together.inTurns;
import static io.cordboard.testing.Together.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cordboard.testing.AgentAtWork;
import io.cordboard.testing.Caller;
import io.cordboard.testing.Http.Answer;
import io.cordboard.testing.ScenarioTest;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * S1-02, S1-03, S1-11, S1-35 · answers to an offer that meet: another answer, the timer, a hang-up. Three calls at a time
 * go through the whole application: HTTP, engine, PostgreSQL, carrier.
 */
class AnswerRaceTests extends ScenarioTest {

    private static final int OFFERS = 1_000;

    private static final int ACCEPTS_IN_THE_LAST_MOMENT = 60;
    private static final int ACCEPTS_DURING_A_HANG_UP = 60;
    private static final int AT_ONCE = 3;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Map<UUID, AgentAtWork> agents;

    @BeforeEach
    void everybodyIsAvailable() {
        agents = Map.of(
                UUID.fromString(charles.id()), charles,
                UUID.fromString(edith.id()), edith,
                UUID.fromString(dave.id()), dave);
        agents.values().forEach(agent -> agent.is("available"));
    }

    /**
     * Every offer is accepted twice at once, as from two windows; every fourth of them also by an agent who rejected the
     * call before and thinks better of it.
     */
    @Test
    void ofTwoAcceptsExactlyOneWinsAndTheOtherIsToldWhoTookTheCall() throws Exception {
        long start = System.nanoTime();
        inTurns(OFFERS, AT_ONCE, round -> {
            Caller caller = someoneDials(NUMBER, "press 1");
            Offer first = nextOffer(caller, null);
            boolean rejected = round % 4 == 3;
            if (rejected) {
                first.agent()
                        .http()
                        .post("/v1/reservations/" + first.id() + "/reject", Map.of("reason", "lunch"))
                        .ok();
            }
            Offer mine = rejected ? nextOffer(caller, first.id()) : first;
            List<Answer> answers = rejected
                    ? together(() -> accept(mine), () -> accept(mine), () -> accept(first))
                    : together(() -> accept(mine), () -> accept(mine));

            assertThat(answers).as("winners").filteredOn(Answer::isOk).hasSize(1);
            assertThat(answers.subList(0, 2))
                    .as("losers")
                    .filteredOn(answer -> !answer.isOk())
                    .singleElement()
                    .satisfies(loser ->
                            assertThat(why(loser)).contains("accepted already", "taken by " + name(mine.agent())));
            if (rejected) {
                assertThat(why(answers.get(2))).contains("rejected already");
            }
            assertThat(states(mine.call(), "pending", "accepted", "wrapping")).containsExactly(mine.id());
            assertThat(engaged(mine.agent())).isEqualTo("busy");
            assertThat(logged(mine.id())).containsExactly("reservation.created", "reservation.accepted");
            assertThat(why(accept(first))).contains("taken by " + name(mine.agent()));

            caller.hangsUp();
            isOver(mine);
        });
        System.out.printf(
                "%d offers accepted twice at once, in %d s%n",
                OFFERS, Duration.ofNanos(System.nanoTime() - start).toSeconds());
    }

    private void finish(Caller caller, Offer offer) {
        caller.hangsUp();
        offer.agent().wrapsUp(offer.call().toString(), "other");
        endOf(offer.call());
    }

    /** The caller is gone, whether they had begun to talk or not. */
    private void isOver(Offer offer) {
        await().atMost(PATIENCE).until(() -> !column(offer.call(), "ended_at").equals("null"));
        if (column(offer.call(), "state").equals("wrapping")) {
            offer.agent().wrapsUp(offer.call().toString(), "other");
        }
        endOf(offer.call());
    }

    private static String why(Answer loser) {
        return loser.refusal(409).get("detail").asText();
    }

    /** The accept is aimed at the very end of the offer. */
    @Test
    void anAcceptInTheLastMomentIsEitherInTimeOrToldThatItIsNot() throws Exception {
        setQueues("1 second", "5 minutes", "60 seconds");
        Aim aim = new Aim(Duration.ofMillis(-10));
        inTurns(ACCEPTS_IN_THE_LAST_MOMENT, AT_ONCE, round -> {
            Caller caller = someoneDials(NUMBER, "press 1");
            Offer offer = nextOffer(caller, null);
            aim.at(offer.expiresAt());

            Answer answer = accept(offer);
            aim.learn(answer.isOk());
            if (answer.isOk()) {
                caller.talks();
                assertThat(engaged(offer.agent())).isEqualTo("busy");
                assertThat(logged(offer.id())).containsExactly("reservation.created", "reservation.accepted");
                finish(caller, offer);
            } else {
                assertThat(why(answer)).contains("not answered in time");
                assertThat(offer.agent().status()).isEqualTo("away");
                assertThat(logged(offer.id())).containsExactly("reservation.created", "reservation.timeout");
                caller.hangsUp();
                offer.agent().is("available");
                endOf(offer.call());
            }
        });
        System.out.printf("%d of %d accepts were in time%n", aim.hits(), ACCEPTS_IN_THE_LAST_MOMENT);
        assertThat(aim.hits()).as("accepts in time").isBetween(1, ACCEPTS_IN_THE_LAST_MOMENT - 1);
    }

    /** S1-18 · the accept is aimed at the moment when the carrier tells that the caller has hung up. */
    @Test
    void anAcceptDuringAHangUpHoldsNobody() throws Exception {
        Aim aim = new Aim(Duration.ofMillis(10));
        inTurns(ACCEPTS_DURING_A_HANG_UP, AT_ONCE, round -> {
            Caller caller = someoneDials(NUMBER, "press 1");
            Offer offer = nextOffer(caller, null);
            Instant now = Instant.now();
            List<Answer> answers = together(
                    () -> {
                        aim.at(now);
                        return accept(offer);
                    },
                    () -> {
                        caller.hangsUp();
                        return null;
                    });

            Answer answer = answers.get(0);
            aim.learn(answer.isOk());
            if (!answer.isOk()) {
                assertThat(why(answer)).contains("the caller is gone");
            }
            isOver(offer);
            assertThat(states(offer.call(), "pending", "accepted", "wrapping")).isEmpty();
            assertThat(logged(offer.id())).contains("reservation.created").hasSizeBetween(2, 3);
        });
        System.out.printf("%d of %d accepts came before the hang-up%n", aim.hits(), ACCEPTS_DURING_A_HANG_UP);
        assertThat(aim.hits()).as("accepts before the hang-up").isBetween(1, ACCEPTS_DURING_A_HANG_UP - 1);
        await("everybody is free").atMost(PATIENCE).until(() -> agents.values().stream()
                .allMatch(agent -> agent.status().equals("available")));
    }

    /** The offer that is open for a caller now, other than one that was answered before. */
    private Offer nextOffer(Caller caller, UUID before) {
        return await("an offer")
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> openOffer(caller, before), Optional::isPresent)
                .orElseThrow();
    }

    /** Empty while there is none. An agent whose offer lapsed before anybody looked at it becomes available again. */
    private Optional<Offer> openOffer(Caller caller, UUID before) {
        Optional<Offer> newest = jdbc.sql(
                        """
                        SELECT r.id, r.call_id, r.agent_id, r.expires_at, r.state
                          FROM reservation r JOIN call_leg l ON l.call_id = r.call_id
                         WHERE l.provider_leg_id = :sid AND r.id IS DISTINCT FROM :before
                         ORDER BY r.id DESC LIMIT 1""")
                .param("sid", caller.sid())
                .param("before", before)
                .query((row, n) -> new Offer(
                        row.getObject("id", UUID.class),
                        row.getObject("call_id", UUID.class),
                        agents.get(row.getObject("agent_id", UUID.class)),
                        row.getObject("expires_at", OffsetDateTime.class).toInstant(),
                        row.getString("state")))
                .optional();
        newest.filter(offer -> offer.state().equals("timeout"))
                .ifPresent(offer -> offer.agent().is("available"));
        return newest.filter(offer -> offer.state().equals("pending"));
    }

    private record Offer(UUID id, UUID call, AgentAtWork agent, Instant expiresAt, String state) {}

    private static Answer accept(Offer offer) {
        return offer.agent().http().post("/v1/reservations/" + offer.id() + "/accept", null);
    }

    private List<UUID> states(UUID call, String... states) {
        return jdbc.sql("SELECT id FROM reservation WHERE call_id = :call AND state = ANY (:states)")
                .param("call", call)
                .param("states", states)
                .query(UUID.class)
                .list();
    }

    private String engaged(AgentAtWork agent) {
        return jdbc.sql("SELECT engaged FROM agent WHERE username = :username")
                .param("username", agent.username())
                .query(String.class)
                .single();
    }

    private List<String> logged(UUID reservation) {
        return jdbc.sql("SELECT type FROM event_log WHERE data ->> 'reservation' = :id ORDER BY id")
                .param("id", reservation.toString())
                .query(String.class)
                .list();
    }

    private static String name(AgentAtWork agent) {
        return agent.username().substring(0, 1).toUpperCase(Locale.ROOT)
                + agent.username().substring(1);
    }

    /** Finds the moment at which something is just in time: after each hit it aims a little later, after each miss earlier. */
    private static final class Aim {

        private static final long STEP = Duration.ofMillis(3).toNanos();

        private final AtomicLong offset;
        private final AtomicInteger hits = new AtomicInteger();

        Aim(Duration offset) {
            this.offset = new AtomicLong(offset.toNanos());
        }

        /** Returns at the moment aimed at. */
        void at(Instant target) {
            Instant moment = target.plusNanos(offset.get());
            long left;
            while ((left = Duration.between(Instant.now(), moment).toNanos()) > 0) {
                LockSupport.parkNanos(left);
            }
        }

        void learn(boolean hit) {
            offset.addAndGet(hit ? STEP : -STEP);
            if (hit) {
                hits.incrementAndGet();
            }
        }

        int hits() {
            return hits.get();
        }
    }
}
