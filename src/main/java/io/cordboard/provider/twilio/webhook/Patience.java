package io.cordboard.provider.twilio.webhook;

import com.twilio.http.HttpMethod;
import com.twilio.twiml.VoiceResponse;
import com.twilio.twiml.voice.Hangup;
import com.twilio.twiml.voice.Pause;
import com.twilio.twiml.voice.Redirect;
import com.twilio.twiml.voice.Say;
import io.cordboard.provider.twilio.CallbackUrls;
import java.util.ArrayList;
import java.util.List;

/**
 * What a caller hears while the event cannot take effect, because the database is down or the flow is not there yet: a
 * word, and after two seconds Twilio tells the same event again. What the caller had answered goes along in the address.
 */
final class Patience {

    /** About two minutes. */
    static final int TRIES = 30;

    private static final String COUNTER = "again";
    /** What Twilio says once only, when the thing has just happened. */
    private static final List<String> KEPT = List.of("Digits", "SpeechResult", "RecordingDuration", "QueueResult");

    private final CallbackUrls urls;
    private final String language;

    Patience(CallbackUrls urls, String language) {
        this.urls = urls;
        this.language = language;
    }

    String reply(Callback callback) {
        var tries = (int) callback.query()
                .first(COUNTER)
                .filter(text -> text.matches("\\d{1,4}"))
                .map(Integer::valueOf)
                .orElse(0);
        if (tries >= TRIES) {
            return apology();
        }
        return new VoiceResponse.Builder()
                .say(say("One moment please.", "Einen Moment bitte."))
                .pause(new Pause.Builder().length(2).build())
                .redirect(new Redirect.Builder(urls.retried(again(callback, tries + 1)))
                        .method(HttpMethod.POST)
                        .build())
                .build()
                .toXml();
    }

    /** The end of patience. */
    String apology() {
        return new VoiceResponse.Builder()
                .say(say(
                        "We are sorry, your call cannot be taken at the moment. Please try again later.",
                        "Es tut uns leid, Ihr Anruf kann gerade nicht angenommen werden. "
                                + "Bitte versuchen Sie es später noch einmal."))
                .hangup(new Hangup.Builder().build())
                .build()
                .toXml();
    }

    private static String again(Callback callback, int tries) {
        var query = new ArrayList<String>();
        for (var pair : callback.rawQuery().split("&", -1)) {
            var name = pair.substring(0, Math.max(0, pair.indexOf('=')));
            if (!pair.isEmpty() && !name.equals(COUNTER) && !KEPT.contains(name)) {
                query.add(pair);
            }
        }
        for (var name : KEPT) {
            var value = name.equals("SpeechResult") ? Translation.speech(callback) : callback.value(name);
            value.ifPresent(it -> query.add(name + "=" + CallbackUrls.encoded(it)));
        }
        query.add(COUNTER + "=" + tries);
        return callback.path() + "?" + String.join("&", query);
    }

    private Say say(String english, String german) {
        var inGerman = language.startsWith("de");
        return new Say.Builder(inGerman ? german : english)
                .language(inGerman ? Say.Language.DE_DE : Say.Language.EN_US)
                .build();
    }
}
