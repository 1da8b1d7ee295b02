/** How Camunda is set up and kept in bounds; nothing outside {@code flow} uses this package. */
@NullMarked
package io.cordboard.flow.engine;

import org.jspecify.annotations.NullMarked;
