package io.cordboard.platform;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** The revision a caller has seen, as its {@code ETag} came back in {@code If-Match}. */
public final class IfMatch {

    private static final Pattern REVISION = Pattern.compile("(?:W/)?\"([0-9]{1,9})\"");

    private IfMatch() {}

    /**
     * @param from what gave out the {@code ETag}, for example {@code GET /v1/agents/{id}}
     * @return null when any revision will do
     */
    public static @Nullable Integer revision(@Nullable String ifMatch, String from) {
        if (ifMatch == null || ifMatch.strip().equals("*")) {
            return null;
        }
        Matcher tag = REVISION.matcher(ifMatch.strip());
        if (!tag.matches()) {
            throw Problem.badRequest("If-Match is not what " + from + " gave as ETag.", "Send that, with its quotes.");
        }
        return Integer.valueOf(tag.group(1));
    }

    public static String tag(int revision) {
        return "\"" + revision + "\"";
    }

    /** @param what for example {@code agent} */
    public static Problem changedMeanwhile(String what, int revision) {
        return Problem.of(
                HttpStatus.PRECONDITION_FAILED,
                "Somebody else changed this " + what + " meanwhile.",
                "Get the " + what + " again, look at what changed, and send If-Match: " + tag(revision) + ".");
    }
}
