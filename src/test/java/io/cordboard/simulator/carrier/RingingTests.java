package io.cordboard.simulator.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import com.twilio.rest.api.v2010.account.Call;
import com.twilio.rest.api.v2010.account.CallCreator;
import com.twilio.type.PhoneNumber;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of calls that the product makes, told by their status callbacks. */
class RingingTests extends CarrierTest {

    private static CallCreator call(String to, Product.Line line) {
        return Call.creator(new PhoneNumber(to), new PhoneNumber(line.number()), URI.create(line.url("answered")))
                .setStatusCallback(URI.create(line.url("progress")))
                .setStatusCallbackEvent(List.of("initiated", "ringing", "answered", "completed"));
    }

    private static List<Product.Request> progress(Product.Line line, String last) {
        eventually().until(() -> line.requests("progress").stream()
                .anyMatch(request -> request.field("CallStatus").equals(last)));
        return line.requests("progress").stream()
                .sorted(Comparator.comparing(request -> Integer.parseInt(request.field("SequenceNumber"))))
                .toList();
    }

    @Test
    void anAnsweredCallIsInitiatedRingsIsAnsweredAndCompletes() {
        var line = line("").answers("answered", "<Say>Hello</Say>");
        call(Network.newPerson(), line).create(TWILIO);
        progress(line, "completed");
        eventually().until(() -> line.requests("progress").size() == 4);
        var told = progress(line, "completed");

        assertThat(told)
                .extracting(request -> request.field("SequenceNumber") + " " + request.field("CallStatus"))
                .containsExactly("0 initiated", "1 ringing", "2 in-progress", "3 completed");
        assertThat(told.get(3).fields()).containsKeys("CallDuration", "Duration", "SipResponseCode");
        assertThat(told.get(2).fields()).doesNotContainKey("CallDuration");
        assertThat(line.request("answered").fields())
                .containsEntry("Direction", "outbound-api")
                .containsEntry("CallStatus", "in-progress")
                .containsEntry("FromCity", "");
    }

    @ParameterizedTest
    @CsvSource({
        "+15550199001, busy, 486",
        "+15550199002, no-answer, 487",
        "+15550199003, no-answer, 603",
        "+15550199004, failed, 404"
    })
    void magicNumbersAlwaysEndInTheSameWay(String number, String status, String sipResponseCode) {
        var line = line("");
        call(number, line).setTimeout(10).create(TWILIO);
        var told = progress(line, status);

        assertThat(told.get(told.size() - 1).fields())
                .containsEntry("CallStatus", status)
                .containsEntry("SipResponseCode", sipResponseCode);
        assertThat(line.requests("answered")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"Enable, machine_start", "DetectMessageEnd, machine_end_beep"})
    void anAnsweringMachineIsToldBeforeTheTwiml(String detection, String answeredBy) {
        var line = line("").answers("answered", "<Hangup/>");
        call("+15550199006", line).setMachineDetection(detection).create(TWILIO);

        assertThat(line.request("answered").field("AnsweredBy")).isEqualTo(answeredBy);
    }

    @Test
    void asynchronousDetectionTellsSeparately() {
        var line = line("").answers("answered", "<Pause length='60'/>");
        var person = Network.newPerson();
        call(person, line)
                .setMachineDetection("Enable")
                .setAsyncAmd("true")
                .setAsyncAmdStatusCallback(URI.create(line.url("amd")))
                .create(TWILIO);

        assertThat(line.request("amd").fields())
                .containsEntry("AnsweredBy", "human")
                .containsKey("MachineDetectionDuration");
        assertThat(line.request("answered").fields()).doesNotContainKey("AnsweredBy");
        NETWORK.phoneOf(person).hangsUp();
    }

    @Test
    void aPhoneCanBeAnsweredAndDeclinedByHand() {
        var one = NETWORK.behaves("manual");
        var other = NETWORK.behaves("manual");
        var line = line("").answers("answered", "<Say>Hello</Say>");
        call(one, line).create(TWILIO);
        call(other, line).create(TWILIO);
        NETWORK.phoneOf(one).untilStatus("ringing").answers().untilStatus("completed");
        NETWORK.phoneOf(other).untilStatus("ringing").declines().untilStatus("no-answer");

        assertThat(NETWORK.phoneOf(one).heard()).containsSubsequence("ringing: ", "say: Hello");
    }

    @Test
    void theTimeLimitEndsACall() {
        var line = line("").answers("answered", "<Pause length='3600'/>");
        var person = Network.newPerson();
        call(person, line).setTimeLimit(5).create(TWILIO);

        NETWORK.phoneOf(person).untilStatus("completed");
    }

    @Test
    void onlyTheEndIsToldUnlessMoreIsAskedFor() {
        var line = line("").answers("answered", "<Hangup/>");
        Call.creator(
                        new PhoneNumber(Network.newPerson()),
                        new PhoneNumber(line.number()),
                        URI.create(line.url("answered")))
                .setStatusCallback(URI.create(line.url("progress")))
                .create(TWILIO);

        assertThat(progress(line, "completed")).hasSize(1);
    }
}
