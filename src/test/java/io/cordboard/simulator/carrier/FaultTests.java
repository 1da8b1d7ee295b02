package io.cordboard.simulator.carrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.twilio.exception.ApiConnectionException;
import com.twilio.exception.ApiException;
import com.twilio.rest.api.v2010.account.Call;
import com.twilio.type.PhoneNumber;
import com.twilio.type.Twiml;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** REST requests that go wrong. */
class FaultTests extends CarrierTest {

    private static Call create(String person, Product.Line line) {
        return Call.creator(
                        new PhoneNumber(person),
                        new PhoneNumber(line.number()),
                        new Twiml("<Response><Hangup/></Response>"))
                .create(TWILIO);
    }

    @Test
    void aLostReplyMeansThatTheCallIsMadeAllTheSame() {
        var person = Network.newPerson();
        var line = line("");
        NETWORK.faults("{\"on\":\"rest:calls.create\",\"fault\":\"lost-reply\",\"next\":1}");

        assertThatThrownBy(() -> create(person, line)).isInstanceOf(ApiConnectionException.class);
        assertThat(NETWORK.callsTo(person)).hasSize(1);
        create(person, line);
        assertThat(NETWORK.callsTo(person)).hasSize(2);
    }

    @Test
    void aCutConnectionMeansThatNothingIsDone() {
        var person = Network.newPerson();
        var line = line("");
        NETWORK.faults("{\"on\":\"rest\",\"fault\":\"cut\",\"next\":1}");

        assertThatThrownBy(() -> create(person, line)).isInstanceOf(ApiConnectionException.class);
        assertThat(NETWORK.callsTo(person)).isEmpty();
    }

    @Test
    void errorsAreTwiliosErrors() {
        var line = line("");
        NETWORK.faults(
                "{\"on\":\"rest:calls.create\",\"fault\":\"error\",\"next\":1,\"status\":429}",
                "{\"on\":\"rest:calls.read\",\"fault\":\"error\",\"next\":1,\"status\":503}");

        assertThatThrownBy(() -> create(Network.newPerson(), line))
                .isInstanceOfSatisfying(
                        ApiException.class, refused -> assertThat(List.of(refused.getStatusCode(), refused.getCode()))
                                .containsExactly(429, 20429));
        assertThatThrownBy(() -> Call.fetcher("CA" + "0".repeat(32)).fetch(TWILIO))
                .isInstanceOfSatisfying(ApiException.class, refused -> assertThat(refused.getStatusCode())
                        .isEqualTo(503));
    }

    @Test
    void answersCanBeSlow() {
        var line = line("");
        NETWORK.faults("{\"on\":\"rest:calls.create\",\"fault\":\"latency\",\"next\":1,\"milliseconds\":300}");
        var started = System.nanoTime();
        create(Network.newPerson(), line);

        assertThat(System.nanoTime() - started).isGreaterThan(300_000_000L);
    }

    @Test
    void theSameSeedGivesTheSameFaults() {
        assertThat(strikes(5)).isEqualTo(strikes(5)).isNotEqualTo(strikes(6));
    }

    private static List<Boolean> strikes(long seed) {
        var faults = new Faults();
        faults.set(new Faults.Settings(
                seed, List.of(new Faults.Rule("rest", Faults.Fault.CUT, 0.5, null, null, null, null))));
        return IntStream.range(0, 50)
                .mapToObj(i -> !faults.strike("rest:calls.read").isEmpty())
                .toList();
    }
}
