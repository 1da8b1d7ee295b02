package io.cordboard;

import io.cordboard.testing.ApplicationTest;
import org.junit.jupiter.api.Test;

class StartTests extends ApplicationTest {

    @Test
    void theApplicationStarts() {}
}
