package io.cordboard.customer;

import io.cordboard.shared.CustomerId;
import io.cordboard.shared.Ids;
import io.cordboard.shared.QueueId;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A small customer to play with: two queues, three agents with simulated phones, a supervisor, an administrator,
 * three numbers, and two analysts of the operator. What is there already is left alone, except that everybody gets the demo password of this start.
 */
@Component
@ConditionalOnProperty("cordboard.demo")
@Order(FirstStart.ORDER + 1)
class DemoData implements ApplicationRunner {

    private static final List<Person> PEOPLE = List.of(
            new Person("charles", "Charles", Role.AGENT, List.of("support"), "+15550102001"),
            new Person("edith", "Edith", Role.AGENT, List.of("support"), "+15550102002"),
            new Person("dave", "Dave", Role.AGENT, List.of("support", "sales"), "+15550102003"),
            new Person("sam", "Sam", Role.SUPERVISOR, List.of(), ""),
            new Person("alan", "Alan", Role.ADMIN, List.of(), ""));

    /** Models are the operator's: its people draw them for all customers. */
    private static final List<Person> ANALYSTS = List.of(
            new Person("ada", "Ada", Role.ANALYST, List.of(), ""),
            new Person("grace", "Grace", Role.ANALYST, List.of(), ""));

    private final Accounts accounts;
    private final Passwords passwords;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final String configured;

    DemoData(
            Accounts accounts,
            Passwords passwords,
            JdbcClient jdbc,
            TransactionTemplate transaction,
            Clock clock,
            @Value("${cordboard.demo-password:}") String configured) {
        this.accounts = accounts;
        this.passwords = passwords;
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.clock = clock;
        this.configured = configured;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        String password = configured.isBlank() ? Passwords.generate() : configured;
        transaction.executeWithoutResult(status -> {
            // Nodes that start together take turns.
            jdbc.sql("SELECT 1 FROM pg_advisory_xact_lock(hashtext('cordboard demo data'))")
                    .query(Integer.class)
                    .single();
            var customer = customer();
            queue(customer, "support");
            queue(customer, "sales");
            number(customer, "+15550100001", "Demo line", false);
            number(customer, "+15550100002", "Night line, always closed", false);
            number(customer, "+15550100003", "Trial line, runs on drafts", true);
            PEOPLE.forEach(person -> person(customer, person, password));
            var operator = operator();
            fromOlderDemos(customer, operator);
            ANALYSTS.forEach(person -> person(operator, person, password));
        });
        accounts.forget();
        if (configured.isBlank()) {
            Console.tell(
                    "Demo accounts: charles, edith, dave (agents), sam (supervisor), alan (administrator),"
                            + " ada, grace (analysts)",
                    "Their password until the next start:  " + password,
                    "CORDBOARD_DEMO_PASSWORD fixes it.");
        }
    }

    private CustomerId customer() {
        jdbc.sql(
                        """
                        INSERT INTO customer (id, name, created_at) VALUES (:id, 'Demo', :now)
                        ON CONFLICT (name) DO NOTHING""")
                .param("id", CustomerId.next().value())
                .param("now", now())
                .update();
        return new CustomerId(jdbc.sql("SELECT id FROM customer WHERE name = 'Demo'")
                .query(UUID.class)
                .single());
    }

    private CustomerId operator() {
        return new CustomerId(jdbc.sql("SELECT id FROM customer WHERE operator")
                .query(UUID.class)
                .single());
    }

    /** There the analyst was of the demo customer, whose people have no say about models any more. */
    private void fromOlderDemos(CustomerId customer, CustomerId operator) {
        jdbc.sql(
                        "UPDATE agent SET customer_id = :operator"
                                + " WHERE username = 'ada' AND role = 'analyst' AND customer_id = :customer AND deleted_at IS NULL")
                .param("operator", operator.value())
                .param("customer", customer.value())
                .update();
    }

    private void queue(CustomerId customer, String tag) {
        jdbc.sql(
                        "INSERT INTO tag (customer_id, name, created_at) VALUES (:customer, :tag, :now) ON CONFLICT DO NOTHING")
                .param("customer", customer.value())
                .param("tag", tag)
                .param("now", now())
                .update();
        jdbc.sql(
                        """
                        INSERT INTO queue (id, customer_id, name, required_tags, created_at)
                        SELECT :id, :customer, :tag, ARRAY[:tag], :now
                         WHERE NOT EXISTS (SELECT FROM queue WHERE customer_id = :customer AND name = :tag)""")
                .param("id", QueueId.next().value())
                .param("customer", customer.value())
                .param("tag", tag)
                .param("now", now())
                .update();
    }

    private void number(CustomerId customer, String number, String name, boolean trial) {
        jdbc.sql(
                        """
                        INSERT INTO phone_number (id, customer_id, number, name, process, trial, created_at)
                        VALUES (:id, :customer, :number, :name, 'inbound-call', :trial, :now)
                        ON CONFLICT (number) DO NOTHING""")
                .param("id", Ids.next())
                .param("customer", customer.value())
                .param("number", number)
                .param("name", name)
                .param("trial", trial)
                .param("now", now())
                .update();
    }

    private void person(CustomerId customer, Person person, String password) {
        var known = accounts.credentials(person.username);
        if (known.isPresent()) {
            var account = known.orElseThrow().account();
            boolean isDemo = account.customer().equals(customer);
            if (isDemo && !passwords.matches(password, known.orElseThrow().hash())) {
                accounts.setPassword(account.id(), password);
            }
            return;
        }
        accounts.create(customer, person.username, person.name, person.role, password)
                .ifPresent(account -> {
                    person.tags.forEach(tag -> jdbc.sql("INSERT INTO agent_tag (agent_id, tag) VALUES (:agent, :tag)")
                            .param("agent", account.id().value())
                            .param("tag", tag)
                            .update());
                    if (!person.phone.isEmpty()) {
                        jdbc.sql(
                                        """
                                        INSERT INTO agent_address (id, agent_id, customer_id, kind, value)
                                        VALUES (:id, :agent, :customer, 'tel', :phone)
                                        ON CONFLICT (customer_id, kind, value) DO NOTHING""")
                                .param("id", Ids.next())
                                .param("agent", account.id().value())
                                .param("customer", customer.value())
                                .param("phone", person.phone)
                                .update();
                    }
                });
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private record Person(String username, String name, Role role, List<String> tags, String phone) {}
}
