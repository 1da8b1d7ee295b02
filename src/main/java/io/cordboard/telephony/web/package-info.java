/** The API of what inbox and outbox have given up. */
@NullMarked
package io.cordboard.telephony.web;

import org.jspecify.annotations.NullMarked;
