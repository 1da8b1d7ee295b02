package io.cordboard.customer;

import io.cordboard.customer.Customers.Customer;
import io.cordboard.shared.AgentId;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * The way back in for a customer whose administrators are all gone: a token for its guest agent, shown on the console of
 * the server only, good for one login. A newer one makes the one before worthless.
 */
@Service
@Order(FirstStart.ORDER + 2)
public class Recovery implements ApplicationRunner {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final Duration LIFE = Duration.ofHours(24);

    private final JdbcClient jdbc;
    private final Customers customers;
    private final Accounts accounts;
    private final Clock clock;
    private final String wanted;

    Recovery(
            JdbcClient jdbc,
            Customers customers,
            Accounts accounts,
            Clock clock,
            @Value("${cordboard.recover-customer:}") String wanted) {
        this.jdbc = jdbc;
        this.customers = customers;
        this.accounts = accounts;
        this.clock = clock;
        this.wanted = wanted;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        if (!wanted.isBlank()) {
            customers
                    .find(wanted.strip())
                    .ifPresentOrElse(
                            this::showToken,
                            () -> LOG.warn("CORDBOARD_RECOVER_CUSTOMER names no customer: {}", wanted.strip()));
        }
    }

    /** Shows a new token on the console. */
    public void showToken(Customer customer) {
        String token = Secrets.next("cbr_");
        jdbc.sql(
                        """
                        INSERT INTO recovery_token (agent_id, hash, expires_at)
                        SELECT id, :hash, :until FROM agent WHERE customer_id = :customer AND role = 'guest'
                        ON CONFLICT (agent_id) DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at""")
                .param("hash", Secrets.hash(token))
                .param("until", OffsetDateTime.now(clock).plus(LIFE))
                .param("customer", customer.id().value())
                .update();
        Console.tell(
                "One login as the guest agent of  " + customer.name() + "  within " + LIFE.toHours() + " hours:",
                token,
                "POST /v1/login/recovery {\"token\": \"…\"} exchanges it; docs/security.md says how to go on.");
    }

    /** Uses a token up. Empty for one that never was, was used, or is too old. */
    public Optional<Account> use(String token) {
        Optional<AgentId> guest = jdbc.sql(
                        "DELETE FROM recovery_token WHERE hash = :hash AND expires_at > :now RETURNING agent_id")
                .param("hash", Secrets.hash(token))
                .param("now", OffsetDateTime.now(clock))
                .query((row, n) -> new AgentId(row.getObject("agent_id", UUID.class)))
                .optional();
        // The guest agent may be younger than what is remembered of the accounts.
        accounts.forget();
        return guest.flatMap(accounts::byId);
    }
}
