package io.cordboard.simulator.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Gather as Twilio describes it. */
class GatherTests extends CarrierTest {

    @Test
    void theActionGetsTheDigitsAsSoonAsThereAreEnough() {
        var line = line("<Gather action='chosen' numDigits='1'><Say>Press one</Say></Gather><Say>Nothing</Say>")
                .answers("chosen", "<Say>Thanks</Say>");
        var call = dial(line, "press 1").untilStatus("completed");

        assertThat(call.heard()).containsSubsequence("ringing: ", "say: Press one", "say: Thanks", "ended: completed");
        assertThat(call.heard()).doesNotContain("say: Nothing");
        assertThat(line.request("chosen").field("Digits")).isEqualTo("1");
        assertThat(line.request("chosen").field("CallStatus")).isEqualTo("in-progress");
    }

    @Test
    void withoutInputTheNextVerbFollows() {
        var line = line("<Gather action='chosen' timeout='1'><Say>Press one</Say></Gather><Say>Nothing</Say>");
        var call = dial(line, "silence").untilStatus("completed");

        assertThat(call.heard()).containsSubsequence("say: Press one", "say: Nothing");
        assertThat(line.requests("chosen")).isEmpty();
    }

    @Test
    void withoutInputTheActionIsAskedWhenItWantsEmptyResults() {
        var line = line("<Gather action='chosen' timeout='1' actionOnEmptyResult='true' input='dtmf speech'/>")
                .answers("chosen", "<Say>Are you there?</Say>");
        var call = dial(line).untilStatus("completed");

        assertThat(call.heard()).contains("say: Are you there?");
        assertThat(line.request("chosen").fields()).containsEntry("Digits", "").containsEntry("SpeechResult", "");
    }

    @Test
    void withoutActionTheSameDocumentIsAskedAgain() {
        var line = line("<Gather numDigits='1' timeout='1'/><Say>Bye</Say>");
        dial(line, "press 5", "silence").untilStatus("completed");

        assertThat(line.requests("voice")).hasSize(2);
        assertThat(line.requests("voice").get(1).field("Digits")).isEqualTo("5");
    }

    @Test
    void theFinishKeyEndsTheInputAndIsNotPartOfIt() {
        var line = line("<Gather action='chosen' timeout='9'/>").answers("chosen", "<Hangup/>");
        dial(line, "press 123#").untilStatus("completed");

        assertThat(line.request("chosen").fields())
                .containsEntry("Digits", "123")
                .containsEntry("FinishedOnKey", "#");
    }

    @Test
    void anEmptyFinishKeyMakesEveryKeyCount() {
        var line =
                line("<Gather action='chosen' finishOnKey='' numDigits='3'/>").answers("chosen", "<Hangup/>");
        dial(line, "press *1#").untilStatus("completed");

        assertThat(line.request("chosen").field("Digits")).isEqualTo("*1#");
    }

    @Test
    void digitsAreSubmittedWhenNoMoreCome() {
        var line = line("<Gather action='chosen' timeout='1'/>").answers("chosen", "<Hangup/>");
        dial(line, "press 42").untilStatus("completed");

        assertThat(line.request("chosen").field("Digits")).isEqualTo("42");
    }

    @Test
    void speechIsRecognised() {
        var line = line("<Gather input='speech' action='said' speechTimeout='auto'><Say>How can I help?</Say></Gather>")
                .answers("said", "<Hangup/>");
        dial(line, "say I want to buy").untilStatus("completed");

        assertThat(line.request("said").fields())
                .containsEntry("SpeechResult", "I want to buy")
                .containsKey("Confidence")
                .doesNotContainKey("Digits");
    }

    @Test
    void aKeyPressInterruptsThePrompt() {
        NETWORK.put("/simulator/api/speed", "{\"speed\":\"1\"}");
        var line = line("<Gather action='chosen' numDigits='1'><Say>" + "A very long greeting. ".repeat(50)
                        + "</Say></Gather>")
                .answers("chosen", "<Hangup/>");
        dial(line).untilListening().presses("7").untilStatus("completed");

        assertThat(line.request("chosen").field("Digits")).isEqualTo("7");
    }

    @Test
    void keysAreLostWhenNobodyListens() {
        NETWORK.put("/simulator/api/speed", "{\"speed\":\"1\"}");
        var line = line("<Say>" + "A very long greeting. ".repeat(50) + "</Say>");
        var call = dial(line).untilIn("speaking");

        assertThat(call.does("digits", "{\"digits\":\"1\"}").get("noticed").asBoolean())
                .isFalse();
        call.hangsUp();
    }

    @Test
    void actionsMustBeAbsoluteWhenTheTwimlCameInline() {
        var person = NETWORK.behaves("answer", "press 1");
        var line = line("<Hangup/>");
        com.twilio.rest.api.v2010.account.Call.creator(
                        new com.twilio.type.PhoneNumber(person),
                        new com.twilio.type.PhoneNumber(line.number()),
                        new com.twilio.type.Twiml("<Response><Gather action='next' numDigits='1'/></Response>"))
                .create(TWILIO);
        var callee = NETWORK.phoneOf(person);

        callee.untilHears("say: We are sorry, an application error has occurred. Goodbye.")
                .untilStatus("completed");
    }
}
