package io.cordboard.simulator.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The plain verbs, and documents that cannot be carried out. */
class VerbTests extends CarrierTest {

    private static final String APOLOGY = "say: We are sorry, an application error has occurred. Goodbye.";

    @Test
    void promptsAreHeardInOrderAndTheCallEndsAfterTheLastVerb() {
        var line = line(
                "<Say>One</Say><Pause length='2'/><Play>http://x/two.mp3</Play><Say>Th<break/>ree &amp; four</Say>");
        var call = dial(line).untilStatus("completed");

        assertThat(call.heard())
                .containsExactly(
                        "ringing: ",
                        "say: One",
                        "silence: ",
                        "play: http://x/two.mp3",
                        "say: Three & four",
                        "ended: completed");
    }

    @Test
    void aRedirectIsRelativeToItsDocument() {
        var line = line("<Redirect>more/next?x=1</Redirect>").answers("more/next", "<Redirect>last</Redirect>");
        line.answers("more/last", "<Say>There</Say>");

        assertThat(dial(line).untilStatus("completed").heard()).contains("say: There");
        assertThat(line.request("more/next").field("x")).isEqualTo("1");
    }

    @Test
    void aRedirectByGetCarriesEverythingInTheQuery() {
        var line = line("<Redirect method='GET'>next?a=b%20c</Redirect>").answers("next", "<Hangup/>");
        var call = dial(line).untilStatus("completed");

        assertThat(line.request("next").fields())
                .containsEntry("a", "b c")
                .containsEntry("CallSid", call.sid())
                .containsEntry("From", call.from());
    }

    @Test
    void redirectsInACircleEndWithAnError() {
        var call = dial(line("<Redirect/>"));

        call.untilHears(APOLOGY).untilStatus("completed");
    }

    @Test
    void rejectAsFirstVerbNeverAnswersTheCall() {
        var busy = dial(line("<Reject reason='busy'/>")).untilStatus("busy");
        var rejected = dial(line("<Reject/>")).untilStatus("no-answer");

        assertThat(busy.heard()).contains("busy: busy tone");
        assertThat(rejected.heard()).contains("say: The number is not in service");
        assertThat(busy.now().get("answered").isNull()).isTrue();
    }

    @Test
    void hangupEndsTheCallAndTheStatusCallbackTellsIt() {
        var line = line("<Hangup/><Say>Never</Say>");
        var call = dial(line).untilStatus("completed");

        assertThat(call.heard()).doesNotContain("say: Never");
        assertThat(line.request("status").fields())
                .containsEntry("CallStatus", "completed")
                .containsEntry("SequenceNumber", "0")
                .containsEntry("CallbackSource", "call-progress-events")
                .containsEntry("CallDuration", "1")
                .containsEntry("Duration", "1")
                .containsKey("Timestamp");
    }

    @Test
    void anUnknownVerbEndsTheCallWithAnErrorWhenItIsReached() {
        var call = dial(line("<Say>Before</Say><Teleport/>")).untilStatus("completed");

        assertThat(call.heard()).containsSubsequence("say: Before", APOLOGY);
        assertThat(NETWORK.get("/simulator/api/log?call=" + call.sid()).toString())
                .contains("<Teleport> is no verb");
    }

    @Test
    void documentsWithADoctypeOrBrokenXmlAreRefused() {
        var bomb = "<?xml version='1.0'?><!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
                + "<Response><Say>&x;</Say></Response>";
        var hostile = line("").answers("voice", any -> new Product.Reply(200, "text/xml", bomb, 0));
        var broken = line("").answers("voice", any -> new Product.Reply(200, "text/xml", "<Response><Say>", 0));
        var json = line("").answers("voice", any -> new Product.Reply(200, "application/json", "{}", 0));
        var large = line("").answers(
                        "voice",
                        any -> new Product.Reply(
                                200, "text/xml", "<Response>" + " ".repeat(70_000) + "</Response>", 0));

        for (var line : java.util.List.of(hostile, broken, json, large)) {
            assertThat(dial(line).untilStatus("completed").heard()).contains(APOLOGY);
        }
    }

    @Test
    void plainTextIsReadOutAndAnEmptyAnswerEndsTheCall() {
        var text = line("").answers("voice", any -> new Product.Reply(200, "text/plain", "Hello", 0));
        var nothing = line("").answers("voice", any -> new Product.Reply(204, "text/xml", "", 0));

        assertThat(dial(text).untilStatus("completed").heard()).contains("say: Hello");
        dial(nothing).untilStatus("completed");
    }

    @Test
    void aVoiceUrlThatFailsIsReplacedByItsFallback() {
        var line =
                line("").answers("voice", any -> Product.Reply.status(500)).answers("fallback", "<Say>Try later</Say>");
        NETWORK.put(
                "/simulator/api/numbers/" + line.number(),
                "{\"voiceUrl\":\"%s\",\"voiceFallbackUrl\":\"%s\"}".formatted(line.url("voice"), line.url("fallback")));
        var call = dial(line).untilStatus("completed");

        assertThat(call.heard()).contains("say: Try later");
        assertThat(line.request("fallback").fields())
                .containsEntry("ErrorCode", "11200")
                .containsEntry("ErrorUrl", line.url("voice"));
    }

    @Test
    void theCallerCanHangUpInEveryState() {
        NETWORK.put("/simulator/api/speed", "{\"speed\":\"1\"}");
        var nowhere = Network.newPerson();
        NETWORK.put("/simulator/api/phones/" + nowhere, "{\"behaviour\":\"manual\"}");
        dial(line("<Pause length='60'/>")).hangsUp().untilStatus("no-answer");
        dial(line("<Say>x</Say><Pause length='60'/>"))
                .untilIn("speaking")
                .hangsUp()
                .untilStatus("completed");
        dial(line("<Gather timeout='60'/>")).untilIn("gathering").hangsUp().untilStatus("completed");
        dial(line("<Enqueue>hang-up</Enqueue>")).untilIn("queued").hangsUp().untilStatus("completed");
        dial(line("<Dial><Conference>hang-up</Conference></Dial>"))
                .untilIn("conference")
                .hangsUp()
                .untilStatus("completed");
        dial(line("<Dial>" + nowhere + "</Dial>")).untilIn("dialing").hangsUp().untilStatus("completed");
        dial(line("<Record timeout='60'/>")).untilIn("recording").hangsUp().untilStatus("completed");

        assertThat(NETWORK.callsTo(nowhere))
                .singleElement()
                .satisfies(leg -> assertThat(leg.get("status").asText()).isEqualTo("canceled"));
    }
}
