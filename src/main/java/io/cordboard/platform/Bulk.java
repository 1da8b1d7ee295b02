package io.cordboard.platform;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.UUID;

/**
 * What came of one act on many things. A request does at most {@link #AT_ONCE}; who wants all sends it again until nothing
 * is left.
 *
 * @param count how many were done now
 * @param ids which
 * @param left how many are left to be done, those included that could not be
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Bulk(@Schema(example = "2") int count, List<UUID> ids, @Schema(example = "0") int left) {

    /** How much one request does: a few seconds of work. */
    public static final int AT_ONCE = 200;

    public static Bulk of(List<UUID> done, int left) {
        return new Bulk(done.size(), done, left);
    }
}
