/** Who may call what over HTTP: login, sessions, tokens, and the one table of open and closed paths. */
@NullMarked
package io.cordboard.customer.web;

import org.jspecify.annotations.NullMarked;
