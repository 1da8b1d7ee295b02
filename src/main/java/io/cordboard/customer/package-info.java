/** Customers, the accounts of their people, passwords and roles: who somebody is and what they may do. */
@NullMarked
@ApplicationModule(allowedDependencies = {"shared", "platform"})
package io.cordboard.customer;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
