package io.cordboard.telephony;

/** Gives commands to carriers: written now, in this transaction, carried out after its commit and never without it. */
public interface Commands {

    /**
     * Must be called in a transaction.
     *
     * @param provider the carrier that shall do it
     */
    void add(String provider, CarrierCommand command);
}
