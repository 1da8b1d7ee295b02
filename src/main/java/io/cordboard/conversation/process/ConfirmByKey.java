package io.cordboard.conversation.process;

import io.cordboard.call.AgentAnswers;
import io.cordboard.call.CallState;
import io.cordboard.call.CallerLine;
import io.cordboard.call.Legs;
import io.cordboard.call.OpenCall;
import io.cordboard.routing.QueueEntries;
import io.cordboard.shared.LegId;
import io.cordboard.telephony.CarrierCommand;
import io.cordboard.telephony.MediaStep;
import java.time.Duration;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Whoever picks up a phone of the agent shows with the key 1 that a person is there, which an answering machine cannot.
 * The other phones ring on meanwhile. Which question is open is in the leg's row, so that any node may hear the answer.
 */
@Component
class ConfirmByKey implements AgentAnswers {

    /** How often somebody is asked who presses nothing. */
    static final int QUESTIONS = 3;

    private static final String KEY = "1";
    private static final String QUESTION = "Press 1 to take the call.";
    private static final MediaStep TAKEN = new MediaStep.Say("The call was taken on another phone.", null);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Legs legs;
    private final CallerLine line;
    private final QueueEntries queues;
    private final Ringing ringing;

    ConfirmByKey(Legs legs, CallerLine line, QueueEntries queues, Ringing ringing) {
        this.legs = legs;
        this.line = line;
        this.queues = queues;
        this.ringing = ringing;
    }

    /** A phone was picked up: it hears who calls, and the question. */
    void pickedUp(OpenCall call, LegId leg) {
        String queue = queues.lastQueue(call.id()).map(name -> " for " + name).orElse("");
        ask(call, leg, "Call" + queue + " from " + spoken(call.from()) + ". " + QUESTION);
    }

    @Override
    public void answered(OpenCall call, LegId leg, String token, String digits) {
        if (!legs.answered(leg, token)) {
            if (call.state() == CallState.TALKING) {
                line.next(call, leg, TAKEN);
            }
            line.next(call, leg, new MediaStep.HangUp());
        } else if (digits.equals(KEY)) {
            ringing.won(call, leg);
        } else if (digits.isEmpty()) {
            ask(call, leg, QUESTION);
        } else {
            line.next(call, leg, new MediaStep.HangUp());
        }
    }

    /** Another phone won. Should the words not get through, the reply to this phone's own answer says them. */
    void lost(OpenCall call, LegId leg) {
        line.command(call, new CarrierCommand.Perform(call.id(), leg, List.of(TAKEN, new MediaStep.HangUp())));
    }

    private void ask(OpenCall call, LegId leg, String text) {
        legs.ask(leg)
                .ifPresentOrElse(
                        token -> line.next(
                                call,
                                leg,
                                new MediaStep.Ask(
                                        token,
                                        List.of(new MediaStep.Say(text, null)),
                                        KEY.length(),
                                        null,
                                        PATIENCE,
                                        false,
                                        null,
                                        List.of())),
                        () -> line.next(call, leg, new MediaStep.HangUp()));
    }

    /** Digit by digit, as numbers are read out. */
    private static String spoken(String number) {
        return number.matches("\\+\\d+") ? number.substring(1).replace("", " ").strip() : "an unknown number";
    }
}
