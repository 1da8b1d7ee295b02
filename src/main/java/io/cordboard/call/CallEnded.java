package io.cordboard.call;

/**
 * The call's process is over. Published inside its last transaction, so that whoever holds something for the call lets
 * go of it in the same instant.
 */
public record CallEnded(OpenCall call) {}
