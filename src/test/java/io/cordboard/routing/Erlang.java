package io.cordboard.routing;

/**
 * What theory says of callers who come at random (Poisson), whom agents handle for exponentially distributed times: Erlang C
 * when everybody waits as long as it takes, Erlang A when patience is exponentially distributed too.
 *
 * @param waiting probability to find all agents busy
 * @param abandoning probability to give up
 * @param averageWait of all callers, in seconds
 * @param inTime probability to be answered within the time asked for
 */
record Erlang(double waiting, double abandoning, double averageWait, double inTime) {

    /** So many callers in the system are never seen. */
    private static final int MANY = 600;

    private static final int STEPS = 4000;

    /**
     * @param arrivals per second
     * @param handleTime in seconds
     * @param within seconds in which callers shall be answered
     */
    static Erlang c(double arrivals, double handleTime, int agents, double within) {
        double load = arrivals * handleTime;
        double blocked = 1;
        for (int i = 1; i <= agents; i++) {
            blocked = load * blocked / (i + load * blocked);
        }
        double waiting = blocked / (1 - load / agents * (1 - blocked));
        double spare = agents / handleTime - arrivals;
        return new Erlang(waiting, 0, waiting / spare, 1 - waiting * Math.exp(-spare * within));
    }

    /**
     * From the stationary distribution of the number of callers inside; the time to an answer is followed from place to
     * place in the queue, each of which is left by an answer or by somebody ahead who gives up.
     *
     * @param patience in seconds
     */
    static Erlang a(double arrivals, double handleTime, int agents, double patience, double within) {
        double[] inside = new double[MANY];
        inside[0] = 1;
        double all = 1;
        for (int n = 1; n < MANY; n++) {
            double leaving = Math.min(n, agents) / handleTime + Math.max(0, n - agents) / patience;
            inside[n] = inside[n - 1] * arrivals / leaving;
            all += inside[n];
        }
        double waiting = 0;
        double inQueue = 0;
        double[] ahead = new double[MANY - agents];
        for (int n = agents; n < MANY; n++) {
            double probability = inside[n] / all;
            waiting += probability;
            inQueue += (n - agents) * probability;
            ahead[n - agents] = probability;
        }
        double wait = inQueue / arrivals;
        double answered = 1 - waiting + answered(ahead, agents / handleTime, 1 / patience, within);
        return new Erlang(waiting, wait / patience, wait, answered);
    }

    /** Who of those with so many ahead of them is answered in time, by small steps of time (midpoint rule). */
    private static double answered(double[] ahead, double answers, double impatience, double within) {
        double step = within / STEPS;
        double answered = 0;
        double[] now = ahead.clone();
        for (int i = 0; i < STEPS; i++) {
            double[] middle = moved(now, now, answers, impatience, step / 2);
            answered += answers * middle[0] * step;
            now = moved(now, middle, answers, impatience, step);
        }
        return answered;
    }

    private static double[] moved(double[] from, double[] slope, double answers, double impatience, double step) {
        double[] to = new double[from.length];
        for (int j = 0; j < from.length; j++) {
            double coming = j + 1 < from.length ? (answers + (j + 1) * impatience) * slope[j + 1] : 0;
            to[j] = from[j] + step * (coming - (answers + (j + 1) * impatience) * slope[j]);
        }
        return to;
    }
}
