/** The assignment callback: a server of the customer's is asked at each reservation what shall become of it. */
@NullMarked
package io.cordboard.routing.assignment;

import org.jspecify.annotations.NullMarked;
