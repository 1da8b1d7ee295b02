package io.cordboard.shared;

import java.util.regex.Pattern;

/** What a phone number can be used for, and what may be shown of it where not everybody may read it. */
public final class PhoneNumbers {

    private static final Pattern E164 = Pattern.compile("\\+[1-9]\\d{6,14}");

    private PhoneNumbers() {}

    /** Whether it can be called: it is in E.164, and no word such as {@code anonymous} that a carrier gives for none. */
    public static boolean canBeCalled(String number) {
        return E164.matcher(number).matches();
    }

    /** The number with all but its last two characters hidden, for logs: {@code +15550100001} becomes {@code +*********01}. */
    public static String masked(String number) {
        int hidden = Math.max(0, number.length() - 2);
        StringBuilder masked = new StringBuilder(number.length());
        for (int i = 0; i < number.length(); i++) {
            masked.append(i < hidden && number.charAt(i) != '+' ? '*' : number.charAt(i));
        }
        return masked.toString();
    }
}
