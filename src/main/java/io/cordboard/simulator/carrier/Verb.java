package io.cordboard.simulator.carrier;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One TwiML verb with its attributes, defaults filled in as in Twilio's pages on TwiML for voice. URLs may be relative to
 * the document they stand in.
 */
sealed interface Verb {

    /** What can be said or played within a Gather and while somebody waits. */
    sealed interface Prompt extends Verb permits Say, Play, Pause {}

    /** @param loop how often; 0 means for ever */
    record Say(String text, int loop) implements Prompt {}

    /** @param loop how often; 0 means for ever */
    record Play(String url, @Nullable String digits, int loop) implements Prompt {}

    record Pause(Duration length) implements Prompt {}

    /** A URL that is asked for the next TwiML, and how. */
    record Next(String url, String method) {}

    /** Somebody who is told of events, without an answer that matters. */
    record Hook(String url, String method, Set<String> events) {}

    /**
     * @param numDigits ends the input; 0 when any number will do
     * @param finishOnKey keys that end the input
     */
    record Gather(
            boolean dtmf,
            boolean speech,
            @Nullable Next action,
            String method,
            int numDigits,
            String finishOnKey,
            Duration timeout,
            Duration speechTimeout,
            boolean actionOnEmptyResult,
            boolean bargeIn,
            List<Prompt> prompts)
            implements Verb {}

    /** @param music null means plain music; an empty URL silence */
    record Enqueue(String queue, @Nullable Next action, @Nullable Next music) implements Verb {}

    record Dial(
            List<Target> targets,
            @Nullable Next action,
            Duration timeout,
            Duration timeLimit,
            boolean hangupOnStar,
            boolean answerOnBridge,
            @Nullable String callerId,
            boolean record,
            @Nullable Hook recordingCallback)
            implements Verb {}

    /** What a Dial connects to. */
    sealed interface Target permits ToPhone, ToConference, ToQueue {}

    /**
     * A number, client or SIP address.
     *
     * @param address as virtual phones are named: {@code +1555…}, {@code client:name}, {@code sip:…}
     * @param whisper TwiML that the called person hears before the two are connected
     */
    record ToPhone(String address, @Nullable Next whisper, @Nullable Hook callback) implements Target {}

    record ToConference(
            String name,
            @Nullable String label,
            boolean muted,
            boolean startOnEnter,
            boolean endOnExit,
            @Nullable String coach,
            boolean beep,
            @Nullable Next music,
            @Nullable Hook callback,
            boolean record,
            @Nullable Hook recordingCallback)
            implements Target {}

    /** @param whisper TwiML that the queued caller hears before the two are connected */
    record ToQueue(String name, @Nullable Next whisper) implements Target {}

    /** @param finishOnKey keys that end the recording */
    record TakeRecording(
            @Nullable Next action,
            String method,
            Duration maxLength,
            Duration timeout,
            String finishOnKey,
            boolean playBeep,
            boolean transcribe,
            @Nullable Hook transcribeCallback,
            @Nullable Hook recordingCallback)
            implements Verb {}

    record Redirect(Next to) implements Verb {}

    record Reject(boolean busy) implements Verb {}

    record Hangup() implements Verb {}

    record Leave() implements Verb {}

    record Refer(@Nullable Next action) implements Verb {}

    record Unknown(String name) implements Verb {}
}
