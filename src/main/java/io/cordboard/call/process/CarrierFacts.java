package io.cordboard.call.process;

import io.cordboard.call.Legs;
import io.cordboard.telephony.CallLocks.LockedCall;
import io.cordboard.telephony.CarrierCommand;
import io.cordboard.telephony.CarrierEvent;
import io.cordboard.telephony.CarrierEvent.CommandAccepted;
import io.cordboard.telephony.CarrierEvent.ConferenceEnded;
import io.cordboard.telephony.CarrierEvent.ConferenceStarted;
import io.cordboard.telephony.CarrierEvent.LegEnded;
import io.cordboard.telephony.CarrierEvent.LegRinging;
import io.cordboard.telephony.CarrierFactHandler;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What carriers tell that moves no flow, noted for whoever looks at the call. */
@Configuration(proxyBeanMethods = false)
class CarrierFacts {

    private static final String SOMEBODY_LEFT = "participant-with-end-conference-on-exit-left";

    @Bean
    CarrierFactHandler<LegRinging> legsRing(Legs legs) {
        return noting(LegRinging.class, fact -> legs.ringing(fact.call().leg()));
    }

    /**
     * A leg that was over already, because the whole call had ended: nothing is left to note. Only a leg that we dialled,
     * whose id of ours comes with the event: the caller's end moves the call, and is not kept waiting.
     */
    @Bean
    CarrierFactHandler<LegEnded> legsWereOver() {
        return new CarrierFactHandler<>() {
            @Override
            public Class<LegEnded> kind() {
                return LegEnded.class;
            }

            @Override
            public boolean mayTake(LegEnded event) {
                return event.ourLeg() != null;
            }

            @Override
            public boolean takes(LegEnded event, LockedCall call) {
                return call.legOver();
            }

            @Override
            public void record(List<Fact<LegEnded>> facts) {}
        };
    }

    /** All but those that say whether a caller is on hold: these {@link Holds} takes. */
    @Bean
    CarrierFactHandler<CommandAccepted> commandsAccepted(Legs legs) {
        return new CarrierFactHandler<>() {
            @Override
            public Class<CommandAccepted> kind() {
                return CommandAccepted.class;
            }

            @Override
            public boolean mayTake(CommandAccepted event) {
                return !(event.command() instanceof CarrierCommand.Hold);
            }

            @Override
            public boolean takes(CommandAccepted event, LockedCall call) {
                return mayTake(event);
            }

            @Override
            public void record(List<Fact<CommandAccepted>> facts) {
                facts.forEach(fact -> {
                    String id = fact.event().leg().providerLegId();
                    if (id != null && fact.call().providerLegId() == null) {
                        legs.known(fact.call().leg(), id);
                    }
                });
            }
        };
    }

    @Bean
    CarrierFactHandler<ConferenceStarted> conferencesStart(JdbcClient jdbc) {
        return noting(ConferenceStarted.class, fact -> jdbc.sql(
                        "UPDATE call SET conference_id = :conference, conference_state = 'in-progress'"
                                // a caller who is called back more than once meets agents in one after the other
                                + " WHERE id = :call AND (conference_state IS NULL"
                                + " OR conference_state = 'completed' AND conference_id <> :conference)")
                .param("conference", fact.event().conferenceId())
                .param("call", fact.call().call().value())
                .update());
    }

    /**
     * Both legs of a conference end at the same instant and the carrier tells of them in any order; who left first, and so
     * ended the call, only the conference knows.
     */
    @Bean
    CarrierFactHandler<ConferenceEnded> conferencesEnd(JdbcClient jdbc) {
        return noting(ConferenceEnded.class, fact -> jdbc.sql(
                        """
                        UPDATE call SET conference_id = :conference, conference_state = 'completed',
                               end_reason = CASE WHEN :left AND NOT awaits_call_back AND coalesce(end_reason, 'agentHungUp')
                                                      IN ('callerHungUp', 'agentHungUp')
                                                 THEN (SELECT kind || 'HungUp' FROM call_leg WHERE id = :leg)
                                                 ELSE end_reason END
                         WHERE id = :call AND coalesce(conference_id, :conference) = :conference""")
                .param("conference", fact.event().conferenceId())
                .param("left", SOMEBODY_LEFT.equals(fact.event().reason()))
                .param("leg", fact.call().leg().value())
                .param("call", fact.call().call().value())
                .update());
    }

    private static <E extends CarrierEvent> CarrierFactHandler<E> noting(
            Class<E> kind, Consumer<CarrierFactHandler.Fact<E>> note) {
        return new CarrierFactHandler<>() {
            @Override
            public Class<E> kind() {
                return kind;
            }

            @Override
            public void record(List<Fact<E>> facts) {
                facts.forEach(note);
            }
        };
    }
}
