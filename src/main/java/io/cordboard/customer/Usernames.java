package io.cordboard.customer;

import java.util.Locale;

/** How user names are compared. */
final class Usernames {

    private Usernames() {}

    static String canonical(String username) {
        return username.strip().toLowerCase(Locale.ROOT);
    }
}
