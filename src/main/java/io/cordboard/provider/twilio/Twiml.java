package io.cordboard.provider.twilio;

import com.twilio.http.HttpMethod;
import com.twilio.twiml.TwiML;
import com.twilio.twiml.VoiceResponse;
import com.twilio.twiml.voice.Conference;
import com.twilio.twiml.voice.Dial;
import com.twilio.twiml.voice.Enqueue;
import com.twilio.twiml.voice.Gather;
import com.twilio.twiml.voice.Hangup;
import com.twilio.twiml.voice.Pause;
import com.twilio.twiml.voice.Play;
import com.twilio.twiml.voice.Redirect;
import com.twilio.twiml.voice.Reject;
import com.twilio.twiml.voice.Say;
import io.cordboard.telephony.HoldPrompts;
import io.cordboard.telephony.ListenMode;
import io.cordboard.telephony.MediaStep;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Says our media steps in TwiML. The same steps for the same line give the same document, byte for byte. */
@Component
public class Twiml {

    /** Our hold music, as a path below our public address. */
    public static final String HOLD_MUSIC = "/media/hold-music.wav";

    static {
        // The SDK makes both factories anew for each document, and each time the whole class path would be searched.
        preset("javax.xml.parsers.DocumentBuilderFactory", DocumentBuilderFactory.newDefaultInstance());
        preset("javax.xml.transform.TransformerFactory", TransformerFactory.newDefaultInstance());
    }

    private static final String NOTHING = new VoiceResponse.Builder().build().toXml();

    private static final String HANG_UP = new VoiceResponse.Builder()
            .hangup(new Hangup.Builder().build())
            .build()
            .toXml();

    private final CallbackUrls urls;
    private volatile Waiting waiting = new Waiting("", "");

    public Twiml(CallbackUrls urls) {
        this.urls = urls;
    }

    /**
     * The document for these steps; an empty list gives an empty response, which ends the leg.
     *
     * @param callSid the leg at Twilio that the document is for
     */
    public String render(List<MediaStep> steps, String callSid) {
        var response = new VoiceResponse.Builder();
        for (var step : steps) {
            add(response, step, callSid);
        }
        return response.build().toXml();
    }

    /** An empty document, for a leg that listens no longer. */
    public String nothing() {
        return NOTHING;
    }

    /** What somebody hears who waits: Twilio asks for it again whenever it is over. */
    public String waiting() {
        String music = urls.media(HOLD_MUSIC);
        Waiting known = waiting;
        if (!known.music.equals(music)) {
            known = new Waiting(
                    music,
                    new VoiceResponse.Builder().play(play(HOLD_MUSIC)).build().toXml());
            waiting = known;
        }
        return known.document;
    }

    /** What somebody on hold hears: it is not asked for again when it is over, so it goes on and on. */
    public String held() {
        var forEver = new Play.Builder().addText(legal(urls.media(HOLD_MUSIC))).loop(0);
        return new VoiceResponse.Builder().play(forEver.build()).build().toXml();
    }

    /**
     * What somebody hears who waits, with words before the music and perhaps a key that means something. It ends by asking
     * for more, so that it is known when something was said last.
     *
     * @param saidAt when something was said last, this document included; null when nothing was
     */
    public String waiting(HoldPrompts.Hold hold, @Nullable Instant saidAt) {
        var response = new VoiceResponse.Builder();
        if (hold.keyToken() == null) {
            hold.words().forEach(words -> response.say(say(words)));
            response.play(play(HOLD_MUSIC));
        } else {
            var gather = new Gather.Builder()
                    .inputs(List.of(Gather.Input.DTMF))
                    .numDigits(1)
                    .finishOnKey("")
                    .timeout(1)
                    .action(urls.of("key", "t", hold.keyToken()))
                    .method(HttpMethod.POST);
            hold.words().forEach(words -> gather.say(say(words)));
            response.gather(gather.play(play(HOLD_MUSIC)).build());
        }
        return response.redirect(redirect(waitUrl(saidAt))).build().toXml();
    }

