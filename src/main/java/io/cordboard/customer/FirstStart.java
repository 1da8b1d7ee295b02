package io.cordboard.customer;

import io.cordboard.shared.CustomerId;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Sees to it that somebody can log in: the account {@code admin} of the customer "Cordboard". */
@Component
@Order(FirstStart.ORDER)
class FirstStart implements ApplicationRunner {

    static final int ORDER = -100;

    private final Accounts accounts;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final String configured;

    FirstStart(
            Accounts accounts,
            JdbcClient jdbc,
            TransactionTemplate transaction,
            Clock clock,
            @Value("${cordboard.admin-password:}") String configured) {
        this.accounts = accounts;
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.clock = clock;
        this.configured = configured;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        if (accounts.byUsername("admin").isPresent()) {
            return;
        }
        String password = configured.isBlank() ? Passwords.generate() : configured;
        var created = transaction.execute(
                status -> accounts.create(customer("Cordboard"), "admin", "Administrator", Role.ADMIN, password));
        if (created != null && created.isPresent() && configured.isBlank()) {
            Console.tell(
                    "The account  admin  was created with the password  " + password,
                    "It is shown only this once. CORDBOARD_ADMIN_PASSWORD chooses another one for a new installation.");
        }
    }

    /** The customer of this name, made if there is none. */
    private CustomerId customer(String name) {
        jdbc.sql("INSERT INTO customer (id, name, created_at, operator) VALUES (:id, :name, :now, true)"
                        + " ON CONFLICT (name) DO NOTHING")
                .param("id", CustomerId.next().value())
                .param("name", name)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        return new CustomerId(jdbc.sql("SELECT id FROM customer WHERE name = :name")
                .param("name", name)
                .query(UUID.class)
                .single());
    }
}
