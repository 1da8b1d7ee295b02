package io.cordboard.platform;

/**
 * Another node has died. Published once in the whole installation, inside the transaction that strikes the node off: what
 * it left is taken over in the same instant.
 *
 * @param node its id
 */
public record NodeGone(String node) {}
