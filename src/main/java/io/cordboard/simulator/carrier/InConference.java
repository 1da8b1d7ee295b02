package io.cordboard.simulator.carrier;

import io.cordboard.simulator.carrier.Timeline.Kind;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Dial Conference: the call is in a conference until it leaves or the conference ends. */
final class InConference implements Activity {

    private final Program program;
    private final Verb.Dial dial;
    private final Verb.ToConference target;
    private Conference.@Nullable Participant participant;
    private Timeline.@Nullable Timer limit;
    private boolean done;

    InConference(Program program, Verb.Dial dial, Verb.ToConference target) {
        this.program = program;
        this.dial = dial;
        this.target = target;
    }

    void start() {
        var exchange = program.exchange();
        exchange.answerInbound(program.call());
        var conference = exchange.conference(target.name());
        limit = exchange.timeline().after(dial.timeLimit(), Kind.WAIT, this::leave);
        participant = conference.enter(
                program.call(),
                this,
                new Conference.Terms(
                        target.label(),
                        target.muted(),
                        target.startOnEnter(),
                        target.endOnExit(),
                        target.coach(),
                        target.beep(),
                        program.resolve(target.music()),
                        program.resolve(target.callback()),
                        target.record(),
                        program.resolve(target.recordingCallback())));
    }

    private void leave() {
        if (participant != null) {
            participant.leave("participant_hung_up");
        }
        released();
    }

    /** The conference has ended or let the call go. */
    void released() {
        if (done) {
            return;
        }
        done = true;
        if (limit != null) {
            limit.cancel();
        }
        program.proceed(dial.action(), Map.of("DialCallStatus", "answered"));
    }

    @Override
    public String where() {
        return "conference";
    }

    @Override
    public boolean listens() {
        return participant != null && participant.listens();
    }

    @Override
    public boolean press(char key) {
        if (key == '*' && dial.hangupOnStar()) {
            leave();
            return true;
        }
        return participant != null && participant.press(key);
    }

    @Override
    public boolean speak(String text) {
        return participant != null && participant.speak(text);
    }

    @Override
    public List<String> talkingWith() {
        return participant == null ? List.of() : participant.talkingWith();
    }

    @Override
    public void stop(Stop why) {
        if (done) {
            return;
        }
        done = true;
        if (limit != null) {
            limit.cancel();
        }
        if (participant != null) {
            participant.leave(why == Stop.HANGUP ? "participant_hung_up" : "participant_updated_via_api");
        }
        if (why == Stop.HANGUP) {
            program.tell(dial.action(), Map.of("DialCallStatus", "answered"));
        }
    }
}
