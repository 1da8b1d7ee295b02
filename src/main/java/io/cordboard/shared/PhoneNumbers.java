package io.cordboard.shared;

/** What may be shown of a phone number where not everybody may read it. */
public final class PhoneNumbers {

    private PhoneNumbers() {}

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
