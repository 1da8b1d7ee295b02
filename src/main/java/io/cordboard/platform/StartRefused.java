package io.cordboard.platform;

/** Cordboard cannot start this way: said in one sentence, together with what to do, and without a stack trace. */
public class StartRefused extends RuntimeException {

    private final String remedy;

    /**
     * @param problem what is wrong, as a sentence for the person who started Cordboard
     * @param remedy what this person can do about it
     */
    public StartRefused(String problem, String remedy) {
        super(problem);
        this.remedy = remedy;
    }

    public String remedy() {
        return remedy;
    }
}
