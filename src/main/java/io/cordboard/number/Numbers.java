package io.cordboard.number;

import io.cordboard.shared.CustomerId;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The phone numbers of all customers and what answers them. */
@Repository
public class Numbers {

    private final JdbcClient jdbc;

    Numbers(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Empty when the number belongs to nobody here. */
    public Optional<AssignedNumber> find(String number) {
        return jdbc.sql("SELECT customer_id, process, trial FROM phone_number WHERE number = :number")
                .param("number", number)
                .query((row, n) -> new AssignedNumber(
                        new CustomerId(row.getObject("customer_id", UUID.class)),
                        row.getString("process"),
                        row.getBoolean("trial")))
                .optional();
    }

    /**
     * @param customer whose number it is
     * @param process the process that a call to it starts
     * @param trial whether calls to it try drafts
     */
    public record AssignedNumber(CustomerId customer, String process, boolean trial) {}
}
