package io.cordboard.simulator.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import com.twilio.http.TwilioRestClient;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests against one running carrier at instant speed, a product that answers TwiML, and the genuine Twilio SDK. */
abstract class CarrierTest {

    static final Network NETWORK = Network.shared();
    static final TwilioRestClient TWILIO = NETWORK.twilio();

    @BeforeEach
    void withoutFaults() {
        NETWORK.put("/simulator/api/faults", "{\"seed\":1,\"rules\":[]}");
        NETWORK.put("/simulator/api/speed", "{\"speed\":\"instant\"}");
        NETWORK.product().forgetBadSignatures();
    }

    @AfterEach
    void everyWebhookWasSignedSoThatTheSdkAcceptsIt() {
        assertThat(NETWORK.product().badSignatures()).isEmpty();
    }

    /** A new number in service whose voice URL answers this TwiML (what stands inside Response). */
    static Product.Line line(String twiml) {
        return NETWORK.product().line(NETWORK, twiml);
    }

    /** A person with a new number dials. */
    static Phone dial(Product.Line line, String... script) {
        return NETWORK.dial(line.number(), script);
    }

    static ConditionFactory eventually() {
        return Awaitility.await().atMost(Duration.ofSeconds(10)).pollInterval(Duration.ofMillis(10));
    }
}
