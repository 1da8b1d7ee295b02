package io.cordboard.provider.twilio.webhook;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cordboard.platform.PublicUrl;
import io.cordboard.provider.twilio.CallbackUrls;
import io.cordboard.provider.twilio.TwilioSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.xml.MappingJackson2XmlHttpMessageConverter;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

@Configuration(proxyBeanMethods = false)
class WebhookConfiguration {

    /** Before Spring Security (-100), which would read the form and leave nothing of the raw body. */
    private static final int BEFORE_EVERYTHING_ELSE = -200;

    @Bean
    FilterRegistrationBean<WebhookGate> twilioWebhookGate(
            TwilioSettings settings, PublicUrl publicUrl, ObjectMapper json, MeterRegistry meters) {
        var registration = new FilterRegistrationBean<>(new WebhookGate(settings, publicUrl, json, meters));
        registration.addUrlPatterns(CallbackUrls.ROOT + "*");
        registration.setOrder(BEFORE_EVERYTHING_ELSE);
        return registration;
    }

    /** Twilio's SDK brings Jackson for XML along, with which Spring would answer browsers and problems in XML. */
    @Bean
    WebMvcConfigurer noXmlBesideTwiml() {
        return new WebMvcConfigurer() {
            @Override
            public void extendMessageConverters(List<HttpMessageConverter<?>> converters) {
                converters.removeIf(MappingJackson2XmlHttpMessageConverter.class::isInstance);
            }
        };
    }
}
