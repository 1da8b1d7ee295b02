/** The simulated carrier over HTTP: Twilio's REST interface, the control interface of the test phone, and media. */
@NullMarked
package io.cordboard.simulator.carrier.web;

import org.jspecify.annotations.NullMarked;
