package io.cordboard.customer.web;

import io.cordboard.customer.Account;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.AsyncHandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Requests that read something for an account do it in one read-only transaction with the database role of customers, so
 * that PostgreSQL itself leaves out what belongs to another: a query that forgets to ask whose it is finds nothing more.
 *
 * <p>Endpoints without a return value write their answer as it comes, from a carrier or for hours; they look after
 * themselves, as do those that change something, which move calls for the whole house.
 */
@Component
class ReadingAsCustomer implements AsyncHandlerInterceptor, WebMvcConfigurer {

    private static final String ATTRIBUTE = ReadingAsCustomer.class.getName();

    private final PlatformTransactionManager transactions;
    private final JdbcClient jdbc;

    ReadingAsCustomer(PlatformTransactionManager transactions, JdbcClient jdbc) {
        this.transactions = transactions;
        this.jdbc = jdbc;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this).addPathPatterns("/v1/**");
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        var login = SecurityContextHolder.getContext().getAuthentication();
        if (login != null
                && login.getPrincipal() instanceof Account reader
                && handler instanceof HandlerMethod endpoint
                && reads(request, endpoint)) {
            request.setAttribute(ATTRIBUTE, begin(reader));
        }
        return true;
    }

    private static boolean reads(HttpServletRequest request, HandlerMethod endpoint) {
        boolean forSomebody = Arrays.stream(endpoint.getMethodParameters())
                .anyMatch(parameter -> parameter.getParameterType() == Account.class);
        boolean reading = HttpMethod.GET.matches(request.getMethod()) || HttpMethod.HEAD.matches(request.getMethod());
        return forSomebody && reading && !endpoint.isVoid();
    }

    private TransactionStatus begin(Account reader) {
        var definition = new DefaultTransactionDefinition();
        definition.setReadOnly(true);
        TransactionStatus status = transactions.getTransaction(definition);
        try {
            jdbc.sql("SELECT set_config('cordboard.customer', :customer, true), set_config('role', :role, true)")
                    .param("customer", reader.customer().toString())
                    .param("role", "cordboard_customer")
                    .query((row, n) -> n)
                    .single();
        } catch (RuntimeException e) {
            transactions.rollback(status);
            throw e;
        }
        return status;
    }

    @Override
    public void afterCompletion(
            HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable Exception problem) {
        if (request.getAttribute(ATTRIBUTE) instanceof TransactionStatus status) {
            request.removeAttribute(ATTRIBUTE);
            transactions.rollback(status);
        }
    }
}
