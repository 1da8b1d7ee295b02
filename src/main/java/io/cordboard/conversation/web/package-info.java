/** What an agent does with a live call, over HTTP. */
@NullMarked
package io.cordboard.conversation.web;

import org.jspecify.annotations.NullMarked;
