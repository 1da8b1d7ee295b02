package io.cordboard.agent;

/** Somebody may take a call now. Published inside the transaction that frees them. */
public record AgentBecameFree() {}
