package io.cordboard.provider.twilio.webhook;

import static io.cordboard.provider.twilio.webhook.Twilio.CALL_SID;
import static io.cordboard.provider.twilio.webhook.Twilio.HOME;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordboard.shared.CallId;
import io.cordboard.shared.LegId;
import io.cordboard.telephony.CarrierEvent;
import io.cordboard.telephony.CarrierEvent.LegEnd;
import io.cordboard.telephony.EventKey;
import io.cordboard.telephony.Inbox;
import io.cordboard.telephony.LegRef;
import io.cordboard.telephony.MediaStep;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.transaction.CannotCreateTransactionException;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class TwilioWebhooksTests {

    private static final LegRef CALLER = new LegRef("twilio", CALL_SID, null);
    private static final LegId AGENT_LEG = LegId.next();
    private static final LegRef AGENT = new LegRef("twilio", CALL_SID, AGENT_LEG);
    private static final CallId CALL = CallId.next();
    private static final String CONFERENCE = "CF00000000000000000000000000000001";
    private static final String RECORDING = "RE00000000000000000000000000000001";

    private final Twilio twilio = new Twilio();

    @Test
    void anIncomingCallHearsWhatTheFlowSays() throws Exception {
        var reply = twilio.says("voice", "From", "+15550100009", "To", "+15550100001", "SomethingNew", "x");
        assertThat(twilio.inbox.received)
                .containsExactly(new CarrierEvent.IncomingCall(
                        key("voice:" + CALL_SID), CALLER, "+15550100009", "+15550100001"));
        assertThat(reply.getStatus()).isEqualTo(200);
        assertThat(reply.getContentType()).startsWith("application/xml");
        assertThat(reply.getContentAsString()).contains("<Response><Say>Hello</Say></Response>");
    }

    @Test
    void aCallWithoutANumberIsAnonymousAndOneToNobodyIsRefused() {
        twilio.says("voice", "From", "", "To", "+15550100001");
        assertThat(((CarrierEvent.IncomingCall) twilio.inbox.received.get(0)).from())
                .isEqualTo("anonymous");
        assertThat(twilio.says("voice", "From", "+15550100009").getStatus()).isEqualTo(400);
    }

    @Test
    void pressedKeysSpokenWordsAndSilenceAreAnswers() {
        twilio.says("ask?t=q1", "Digits", "1");
        twilio.says("ask?t=q2", "SpeechResult", "sales please", "Confidence", "0.9");
        twilio.says("ask?t=q3", "Digits", "");
        assertThat(twilio.inbox.received)
                .containsExactly(
                        new CarrierEvent.Answered(key("ask:" + CALL_SID + ":q1"), CALLER, "q1", "1", null),
                        new CarrierEvent.Answered(key("ask:" + CALL_SID + ":q2"), CALLER, "q2", "", "sales please"),
                        new CarrierEvent.Answered(key("ask:" + CALL_SID + ":q3"), CALLER, "q3", "", null));
    }

    @Test
    void aLegThatWasPickedUpIsKnownByOurId() {
        twilio.says("leg?leg=" + AGENT_LEG, "CallStatus", "in-progress");
        assertThat(twilio.inbox.received).containsExactly(new CarrierEvent.LegPickedUp(key("leg:" + CALL_SID), AGENT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"leg?leg=x", "ask", "record", "queue?x=1"})
    void anAddressThatWeNeverHandedOutIsRefused(String hook) {
        assertThat(twilio.says(hook, "QueueResult", "error").getStatus()).isEqualTo(400);
        assertThat(twilio.inbox.received).isEmpty();
    }

    @Test
    void whoWaitsHearsMusicWithoutTroublingTheInbox() throws Exception {
        assertThat(twilio.says("wait", "QueuePosition", "1").getContentAsString())
                .contains("<Play>" + HOME + "/media/hold-music.wav</Play>");
        assertThat(twilio.inbox.received).isEmpty();
    }

    /** S1-48 · Twilio asks for the music of a held leg once. */
    @Test
    void whoIsOnHoldHearsMusicWithoutEnd() throws Exception {
        assertThat(twilio.says("hold", "Hold", "true").getContentAsString())
                .contains("<Play loop=\"0\">" + HOME + "/media/hold-music.wav</Play>");
        assertThat(twilio.inbox.received).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"redirected", "hangup", "bridged", "leave"})
    void whoLeftTheQueueIsTakenCareOfElsewhere(String result) throws Exception {
        assertThat(twilio.says("queue?q=support", "QueueResult", result).getContentAsString())
                .endsWith("<Response/>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue-full", "error", "system-error"})
    void whomTheQueueDidNotTakeItIsAskedAgainButNotForEver(String result) throws Exception {
        assertThat(twilio.says("queue?q=support%20desk", "QueueResult", result).getContentAsString())
                .contains("queue?q=support%20desk&amp;again=1", ">support desk</Enqueue>");
        assertThat(twilio.says("queue?q=support&again=10", "QueueResult", result)
                        .getContentAsString())
                .contains("<Hangup/>");
    }

    @Test
    void aConferenceBeginsAndEnds() {
        var hook = "conference?call=" + CALL + "&sid=" + CALL_SID;
        var started = twilio.post(
                HOME + "/webhooks/twilio/" + hook,
                List.of(
                        "AccountSid",
                        Twilio.ACCOUNT,
                        "ConferenceSid",
                        CONFERENCE,
                        "StatusCallbackEvent",
                        "conference-start",
                        "SequenceNumber",
                        "1",
                        "Timestamp",
                        "Sun, 01 Mar 2026 10:00:07 +0000"));
        assertThat(started.getStatus()).isEqualTo(204);
        twilio.says(
                hook,
                "ConferenceSid",
                CONFERENCE,
                "StatusCallbackEvent",
                "conference-end",
                "ReasonConferenceEnded",
                "last-participant-left");
        assertThat(twilio.inbox.spooled)
                .containsExactly(
                        new CarrierEvent.ConferenceStarted(
                                key("conference:" + CONFERENCE + ":1"),
                                CALLER,
                                CALL,
                                CONFERENCE,
                                Instant.parse("2026-03-01T10:00:07Z")),
                        new CarrierEvent.ConferenceEnded(
                                key("conference:" + CONFERENCE + ":conference-end:" + CALL_SID),
                                CALLER,
                                CALL,
                                CONFERENCE,
                                "last-participant-left"));
    }

    @Test
    void whoeverIsLeftInAConferenceIsHungUp() throws Exception {
        assertThat(twilio.says("left", "CallStatus", "in-progress").getContentAsString())
                .contains("<Response><Hangup/></Response>");
        assertThat(twilio.inbox.received).isEmpty();
    }

    @Test
    void whatElseHappensInAConferenceIsNoEvent() {
        var reply = twilio.says(
                "conference?call=" + CALL, "ConferenceSid", CONFERENCE, "StatusCallbackEvent", "participant-mute");
        assertThat(reply.getStatus()).isEqualTo(204);
        assertThat(twilio.inbox.spooled).isEmpty();
    }

    @Test
    void aMessageEndsByKeyBySilenceAndByHangingUp() throws Exception {
        var key = key("record:" + CALL_SID + ":m1");
        assertThat(twilio.says("record?t=m1", "RecordingDuration", "12", "Digits", "#", "CallStatus", "in-progress")
                        .getContentAsString())
                .contains("Hello");
        assertThat(twilio.says("record?t=m1", "RecordingDuration", "9", "Digits", "hangup", "CallStatus", "completed")
                        .getStatus())
                .isEqualTo(204);
        twilio.says("record?t=m1", "CallStatus", "in-progress");
        assertThat(twilio.inbox.received)
                .containsExactly(
                        new CarrierEvent.MessageRecorded(key, CALLER, "m1", Duration.ofSeconds(12), false),
                        new CarrierEvent.MessageRecorded(key, CALLER, "m1", Duration.ZERO, false));
        assertThat(twilio.inbox.spooled)
                .containsExactly(new CarrierEvent.MessageRecorded(key, CALLER, "m1", Duration.ofSeconds(9), true));
    }

    @Test
    void aRecordingAndItsTextFollowLater() {
        var url = "https://api.twilio.com/recordings/" + RECORDING;
        twilio.says(
                "recording",
                "RecordingSid",
                RECORDING,
                "RecordingUrl",
                url,
                "RecordingStatus",
                "completed",
                "RecordingDuration",
                "12");
        twilio.says("recording", "RecordingSid", RECORDING, "RecordingUrl", url, "RecordingStatus", "in-progress");
        twilio.says(
                "transcription",
                "RecordingSid",
                RECORDING,
                "TranscriptionStatus",
                "completed",
                "TranscriptionText",
                "hi");
        twilio.says("transcription", "RecordingSid", RECORDING, "TranscriptionStatus", "failed");
        assertThat(twilio.inbox.spooled)
                .containsExactly(
                        new CarrierEvent.RecordingReady(
                                key("recording:" + RECORDING + ":completed"),
                                CALLER,
                                RECORDING,
                                url,
                                Duration.ofSeconds(12)),
                        new CarrierEvent.TranscriptionReady(
                                key("transcription:" + RECORDING + ":completed"), CALLER, RECORDING, "hi"),
                        new CarrierEvent.TranscriptionReady(
                                key("transcription:" + RECORDING + ":failed"), CALLER, RECORDING, null));
    }

    @ParameterizedTest
    @CsvSource({"completed, COMPLETED", "busy, BUSY", "no-answer, NO_ANSWER", "failed, FAILED", "canceled, CANCELED"})
    void everyEndOfALegHasItsWord(String status, LegEnd end) {
        var reply = twilio.says(
                "status?leg=" + AGENT_LEG,
                "CallStatus",
                status,
                "CallDuration",
                "61",
                "Duration",
                "2",
                "SequenceNumber",
                "3");
        assertThat(reply.getStatus()).isEqualTo(204);
        assertThat(reply.getContentLength()).isZero();
        assertThat(twilio.inbox.spooled)
                .containsExactly(new CarrierEvent.LegEnded(
                        key("status:" + CALL_SID + ":3"), AGENT, end, Duration.ofSeconds(61)));
    }

    @Test
    void ringingMattersForLegsThatWeDialled() {
        twilio.says("status?leg=" + AGENT_LEG, "CallStatus", "ringing");
        twilio.says("status", "CallStatus", "ringing");
        twilio.says("status?leg=" + AGENT_LEG, "CallStatus", "initiated");
        twilio.says("status?leg=" + AGENT_LEG, "CallStatus", "in-progress");
        assertThat(twilio.inbox.spooled)
                .containsExactly(new CarrierEvent.LegRinging(key("status:" + CALL_SID + ":ringing"), AGENT));
    }

    @Test
    void whileTheDatabaseIsDownTheCallerIsAskedToWaitAndTheSameEventComesAgain() throws Exception {
        twilio.inbox.trouble = new DataAccessResourceFailureException("down");
        var apology = document(twilio.says("ask?t=q1", "SpeechResult", "Grüße & mehr"));
        assertThat(text(apology, "Say")).isEqualTo("One moment please.");
        var next = text(apology, "Redirect");
        assertThat(next)
                .startsWith(HOME + "/webhooks/twilio/ask?t=q1&SpeechResult=")
                .endsWith("&again=1#rc=5&rp=ct,rt,5xx");

        twilio.inbox.trouble = new CannotCreateTransactionException("still down");
        next = text(document(redirected(next)), "Redirect");
        assertThat(next).contains("&again=2").containsOnlyOnce("SpeechResult=").containsOnlyOnce("again=");

        twilio.inbox.trouble = null;
        assertThat(redirected(next).getContentAsString()).contains("Hello");
        assertThat(twilio.inbox.received)
                .containsExactly(
                        new CarrierEvent.Answered(key("ask:" + CALL_SID + ":q1"), CALLER, "q1", "", "Grüße & mehr"));
    }

    @Test
    void anEventThatIsKeptForLaterHoldsTheLine() throws Exception {
        twilio.inbox.state = Inbox.State.KEPT;
        var waiting = document(twilio.says("voice", "From", "+15550100009", "To", "+15550100001"));
        assertThat(text(waiting, "Redirect")).startsWith(HOME + "/webhooks/twilio/voice?again=1#");
        assertThat(waiting.getElementsByTagName("Pause").getLength()).isEqualTo(1);
    }

    @Test
    void aReplyThatHoldsNothingDoesNotHangUp() throws Exception {
        twilio.inbox.steps = List.<MediaStep>of();
        assertThat(twilio.says("ask?t=q1", "Digits", "1").getContentAsString()).contains("<Redirect");
    }

    @Test
    void patienceEndsWithAnApology() throws Exception {
        twilio.inbox.trouble = new DataAccessResourceFailureException("down");
        var reply = twilio.says("voice?again=30", "From", "+15550100009", "To", "+15550100001");
        assertThat(reply.getStatus()).isEqualTo(200);
        assertThat(reply.getContentAsString()).contains("sorry", "<Hangup/>").doesNotContain("Redirect");
    }

    @Test
    void anEventThatAsksNothingIsRepeatedByTwilioWhenItCouldNotBeKept() throws Exception {
        twilio.inbox.trouble = new DataAccessResourceFailureException("down");
        var reply = twilio.says("status", "CallStatus", "completed");
        assertThat(reply.getStatus()).isEqualTo(503);
        assertThat(reply.getContentType()).isEqualTo("application/problem+json");
    }

    private MockHttpServletResponse redirected(String url) {
        var unfragmented = url.substring(0, url.indexOf('#'));
        return twilio.post(unfragmented, new ArrayList<>(List.of("AccountSid", Twilio.ACCOUNT, "CallSid", CALL_SID)));
    }

    private static Document document(MockHttpServletResponse reply) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(reply.getContentAsString())));
    }

    private static String text(Document document, String element) {
        return document.getElementsByTagName(element).item(0).getTextContent();
    }

    private static EventKey key(String value) {
        return new EventKey("twilio", value);
    }
}
