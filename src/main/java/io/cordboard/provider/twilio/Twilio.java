package io.cordboard.provider.twilio;

/** The name of this carrier in our tables. */
public final class Twilio {

    public static final String NAME = "twilio";

    private Twilio() {}
}
