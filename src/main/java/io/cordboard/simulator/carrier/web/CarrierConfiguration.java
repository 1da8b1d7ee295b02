package io.cordboard.simulator.carrier.web;

import io.cordboard.simulator.carrier.Carrier;
import io.cordboard.simulator.carrier.CarrierSettings;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.context.WebServerInitializedEvent;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Puts the simulated carrier on the application's own port, when {@code cordboard.simulator} is {@code true}. */
@Configuration(proxyBeanMethods = false)
@OnlySimulated
@EnableConfigurationProperties(CarrierSettings.class)
@Import({
    CallsController.class,
    ConferencesController.class,
    RecordingsController.class,
    NumbersController.class,
    QueuesController.class,
    ControlController.class
})
public class CarrierConfiguration {

    @Bean
    Carrier simulatedCarrier(CarrierSettings settings, ObjectProvider<Clock> clock) {
        return new Carrier(settings, clock.getIfAvailable(Clock::systemUTC));
    }

    @Bean
    ApplicationListener<WebServerInitializedEvent> simulatedCarrierPort(Carrier carrier) {
        return started -> carrier.listensOn(started.getWebServer().getPort());
    }

    @Bean
    SignallingDoor simulatedCarrierSignalling(Carrier carrier) {
        return new SignallingDoor(carrier.browsers());
    }

    @Bean
    FilterRegistrationBean<Gate> simulatedCarrierGate(Carrier carrier) {
        var gate = new FilterRegistrationBean<>(new Gate(carrier));
        gate.addUrlPatterns("/simulator/carrier/2010-04-01/*");
        return gate;
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> simulatedCarrierCuts() {
        return tomcat -> tomcat.addContextValves(new ConnectionCutter());
    }

    @Bean
    EventStreams simulatedCarrierEvents(Carrier carrier) {
        return new EventStreams(carrier.log());
    }
}
