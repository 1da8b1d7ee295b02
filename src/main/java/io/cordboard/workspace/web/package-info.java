/** The addresses of the pages. */
@NullMarked
package io.cordboard.workspace.web;

import org.jspecify.annotations.NullMarked;
