package io.cordboard.simulator.carrier;

import java.time.Clock;
import org.springframework.context.SmartLifecycle;

/** The simulated carrier as a whole: everything it is made of, started and stopped together. */
public final class Carrier implements SmartLifecycle {

    private final Timeline timeline;
    private final Webhooks webhooks;
    private final Exchange exchange;
    private final TruthLog log;
    private final Faults faults = new Faults();
    private final TwilioApi api;
    private final TestPhone testPhone;
    private volatile boolean running;

    /** A network in which nobody is on the phone yet. */
    public Carrier(CarrierSettings settings, Clock clock) {
        timeline = new Timeline(Speed.parse(settings.speed()));
        log = new TruthLog(clock, settings.logSize());
        webhooks = new Webhooks(settings.authToken(), timeline, log, faults);
        var phones = new Phones(settings.phones());
        exchange = new Exchange(settings, clock, timeline, webhooks, log, phones, new Lines(settings.numbers(), clock));
        api = new TwilioApi(exchange);
        testPhone = new TestPhone(exchange, phones);
    }

    /** Twilio's REST interface. */
    public TwilioApi api() {
        return api;
    }

    /** The virtual phones. */
    public TestPhone testPhone() {
        return testPhone;
    }

    /** Browsers that are phones. */
    public Browsers browsers() {
        return exchange.browsers();
    }

    /** What really happened. */
    public TruthLog log() {
        return log;
    }

    /** What goes wrong on purpose. */
    public Faults faults() {
        return faults;
    }

    /** Tells the carrier at which port it is reached, for the URLs it hands out. */
    public void listensOn(int port) {
        exchange.listensOn(port);
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        timeline.close();
        webhooks.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
