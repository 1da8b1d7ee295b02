package io.cordboard.customer.process.web;

import io.cordboard.customer.Account;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.rest.security.auth.AuthenticationProvider;
import org.camunda.bpm.engine.rest.security.auth.AuthenticationResult;
import org.camunda.bpm.webapp.impl.security.auth.Authentications;
import org.camunda.bpm.webapp.impl.security.auth.ContainerBasedAuthenticationFilter;
import org.camunda.bpm.webapp.impl.security.auth.UserAuthentication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.context.SecurityContextHolder;

/** Lets our login open Tasklist, Cockpit and Admin, and stands guard in front of the engine's REST interfaces. */
@Configuration(proxyBeanMethods = false)
class EngineWebConfiguration {

    /** After Spring Security, before the filters of the web applications. */
    private static final int ORDER = -50;

    @Bean
    FilterRegistrationBean<EngineAccess> engineAccess(IdentityService identity, TaskService tasks) {
        var filter = new FilterRegistrationBean<>(new EngineAccess(identity, tasks));
        filter.addUrlPatterns("/engine-rest", "/engine-rest/*", "/camunda/api/engine/*");
        filter.setOrder(ORDER);
        return filter;
    }

    @Bean
    FilterRegistrationBean<ContainerBasedAuthenticationFilter> webappLogin(ProcessEngine engine) {
        var filter = new FilterRegistrationBean<ContainerBasedAuthenticationFilter>(new OurLogin(engine));
        filter.addUrlPatterns("/camunda/api/*", "/camunda/app/*");
        filter.setName("Login by Cordboard");
        filter.setOrder(ORDER + 1);
        return filter;
    }

    /**
     * Takes the place of the web applications' own protection against requests forged by other sites, which keeps its
     * token in the memory of one node; ours covers all paths, theirs included. They register a filter of this name only
     * if there is none yet.
     */
    @Bean
    FilterRegistrationBean<Filter> webappCsrf() {
        var filter =
                new FilterRegistrationBean<Filter>((request, response, chain) -> chain.doFilter(request, response));
        filter.addUrlPatterns("/camunda/api/*", "/camunda/app/*");
        filter.setName("CsrfPreventionFilter");
        filter.setOrder(ORDER + 2);
        return filter;
    }

    /** The session of the web applications follows ours with every request; it is no more than their cache. */
    private static final class OurLogin extends ContainerBasedAuthenticationFilter implements AuthenticationProvider {

        private final ProcessEngine engine;

        private OurLogin(ProcessEngine engine) {
            this.engine = engine;
        }

        @Override
        public void init(FilterConfig configuration) {
            authenticationProvider = this;
        }

        @Override
        protected String extractEngineName(HttpServletRequest request) {
            return engine.getName();
        }

        @Override
        protected ProcessEngine getAddressedEngine(String name) {
            return engine;
        }

        @Override
        public AuthenticationResult extractAuthenticatedUser(HttpServletRequest request, ProcessEngine ignored) {
            var authentication = SecurityContextHolder.getContext().getAuthentication();
            if (authentication == null || !(authentication.getPrincipal() instanceof Account account)) {
                return AuthenticationResult.unsuccessful();
            }
            var result = AuthenticationResult.successful(account.username());
            result.setGroups(List.of(account.roleInEngine().column()));
            result.setTenants(List.of());
            return result;
        }

        @Override
        public void augmentResponseByAuthenticationChallenge(HttpServletResponse response, ProcessEngine ignored) {
            // Whoever comes here without a login was let through on purpose.
        }

        /** Also when only the role changed. */
        @Override
        protected boolean existisAuthentication(Authentications known, String engineName, String username) {
            return known.getAuthenticationForProcessEngine(engineName) instanceof UserAuthentication user
                    && user.getIdentityId().equals(username)
                    && currentGroups().equals(user.getGroupIds());
        }

        private static List<String> currentGroups() {
            return SecurityContextHolder.getContext().getAuthentication().getPrincipal() instanceof Account account
                    ? List.of(account.roleInEngine().column())
                    : List.of();
        }
    }
}
