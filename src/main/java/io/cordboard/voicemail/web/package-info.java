/** The HTTP API of messages. */
@NullMarked
package io.cordboard.voicemail.web;

import org.jspecify.annotations.NullMarked;
