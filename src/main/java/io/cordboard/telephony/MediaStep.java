package io.cordboard.telephony;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.cordboard.shared.CallId;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing a caller hears or is asked, in no provider's words. A list of them is what a leg does next; the carrier's
 * adapter renders it.
 *
 * <p>After a step that {@link #holdsTheLine() holds the line} nothing else is reached.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "step")
@JsonSubTypes({
    @JsonSubTypes.Type(value = MediaStep.Say.class, name = "say"),
    @JsonSubTypes.Type(value = MediaStep.Play.class, name = "play"),
    @JsonSubTypes.Type(value = MediaStep.Pause.class, name = "pause"),
    @JsonSubTypes.Type(value = MediaStep.Ask.class, name = "ask"),
    @JsonSubTypes.Type(value = MediaStep.Enqueue.class, name = "enqueue"),
    @JsonSubTypes.Type(value = MediaStep.Conference.class, name = "conference"),
    @JsonSubTypes.Type(value = MediaStep.Listen.class, name = "listen"),
    @JsonSubTypes.Type(value = MediaStep.Record.class, name = "record"),
    @JsonSubTypes.Type(value = MediaStep.Redirect.class, name = "redirect"),
    @JsonSubTypes.Type(value = MediaStep.Reject.class, name = "reject"),
    @JsonSubTypes.Type(value = MediaStep.HangUp.class, name = "hangUp")
})
public sealed interface MediaStep {

    /** Whether the line stays in this step until something else happens, so that steps behind it are not reached. */
    default boolean holdsTheLine() {
        return false;
    }

    /**
     * Speaks a text.
     *
     * @param language BCP 47 tag, for example {@code en-US}; null for the carrier's default
     */
    record Say(String text, @Nullable String language) implements MediaStep {}

    /**
     * Plays a sound.
     *
     * @param source an absolute http(s) address, or a path below our public address such as {@code /media/ring.wav}
     */
    record Play(String source) implements MediaStep {}

    /** Silence. */
    record Pause(Duration length) implements MediaStep {}

    /**
     * Asks for keys or speech and waits for the answer, which comes back as {@link CarrierEvent.Answered} with the same
     * token; without any input it comes back empty after the timeout.
     *
     * @param prompts what is said or played while keys are already taken; {@link Say}, {@link Play}, {@link Pause} only
     * @param maxDigits the answer is complete after this many keys
     * @param finishOnKey a key that ends the answer early, null for none
     * @param timeout silence before the question counts as unanswered
     * @param speech whether spoken words are an answer too
     * @param hints words expected, to help the recogniser
     */
    record Ask(
            String token,
            List<MediaStep> prompts,
            int maxDigits,
            @Nullable String finishOnKey,
            Duration timeout,
            boolean speech,
            @Nullable String language,
            List<String> hints)
            implements MediaStep {
        @Override
        public boolean holdsTheLine() {
            return true;
        }
    }

    /**
     * Waits in a queue with hold music until a command moves the leg.
     *
     * @param queue the queue's name, at most 64 characters
     * @param prompts whether {@link HoldPrompts} are asked for before each piece of music
     */
    record Enqueue(CallId call, String queue, boolean prompts) implements MediaStep {

        /** Music only. */
        public Enqueue(CallId call, String queue) {
            this(call, queue, false);
        }

        @Override
        public boolean holdsTheLine() {
            return true;
        }
    }

    /**
     * Joins the conference of the call, which is named by the call's id.
     *
     * @param label who joins: {@code caller} or {@code agent}
     * @param startsOnEnter whether the others may be heard from the moment this leg is in; until then music plays
     * @param endsOnExit whether the conference ends for everybody when this leg leaves
     */
    record Conference(CallId call, String label, boolean startsOnEnter, boolean endsOnExit) implements MediaStep {
        @Override
        public boolean holdsTheLine() {
            return true;
        }
    }

    /**
     * Joins the conference of the call to listen in. Nobody notices it, nothing begins or ends with it, and who waits for
     * the others waits in silence.
     *
     * @param agentLeg the carrier's id of the leg that hears a whisper
     */
    record Listen(CallId call, ListenMode mode, String agentLeg) implements MediaStep {
        @Override
        public boolean holdsTheLine() {
            return true;
        }
    }

    /**
     * Records a message. Its end comes back as {@link CarrierEvent.MessageRecorded} with the same token, the file as
     * {@link CarrierEvent.RecordingReady}, its text as {@link CarrierEvent.TranscriptionReady}.
     *
     * @param maxLength at most 120 s where a transcription is wanted (a limit of Twilio)
     * @param silence silence that ends the message
     */
    record Record(String token, Duration maxLength, Duration silence, @Nullable String finishOnKey, boolean transcribe)
            implements MediaStep {
        @Override
        public boolean holdsTheLine() {
            return true;
        }
    }

    /** Lets the carrier ask again at a path below our public address, for example after an apology. */
    record Redirect(String path) implements MediaStep {
        @Override
        public boolean holdsTheLine() {
            return true;
        }
    }

    /**
     * Refuses an inbound call that was not answered yet; it costs the caller nothing.
     *
     * @param busy true for a busy tone, false for "not in service"
     */
    record Reject(boolean busy) implements MediaStep {
        @Override
        public boolean holdsTheLine() {
            return true;
        }
    }

    /** Ends the leg. */
    record HangUp() implements MediaStep {
        @Override
        public boolean holdsTheLine() {
            return true;
        }
    }
}
