/** The engine's REST interfaces and web applications behind our login. */
@NullMarked
package io.cordboard.customer.process.web;

import org.jspecify.annotations.NullMarked;
