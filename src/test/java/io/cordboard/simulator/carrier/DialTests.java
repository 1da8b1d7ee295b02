package io.cordboard.simulator.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Dial to phones. */
class DialTests extends CarrierTest {

    @Test
    void theTwoTalkUntilTheCalledPersonHangsUp() {
        var person = Network.newPerson();
        var line = line("<Dial action='done'>" + person + "</Dial>").answers("done", "<Say>Gone</Say>");
        var caller = dial(line);
        var callee = NETWORK.phoneOf(person).untilTalkingWith(caller.from());
        caller.untilTalkingWith(person).says("good morning");
        callee.untilHears("voice: good morning").presses("5").hangsUp();
        caller.untilStatus("completed");

        assertThat(caller.heard())
                .containsSubsequence("conversation: connected with " + person, "tone: 5", "say: Gone");
        assertThat(line.request("done").fields())
                .containsEntry("DialCallStatus", "completed")
                .containsEntry("DialCallSid", callee.sid())
                .containsEntry("DialBridged", "true")
                .containsKey("DialCallDuration");
    }

    @Test
    void theCallerHangingUpEndsTheCalledLeg() {
        var person = Network.newPerson();
        var line = line("<Dial action='done'>" + person + "</Dial>");
        var caller = dial(line).untilTalkingWith(person);
        caller.hangsUp();

        NETWORK.phoneOf(person).untilStatus("completed");
        assertThat(line.request("done").field("CallStatus")).isEqualTo("completed");
    }

    @ParameterizedTest
    @CsvSource({"+15550199001, busy", "+15550199002, no-answer", "+15550199003, no-answer", "+15550199004, failed"})
    void theActionLearnsWhyNobodyWasReached(String magic, String status) {
        var line = line("<Dial action='done' timeout='5'><Number>" + magic + "</Number></Dial>")
                .answers("done", "<Say>Nobody</Say>");

        assertThat(dial(line).untilStatus("completed").heard()).contains("say: Nobody");
        assertThat(line.request("done").fields())
                .containsEntry("DialCallStatus", status)
                .containsEntry("DialBridged", "false");
    }

    @Test
    void severalPhonesRingAtOnceAndTheFirstAnswerWins() {
        var slow = NETWORK.behaves("manual");
        var quick = NETWORK.behaves("manual");
        var line = line("<Dial><Number>" + slow + "</Number><Number>" + quick + "</Number></Dial>");
        NETWORK.put("/simulator/api/speed", "{\"speed\":\"1\"}");
        var caller = dial(line);
        var slowPhone = NETWORK.phoneOf(slow).untilStatus("ringing");
        NETWORK.phoneOf(quick).untilStatus("ringing").answers();

        caller.untilTalkingWith(quick);
        slowPhone.untilStatus("canceled");
        caller.hangsUp();
    }

    @Test
    void clientsAndSipAddressesArePhonesToo() {
        var client = line("<Dial><Client>charles</Client></Dial>");
        var sip = line("<Dial><Sip>sip:edith@example.org</Sip></Dial>");

        dial(client).untilTalkingWith("client:charles").hangsUp();
        dial(sip).untilTalkingWith("sip:edith@example.org").hangsUp();
    }

    @Test
    void theCalledPersonHearsTheWhisperFirst() {
        var person = NETWORK.behaves("answer", "press 1");
        var line = line("<Dial><Number url='whisper' statusCallback='progress'"
                        + " statusCallbackEvent='initiated ringing answered completed'>" + person + "</Number></Dial>")
                .answers(
                        "whisper",
                        "<Gather numDigits='1' action='accepted'><Say>Press 1 to accept</Say></Gather><Hangup/>")
                .answers("accepted", "<Say>Connecting</Say>");
        var caller = dial(line).untilTalkingWith(person);
        caller.hangsUp();

        assertThat(NETWORK.phoneOf(person).heard())
                .containsSubsequence(
                        "say: Press 1 to accept", "say: Connecting", "conversation: connected with " + caller.from());
        eventually().until(() -> line.requests("progress").size() == 4);
        assertThat(line.requests("progress"))
                .extracting(request -> request.field("CallStatus"))
                .containsExactlyInAnyOrder("initiated", "ringing", "in-progress", "completed");
        assertThat(line.request("progress").field("ParentCallSid")).isEqualTo(caller.sid());
    }

    @Test
    void aCallerWhoWaitsForTheBridgeIsNotAnsweredBefore() {
        var nobody = NETWORK.behaves("no-answer");
        NETWORK.put("/simulator/api/speed", "{\"speed\":\"1\"}");
        var caller = dial(line("<Dial answerOnBridge='true'>" + nobody + "</Dial>"));
        NETWORK.phoneOf(nobody).untilStatus("ringing");

        assertThat(caller.status()).isEqualTo("ringing");
        caller.hangsUp().untilStatus("no-answer");
    }

    @Test
    void aRedirectOfTheCallerEndsTheDial() {
        var person = Network.newPerson();
        var line = line("<Dial>" + person + "</Dial>").answers("other", "<Say>Other</Say>");
        var caller = dial(line).untilTalkingWith(person);
        com.twilio.rest.api.v2010.account.Call.updater(caller.sid())
                .setUrl(java.net.URI.create(line.url("other")))
                .update(TWILIO);

        caller.untilHears("say: Other");
        NETWORK.phoneOf(person).untilStatus("completed");
    }
}