    /** For somebody who waits and was told something right now, or pressed a key: what comes next is asked for. */
    public String waitOn(Instant saidAt) {
        return new VoiceResponse.Builder()
                .redirect(redirect(waitUrl(saidAt)))
                .build()
                .toXml();
    }

    /** @param saidAt null when nothing was said yet */
    private String waitUrl(@Nullable Instant saidAt) {
        return urls.of("wait", "prompts", saidAt == null ? "1" : String.valueOf(saidAt.getEpochSecond()));
    }

    /** The document that plays this address. */
    private record Waiting(String music, String document) {}

    /** For whoever is left when a conference ends: nobody stays in silence. */
    public String hangUp() {
        return HANG_UP;
    }

    private void add(VoiceResponse.Builder to, MediaStep step, String callSid) {
        if (step instanceof MediaStep.Say say) {
            if (!legal(say.text()).isBlank()) {
                to.say(say(say));
            }
        } else if (step instanceof MediaStep.Play play) {
            to.play(play(play.source()));
        } else if (step instanceof MediaStep.Pause pause) {
            to.pause(pause(pause));
        } else if (step instanceof MediaStep.Ask ask) {
            to.gather(gather(ask));
        } else if (step instanceof MediaStep.Enqueue enqueue) {
            to.enqueue(enqueue(enqueue.queue(), enqueue.prompts(), 0));
        } else if (step instanceof MediaStep.Conference conference) {
            to.dial(dial(conference, callSid));
        } else if (step instanceof MediaStep.Listen listen) {
            to.dial(dial(listen));
        } else if (step instanceof MediaStep.Record message) {
            to.record(message(message));
            // Twilio asks no action about a recording without a sound; it goes on with the next verb instead.
            to.redirect(redirect(urls.of("record", "t", message.token())));
        } else if (step instanceof MediaStep.Redirect redirect) {
            to.redirect(redirect(urls.retried(redirect.path())));
        } else if (step instanceof MediaStep.Reject reject) {
            to.reject(new Reject.Builder()
                    .reason(reject.busy() ? Reject.Reason.BUSY : Reject.Reason.REJECTED)
                    .build());
        } else if (step instanceof MediaStep.HangUp) {
            to.hangup(new Hangup.Builder().build());
        }
    }

    private static Say say(MediaStep.Say say) {
        var it = new Say.Builder(legal(say.text()));
        language(it, say.language());
        return it.build();
    }

    private static void preset(String factory, Object implementation) {
        if (System.getProperty(factory) == null) {
            System.setProperty(factory, implementation.getClass().getName());
        }
    }

    private Play play(String source) {
        // As text: an address that java.net.URI would refuse is Twilio's to complain about, not a reason to say
        // nothing.
        return new Play.Builder().addText(legal(urls.media(source))).build();
    }

    private static Pause pause(MediaStep.Pause pause) {
        return new Pause.Builder().length(seconds(pause.length())).build();
    }

    private Gather gather(MediaStep.Ask ask) {
        var it = new Gather.Builder();
        it.inputs(ask.speech() ? List.of(Gather.Input.DTMF, Gather.Input.SPEECH) : List.of(Gather.Input.DTMF))
                .numDigits(ask.maxDigits())
                .finishOnKey(key(ask.finishOnKey()))
                .timeout(seconds(ask.timeout()))
                .action(urls.of("ask", "t", ask.token()))
                .method(HttpMethod.POST)
                .actionOnEmptyResult(true);
        if (ask.speech()) {
            it.speechTimeout("auto");
            if (!ask.hints().isEmpty()) {
                it.hints(legal(String.join(",", ask.hints())));
            }
        }
        language(it, ask.language());
        for (var prompt : ask.prompts()) {
            if (prompt instanceof MediaStep.Say say && !legal(say.text()).isBlank()) {
                it.say(say(say));
            } else if (prompt instanceof MediaStep.Play play) {
                it.play(play(play.source()));
            } else if (prompt instanceof MediaStep.Pause pause) {
                it.pause(pause(pause));
            }
        }
        return it.build();
    }

