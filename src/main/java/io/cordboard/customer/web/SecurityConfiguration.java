package io.cordboard.customer.web;

import static io.cordboard.customer.Role.ADMIN;
import static io.cordboard.customer.Role.ANALYST;
import static io.cordboard.customer.Role.SUPERVISOR;

import io.cordboard.customer.ApiTokens;
import io.cordboard.customer.AuditLog;
import io.cordboard.customer.Login;
import io.cordboard.customer.Role;
import io.cordboard.platform.PageConnections;
import jakarta.servlet.DispatcherType;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.ProviderNotFoundException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/** The one place that says who may call what. What is not named here needs a login. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    /** Pages are ours alone; styles may stand in the text because the diagram viewer writes them there. */
    private static final String CONTENT = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline';"
            + " img-src 'self' data:; font-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self';"
            + " frame-ancestors 'none'; connect-src 'self'";

    private static final String[] LOGINS = {
        "/v1/login", "/v1/login/recovery", "/v1/session", "/camunda/api/admin/auth/user/*/login/*"
    };

    private final boolean simulator;
    private final String content;

    SecurityConfiguration(
            @Value("${cordboard.simulator:false}") boolean simulator, List<PageConnections> pageConnections) {
        this.simulator = simulator;
        this.content = Stream.concat(
                        Stream.of(CONTENT),
                        pageConnections.stream().map(PageConnections::sources).flatMap(List::stream))
                .collect(Collectors.joining(" "));
    }

    private void whoMayCallWhat(
            AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry paths) {
        // Forwards, errors and the end of long answers belong to a request that was let in already.
        paths.dispatcherTypeMatchers(DispatcherType.FORWARD, DispatcherType.ERROR, DispatcherType.ASYNC)
                .permitAll();

        // Everybody: the way in, and what proves itself by other means.
        paths.requestMatchers(reading("/", "/index.html", "/login", "/assets/**", "/favicon*"))
                .permitAll();
        paths.requestMatchers(reading("/media/**", "/api/health", "/actuator/health", "/actuator/health/**"))
                .permitAll();
        paths.requestMatchers(posting(LOGINS)).permitAll();
        // Carriers come further down; these are pages.
        paths.requestMatchers(reading("/webhooks", "/webhooks/*")).authenticated();
        paths.requestMatchers(any("/webhooks/**")).permitAll();
        if (simulator) {
            paths.requestMatchers(any("/simulator/carrier/**")).permitAll();
        }
        paths.requestMatchers(any("/simulator/carrier/**")).denyAll();

        // Some.
        for (ApiRules.Rule rule : ApiRules.ALL) {
            paths.requestMatchers(matching(rule)).hasAnyRole(rule.roles().toArray(String[]::new));
        }
        paths.requestMatchers(any("/actuator/**")).hasRole(LoggedIn.OPERATOR);
        paths.requestMatchers(any("/camunda/app/cockpit/**", "/camunda/api/cockpit/**"))
                .hasAnyRole(inEngine(SUPERVISOR, ANALYST, ADMIN));
        paths.requestMatchers(any("/camunda/api/admin/setup/**")).denyAll();
        paths.requestMatchers(any("/camunda/api/admin/auth/**")).authenticated();
        paths.requestMatchers(any("/camunda/app/admin/**", "/camunda/api/admin/**"))
                .hasAnyRole(inEngine(ADMIN));

        // Everybody with an account; inside the engine its own authorisations go on from here.
        paths.anyRequest().authenticated();
    }

    @Bean
    SecurityFilterChain security(
            HttpSecurity http,
            Tokens tokens,
            ApiTokens apiTokens,
            SessionCookie sessions,
            Login login,
            Refusals refusals,
            AuditLog log)
            throws Exception {
        var recognise = new RecogniseAccount(
                tokens, apiTokens, sessions, login, refusals, any("/engine-rest/**", "/actuator/**"));
        return http.authorizeHttpRequests(this::whoMayCallWhat)
                .addFilterBefore(recognise, CsrfFilter.class)
                .addFilterAfter(new AuditTrail(log), RecogniseAccount.class)
                .csrf(csrf -> csrf.csrfTokenRepository(sessions)
                        .csrfTokenRequestHandler(new CsrfTokenRequestAttributeHandler())
                        .requireCsrfProtectionMatcher(
                                request -> SessionCookie.of(request).isPresent()
                                        && CsrfFilter.DEFAULT_CSRF_MATCHER.matches(request))
                        .ignoringRequestMatchers(posting(LOGINS)))
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .exceptionHandling(
                        errors -> errors.authenticationEntryPoint(refusals).accessDeniedHandler(refusals))
                .headers(headers -> headers.contentSecurityPolicy(csp -> csp.policyDirectives(content))
                        .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN)))
                .build();
    }

    /** Whether an endpoint is one of those that let people in. */
    static boolean isLogin(String endpoint) {
        return Stream.of(LOGINS).anyMatch(path -> endpoint.equals("POST " + path));
    }

    /** A span and a timer for each of a dozen filters told nobody anything, and cost as much as the filters. */
    @Bean
    SecurityObservationSettings unobservedFilters() {
        return SecurityObservationSettings.noObservations();
    }

    /** After Spring Security, before the web applications. */
    @Bean
    FilterRegistrationBean<WebappDoor> webappDoor(Login login, SessionCookie sessions, Refusals refusals) {
        var filter = new FilterRegistrationBean<>(new WebappDoor(login, sessions, refusals));
        filter.addUrlPatterns("/camunda/api/admin/auth/*");
        filter.setOrder(-60);
        return filter;
    }

    /** Stands where Spring Boot would otherwise make a user of its own. */
    @Bean
    AuthenticationManager noOtherWayIn() {
        return authentication -> {
            throw new ProviderNotFoundException("Accounts log in through Login only");
        };
    }

    /** Of the operator's people. */
    private static String[] inEngine(Role... roles) {
        return Stream.of(roles).map(role -> LoggedIn.ENGINE + role.name()).toArray(String[]::new);
    }

    /** Whoever may read may also ask what there is to read. */
    private static RequestMatcher matching(ApiRules.Rule rule) {
        return rule.method() == HttpMethod.GET
                ? reading(rule.path())
                : PathPatternRequestMatcher.withDefaults().matcher(rule.method(), rule.path());
    }

    private static RequestMatcher reading(String... patterns) {
        return new OrRequestMatcher(Stream.of(HttpMethod.GET, HttpMethod.HEAD)
                .flatMap(method -> Stream.of(patterns).map(pattern -> (RequestMatcher)
                        PathPatternRequestMatcher.withDefaults().matcher(method, pattern)))
                .toList());
    }

    private static RequestMatcher posting(String... patterns) {
        return new OrRequestMatcher(Stream.of(patterns)
                .map(pattern -> (RequestMatcher)
                        PathPatternRequestMatcher.withDefaults().matcher(HttpMethod.POST, pattern))
                .toList());
    }

    private static RequestMatcher any(String... patterns) {
        return new OrRequestMatcher(Stream.of(patterns)
                .map(pattern -> (RequestMatcher)
                        PathPatternRequestMatcher.withDefaults().matcher(pattern))
                .toList());
    }
}
