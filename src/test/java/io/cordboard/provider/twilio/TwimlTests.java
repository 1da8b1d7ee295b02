package io.cordboard.provider.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordboard.platform.PublicUrl;
import io.cordboard.shared.CallId;
import io.cordboard.telephony.ListenMode;
import io.cordboard.telephony.MediaStep;
import java.io.StringReader;
import java.time.Duration;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class TwimlTests {

    private static final CallId CALL = CallId.of("018f0000-0000-7000-8000-000000000001");
    private static final String RETRIED = "#rc=5&amp;rp=ct,rt,5xx";
    private static final String HOOK = "https://calls.example.com/webhooks/twilio/";

    private final TwilioSettings settings = new TwilioSettings("AC1", "token", "", "rc=5&rp=ct,rt,5xx", "en-US");
    private final Twiml twiml =
            new Twiml(new CallbackUrls(new PublicUrl("https://calls.example.com/", 8080), settings));

    @Test
    void aTextIsSpokenInItsLanguage() {
        assertSame(
                "<Say language='de-AT'>Grüß Gott &amp; willkommen &lt;hier&gt;</Say>",
                new MediaStep.Say("Grüß Gott & willkommen <hier>", "de-AT"));
        assertSame("<Say>Hello</Say>", new MediaStep.Say("Hello", null));
    }

    @Test
    void aTextWithNothingToSayIsLeftOut() {
        assertSame("", new MediaStep.Say(" ", null), new MediaStep.Say("\u0000", null));
    }

    @Test
    void charactersThatXmlCannotCarryAreStripped() {
        assertSame(
                "<Say>ab\tc\uD83D\uDE00d</Say>",
                new MediaStep.Say("a\u0000b\u0008\tc\uD83D\uDE00\uD83D\uFFFE\u001bd", null));
    }

    @Test
    void aSoundBelowOurAddressBecomesAbsoluteAndAForeignOneStaysAsItIs() {
        assertSame("<Play>https://calls.example.com/media/ring.wav</Play>", new MediaStep.Play("/media/ring.wav"));
        assertSame(
                "<Play>https://cdn.example.org/a b.mp3</Play>", new MediaStep.Play("https://cdn.example.org/a b.mp3"));
    }

    @Test
    void silenceIsCountedInWholeSecondsAndAtLeastOne() {
        assertSame("<Pause length='3'/>", new MediaStep.Pause(Duration.ofMillis(2100)));
        assertSame("<Pause length='1'/>", new MediaStep.Pause(Duration.ZERO));
    }

    @Test
    void aQuestionForKeysSaysItsPromptsWhileItListens() {
        assertSame(
                "<Gather input='dtmf' numDigits='1' finishOnKey='#' timeout='5' method='POST' actionOnEmptyResult='true'"
                        + " language='en-US' action='" + HOOK + "ask?t=menu%201" + RETRIED + "'>"
                        + "<Say language='en-US'>Press 1</Say><Pause length='1'/>"
                        + "<Play>https://calls.example.com/media/x.wav</Play></Gather>",
                new MediaStep.Ask(
                        "menu 1",
                        List.of(
                                new MediaStep.Say("Press 1", "en-US"),
                                new MediaStep.Pause(Duration.ofSeconds(1)),
                                new MediaStep.Play("/media/x.wav")),
                        1,
                        "#",
                        Duration.ofSeconds(5),
                        false,
                        "en-US",
                        List.of("unused without speech")));
    }

    @Test
    void aQuestionForSpeechHelpsTheRecogniserAndTakesKeysAsWell() {
        assertSame(
                "<Gather input='dtmf speech' numDigits='4' finishOnKey='' timeout='7' speechTimeout='auto' method='POST'"
                        + " actionOnEmptyResult='true' hints='support,sales' action='" + HOOK + "ask?t=t1" + RETRIED
                        + "'/>",
                new MediaStep.Ask(
                        "t1", List.of(), 4, null, Duration.ofSeconds(7), true, null, List.of("support", "sales")));
    }

    @Test
    void aCallerWaitsInAQueueWithMusic() {
        assertSame(
                "<Enqueue waitUrl='" + HOOK + "wait" + RETRIED + "' waitUrlMethod='POST' action='" + HOOK
                        + "queue?q=support%20%26%20help" + RETRIED + "' method='POST'>support &amp; help</Enqueue>",
                new MediaStep.Enqueue(CALL, "support & help"));
    }

    @Test
    void aLegJoinsTheConferenceOfItsCall() {
        assertSame(
                "<Dial method='POST' action='" + HOOK + "left" + RETRIED + "'>"
                        + "<Conference participantLabel='agent' startConferenceOnEnter='true' endConferenceOnExit='false'"
                        + " beep='false' waitUrl='" + HOOK + "wait" + RETRIED + "' waitMethod='POST'"
                        + " statusCallback='" + HOOK + "conference?call=" + CALL + "&amp;sid=CA1" + RETRIED + "'"
                        + " statusCallbackMethod='POST' statusCallbackEvent='start end'>" + CALL
                        + "</Conference></Dial>",
                new MediaStep.Conference(CALL, "agent", true, false));
    }

    @Test
    void whoListensIsMutedAndBeginsAndEndsNothing() {
        assertSame(listening("muted='true'"), new MediaStep.Listen(CALL, ListenMode.LISTEN, "CA2"));
        assertSame(listening("muted='false' coach='CA2'"), new MediaStep.Listen(CALL, ListenMode.WHISPER, "CA2"));
        assertSame(listening("muted='false'"), new MediaStep.Listen(CALL, ListenMode.BARGE, "CA2"));
    }

    private static String listening(String how) {
        return "<Dial method='POST' action='" + HOOK + "left" + RETRIED + "'><Conference " + how
                + " startConferenceOnEnter='false' endConferenceOnExit='false' beep='false' waitUrl=''>" + CALL
                + "</Conference></Dial>";
    }

    @Test
    void aMessageIsRecordedAndAnEmptyOneEndsTheSameWay() {
        assertSame(
                "<Record action='" + HOOK + "record?t=m1" + RETRIED + "' method='POST' maxLength='120' timeout='4'"
                        + " finishOnKey='#' playBeep='true' recordingStatusCallback='" + HOOK + "recording" + RETRIED
                        + "' recordingStatusCallbackMethod='POST' transcribe='true' transcribeCallback='" + HOOK
                        + "transcription" + RETRIED + "'/>"
                        + "<Redirect method='POST'>" + HOOK + "record?t=m1" + RETRIED + "</Redirect>",
                new MediaStep.Record("m1", Duration.ofSeconds(120), Duration.ofSeconds(4), "#", true));
    }

    @Test
    void aMessageWithoutTranscriptionAsksForNone() {
        assertThat(render(new MediaStep.Record("m1", Duration.ofSeconds(60), Duration.ofSeconds(4), null, false)))
                .doesNotContain("transcri")
                .contains("finishOnKey=\"\"");
    }

    @Test
    void theRestIsSaidInOneWord() {
        assertSame(
                "<Redirect method='POST'>" + HOOK + "voice?x=1" + RETRIED + "</Redirect>",
                new MediaStep.Redirect("/webhooks/twilio/voice?x=1"));
        assertSame("<Reject reason='busy'/>", new MediaStep.Reject(true));
        assertSame("<Reject reason='rejected'/>", new MediaStep.Reject(false));
        assertSame("<Say>Bye</Say><Hangup/>", new MediaStep.Say("Bye", null), new MediaStep.HangUp());
        assertSame("");
    }

    @Test
    void whoWaitsHearsMusic() {
        assertThat(parsed(twiml.waiting())
                        .isEqualNode(parsed(
                                "<Response><Play>https://calls.example.com/media/hold-music.wav</Play></Response>")))
                .isTrue();
    }

    private String render(MediaStep... steps) {
        return twiml.render(List.of(steps), "CA1");
    }

    private void assertSame(String expected, MediaStep... steps) {
        var document = render(steps);
        assertThat(parsed(document).isEqualNode(parsed("<Response>" + expected + "</Response>")))
                .as("expected %s%nwas %s", expected, document)
                .isTrue();
    }

    private static Element parsed(String xml) {
        try {
            var root = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(xml)))
                    .getDocumentElement();
            root.normalize();
            return root;
        } catch (Exception notXml) {
            throw new AssertionError(xml, notXml);
        }
    }
}
