package io.cordboard.customer.web;

import java.util.List;
import java.util.stream.Collectors;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** An endpoint of the API for which nobody said who may call it stops the start, and so the build. */
@Component
class EndpointsHaveRules implements SmartInitializingSingleton {

    private final RequestMappingHandlerMapping endpoints;

    EndpointsHaveRules(@Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping endpoints) {
        this.endpoints = endpoints;
    }

    @Override
    public void afterSingletonsInstantiated() {
        List<String> without = endpoints.getHandlerMethods().keySet().stream()
                .flatMap(info -> info.getPatternValues().stream()
                        .flatMap(path ->
                                info.getMethodsCondition().getMethods().stream().map(method -> method + " " + path)))
                .filter(endpoint -> endpoint.contains(" /v1/"))
                .filter(endpoint -> !SecurityConfiguration.isLogin(endpoint) && !ApiRules.has(endpoint))
                .sorted()
                .collect(Collectors.toList());
        if (!without.isEmpty()) {
            throw new IllegalStateException("Who may call " + String.join(", ", without) + "? Add a line to ApiRules.");
        }
    }
}
