package io.cordboard.platform;

import java.util.List;

/**
 * Servers beside our own that the scripts of our pages may connect to; a bean of the module that needs them.
 *
 * @param sources as in the Content-Security-Policy, such as {@code wss://*.example.com}
 */
public record PageConnections(List<String> sources) {}
