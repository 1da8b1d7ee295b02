package io.cordboard.routing;

import io.cordboard.shared.CallId;
import io.cordboard.shared.CustomerId;
import io.cordboard.shared.ReservationId;

/** A reservation was made in a queue that asks its customer's server what shall become of it. */
public record InstructionWanted(ReservationId reservation, CallId call, CustomerId customer) {}
