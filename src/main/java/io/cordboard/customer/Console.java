package io.cordboard.customer;

/** Tells the person at the terminal what must not be in a log: passwords made at start. */
final class Console {

    private Console() {}

    @SuppressWarnings("SystemOut")
    static void tell(String... lines) {
        System.out.println();
        for (String line : lines) {
            System.out.println("    " + line);
        }
        System.out.println();
    }
}
