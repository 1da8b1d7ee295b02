package io.cordboard.events.webhook;

import java.net.InetAddress;
import java.net.Proxy;
import java.net.Socket;
import java.time.Clock;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The parts that touch the network: names are looked up by the system, and connections are made without a proxy. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WebhookSettings.class)
class WebhookConfiguration {

    @Bean
    Destinations destinations(WebhookSettings settings) {
        return new Destinations(settings, InetAddress::getAllByName);
    }

    @Bean
    Sender sender(Destinations destinations, WebhookSettings settings, Clock clock) {
        return new Sender(
                destinations,
                proxy -> new Socket(Proxy.NO_PROXY),
                DefaultClientTlsStrategy.createDefault(),
                settings,
                clock);
    }
}