    private Enqueue enqueue(String queue, boolean prompts, int again) {
        var action = CallbackUrls.ROOT + "queue?q=" + CallbackUrls.encoded(queue) + (prompts ? "&prompts=1" : "")
                + (again == 0 ? "" : "&again=" + again);
        return new Enqueue.Builder(legal(queue))
                .waitUrl(prompts ? waitUrl(null) : urls.of("wait"))
                .waitUrlMethod(HttpMethod.POST)
                .action(urls.retried(action))
                .method(HttpMethod.POST)
                .build();
    }

    /**
     * What a caller hears whom Twilio's queue did not take: music for a moment, and into the queue again.
     *
     * @param prompts whether they hear more than music
     * @param again how often that happened to this caller
     */
    public String enqueueAgain(String queue, boolean prompts, int again) {
        return new VoiceResponse.Builder()
                .play(play(HOLD_MUSIC))
                .enqueue(enqueue(queue, prompts, again))
                .build()
                .toXml();
    }

    private Dial dial(MediaStep.Conference step, String callSid) {
        // The events of a conference are told without the leg that opened it, so its id goes with the address.
        var told = CallbackUrls.ROOT + "conference?call=" + step.call() + "&sid=" + CallbackUrls.encoded(callSid);
        var conference = new Conference.Builder(step.call().toString())
                .participantLabel(legal(step.label()))
                .startConferenceOnEnter(step.startsOnEnter())
                .endConferenceOnExit(step.endsOnExit())
                .beep(Conference.Beep.FALSE)
                .waitUrl(urls.of("wait"))
                .waitMethod(HttpMethod.POST)
                .statusCallback(urls.retried(told))
                .statusCallbackMethod(HttpMethod.POST)
                .statusCallbackEvents(List.of(Conference.Event.START, Conference.Event.END))
                .build();
        return dial(conference);
    }

    /** It gets no callback: should it come too late, Twilio opens an empty conference of which nobody is to be told. */
    private Dial dial(MediaStep.Listen step) {
        var conference = new Conference.Builder(step.call().toString())
                .muted(step.mode() == ListenMode.LISTEN)
                .startConferenceOnEnter(false)
                .endConferenceOnExit(false)
                .beep(Conference.Beep.FALSE)
                .waitUrl("");
        if (step.mode() == ListenMode.WHISPER) {
            conference.coach(step.agentLeg());
        }
        return dial(conference.build());
    }

    private Dial dial(Conference conference) {
        return new Dial.Builder()
                .action(urls.of("left"))
                .method(HttpMethod.POST)
                .conference(conference)
                .build();
    }

    private com.twilio.twiml.voice.Record message(MediaStep.Record step) {
        var it = new com.twilio.twiml.voice.Record.Builder()
                .action(urls.of("record", "t", step.token()))
                .method(HttpMethod.POST)
                .maxLength(seconds(step.maxLength()))
                .timeout(seconds(step.silence()))
                .finishOnKey(key(step.finishOnKey()))
                .playBeep(true)
                .recordingStatusCallback(urls.of("recording"))
                .recordingStatusCallbackMethod(HttpMethod.POST);
        if (step.transcribe()) {
            it.transcribe(true).transcribeCallback(urls.of("transcription"));
        }
        return it.build();
    }

    static Redirect redirect(String url) {
        return new Redirect.Builder(url).method(HttpMethod.POST).build();
    }

    /** The SDK knows Twilio's languages of its day only; an attribute takes every tag. */
    private static void language(TwiML.Builder<?> of, @Nullable String tag) {
        if (tag != null && !tag.isBlank()) {
            of.option("language", legal(tag));
        }
    }

    private static String key(@Nullable String key) {
        return key == null ? "" : key;
    }

    /** Twilio counts in whole seconds, at least one. */
    private static int seconds(Duration duration) {
        return (int) Math.max(1, (duration.toMillis() + 999) / 1000);
    }

    /** The text without what XML 1.0 cannot carry, not even escaped: one such character and the caller hears nothing. */
    static String legal(String text) {
        return text.codePoints()
                .filter(c -> (c >= 0x20 && c <= 0xD7FF)
                        || c == '\t'
                        || c == '\n'
                        || c == '\r'
                        || (c >= 0xE000 && c <= 0xFFFD)
                        || c >= 0x10000)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
