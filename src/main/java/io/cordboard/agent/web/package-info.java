/** The agents' HTTP API. */
@NullMarked
package io.cordboard.agent.web;

import org.jspecify.annotations.NullMarked;
