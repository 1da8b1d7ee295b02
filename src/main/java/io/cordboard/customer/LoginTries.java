package io.cordboard.customer;

import io.cordboard.platform.Sweeper;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.jdbc.PrimaryKeyMapper;
import io.github.bucket4j.postgresql.Bucket4jPostgreSQL;
import io.github.bucket4j.postgresql.PostgreSQLSelectForUpdateBasedProxyManager;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.stereotype.Component;

/** How often somebody may still be wrong, kept in the database: all nodes count together, and a restart forgives nothing. */
@Component
class LoginTries extends Sweeper {

    private static final int TRIES = 5;
    private static final Duration PER = Duration.ofMinutes(1);
    private static final int FORGOTTEN_AT_ONCE = 1000;

    private final BucketConfiguration limit = BucketConfiguration.builder()
            .addLimit(bandwidth -> bandwidth.capacity(TRIES).refillIntervally(TRIES, PER))
            .build();
    private final PostgreSQLSelectForUpdateBasedProxyManager<String> buckets;

    LoginTries(DataSource database) {
        super("login-tries", PER);
        buckets = Bucket4jPostgreSQL.selectForUpdateBasedBuilder(database)
                .primaryKeyMapper(PrimaryKeyMapper.STRING)
                .table("login_tries")
                .idColumn("id")
                .stateColumn("state")
                .expiresAtColumn("expires_at")
                .expirationAfterWrite(ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(PER))
                .build();
    }

    /**
     * What is left to somebody.
     *
     * @param who an account or an address
     */
    Bucket of(String who) {
        return buckets.builder().build(who, () -> limit);
    }

    @Override
    protected void sweep() {
        buckets.removeExpired(FORGOTTEN_AT_ONCE);
    }
}
