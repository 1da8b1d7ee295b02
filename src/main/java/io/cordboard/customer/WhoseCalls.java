package io.cordboard.customer;

import io.cordboard.customer.Customers.Customer;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Says at the start whose calls this node takes. */
@Component
class WhoseCalls {

    private static final Logger log = LoggerFactory.getLogger(WhoseCalls.class);

    /** Who serves more has other ways to learn them. */
    private static final int NAMED = 10;

    private final Customers customers;

    WhoseCalls(Customers customers) {
        this.customers = customers;
    }

    @EventListener(ApplicationReadyEvent.class)
    void ready() {
        List<Customer> some = customers.list("", NAMED + 1);
        log.info(
                "Customers: {}{}",
                some.stream().limit(NAMED).map(WhoseCalls::named).collect(Collectors.joining(", ")),
                some.size() > NAMED ? " and more" : "");
    }

    private static String named(Customer customer) {
        return customer.name() + " (" + customer.id() + (customer.operator() ? ", the operator)" : ")");
    }
}
