package io.cordboard;

import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

/** The arrows between the modules are those that their {@code package-info.java} allows. */
class ModularityTests {

    @Test
    void everyModuleKeepsToItsNeighbours() {
        ApplicationModules.of(CordboardApplication.class).verify();
    }
}
