package io.cordboard.agent;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where an agent can be rung.
 *
 * @param kind {@code extension} (digits of a telephone system), {@code tel}, {@code sip} (user@domain) or {@code client} (a
 *     softphone in a browser)
 * @param value for {@code tel} an E.164 number
 */
public record Address(String kind, String value) {

    /** The kind of a softphone in a browser. */
    public static final String CLIENT = "client";

    private static final PhoneNumberUtil NUMBERS = PhoneNumberUtil.getInstance();
    private static final Pattern EXTENSION = Pattern.compile("[0-9]{2,10}");
    private static final Pattern SIP =
            Pattern.compile("[a-z0-9._+-]{1,64}@[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[0-9]{1,5})?");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]{1,100}");

    /** As stored: one address in one spelling, so that two of the same are found to be the same. */
    static Address parse(String text) {
        int colon = text.indexOf(':');
        return new Address(text.substring(0, colon), text.substring(colon + 1));
    }

    /**
     * As people write it.
     *
     * @throws IllegalArgumentException when nobody can be reached there; the message says what is expected
     */
    public static Address of(String kind, String written) {
        String value = written.strip();
        return switch (kind) {
            case "tel" -> new Address(kind, e164(value));
            case "sip" -> {
                String lower = value.toLowerCase(Locale.ROOT);
                yield new Address(
                        kind, matching(SIP, lower.startsWith("sip:") ? lower.substring(4) : lower, "user@domain"));
            }
            case "extension" -> new Address(kind, matching(EXTENSION, value, "2 to 10 digits"));
            case CLIENT -> new Address(kind, matching(NAME, value, "letters, digits and _"));
            default ->
                throw new IllegalArgumentException(
                        "There is no address type " + kind + "; the types are extension, tel, sip and client.");
        };
    }

    private static String matching(Pattern pattern, String value, String expected) {
        if (!pattern.matcher(value).matches()) {
            throw new IllegalArgumentException("This address has to be " + expected + ".");
        }
        return value;
    }

    private static String e164(String value) {
        try {
            var number = NUMBERS.parse(value, null);
            if (NUMBERS.isPossibleNumber(number)) {
                return NUMBERS.format(number, PhoneNumberFormat.E164);
            }
        } catch (NumberParseException notANumber) {
            // Told below.
        }
        throw new IllegalArgumentException("A tel address is a phone number with its country code, like +4930123456.");
    }

    /** As the carriers want it. */
    public String dialString() {
        return kind.equals("tel") ? value : kind + ":" + value;
    }
}
