package io.cordboard.customer;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordboard.testing.ApplicationTest;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

class LoginTriesTests extends ApplicationTest {

    @Autowired
    private DataSource database;

    @Autowired
    private JdbcClient jdbc;

    @Test
    void twoNodesCountTogether() throws Exception {
        String who = "as " + UUID.randomUUID();
        List<LoginTries> nodes = List.of(new LoginTries(database), new LoginTries(database));
        List<Callable<Boolean>> guesses = Stream.iterate(0, n -> n + 1)
                .limit(24)
                .<Callable<Boolean>>map(n -> () -> nodes.get(n % 2).of(who).tryConsume(1))
                .toList();
        ExecutorService guessers = Executors.newFixedThreadPool(8);
        int allowed = 0;
        try {
            for (Future<Boolean> guess : guessers.invokeAll(guesses)) {
                allowed += guess.get() ? 1 : 0;
            }
        } finally {
            guessers.shutdownNow();
        }
        assertThat(allowed).isEqualTo(5);
    }

    @Test
    void whoHasAllTriesAgainIsForgotten() {
        String who = "as " + UUID.randomUUID();
        LoginTries tries = new LoginTries(database);
        tries.of(who).tryConsume(1);
        assertThat(rows(who)).isOne();
        jdbc.sql("UPDATE login_tries SET expires_at = 0 WHERE id = :who")
                .param("who", who)
                .update();

        tries.sweep();

        assertThat(rows(who)).isZero();
    }

    private int rows(String who) {
        return jdbc.sql("SELECT count(*) FROM login_tries WHERE id = :who")
                .param("who", who)
                .query(Integer.class)
                .single();
    }
}
