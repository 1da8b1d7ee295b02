package io.cordboard.simulator.carrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.twilio.exception.ApiException;
import com.twilio.rest.api.v2010.account.Call;
import com.twilio.rest.api.v2010.account.CallCreator;
import com.twilio.rest.api.v2010.account.Conference;
import com.twilio.rest.api.v2010.account.IncomingPhoneNumber;
import com.twilio.type.PhoneNumber;
import com.twilio.type.Twiml;
import java.net.URI;
import java.time.ZonedDateTime;
import java.util.stream.StreamSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Calls and numbers through the genuine Twilio SDK. */
class RestTests extends CarrierTest {

    private static CallCreator call(String to, Product.Line from) {
        return Call.creator(new PhoneNumber(to), new PhoneNumber(from.number()), URI.create(from.url("answered")));
    }

    private static void refused(int status, int code, ThrowingCallable request) {
        assertThatThrownBy(request).isInstanceOfSatisfying(ApiException.class, refusal -> {
            assertThat(refusal.getStatusCode()).isEqualTo(status);
            assertThat(refusal.getCode()).isEqualTo(code);
            assertThat(refusal.getMoreInfo()).endsWith("/" + code);
        });
    }

    @Test
    void aCallIsCreatedFetchedListedAndDeleted() {
        var line = line("").answers("answered", "<Say>Good morning</Say>");
        var person = Network.newPerson();
        var before = ZonedDateTime.now().minusMinutes(1);
        var created = call(person, line).create(TWILIO);

        assertThat(created.getStatus()).isEqualTo(Call.Status.QUEUED);
        assertThat(created.getSid()).matches("CA[0-9a-f]{32}");
        assertThat(created.getDirection()).isEqualTo("outbound-api");
        eventually().until(() -> Call.fetcher(created.getSid()).fetch(TWILIO).getStatus() == Call.Status.COMPLETED);
        var fetched = Call.fetcher(created.getSid()).fetch(TWILIO);
        assertThat(fetched.getDuration()).isEqualTo("1");
        assertThat(fetched.getStartTime()).isAfter(before);
        assertThat(Call.reader()
                        .setTo(new PhoneNumber(person))
                        .setStatus(Call.Status.COMPLETED)
                        .setStartTimeAfter(before)
                        .read(TWILIO))
                .extracting(Call::getSid)
                .containsExactly(created.getSid());
        assertThat(Call.reader()
                        .setTo(new PhoneNumber(person))
                        .setStartTimeBefore(before)
                        .read(TWILIO))
                .isEmpty();
        assertThat(Call.deleter(created.getSid()).delete(TWILIO)).isTrue();
        refused(404, 20404, () -> Call.fetcher(created.getSid()).fetch(TWILIO));
    }

    @Test
    void listsComeInPages() {
        var line = line("<Hangup/>");
        for (var i = 0; i < 5; i++) {
            dial(line).untilStatus("completed");
        }
        var all =
                Call.reader().setTo(new PhoneNumber(line.number())).pageSize(2).read(TWILIO);

        assertThat(StreamSupport.stream(all.spliterator(), false)
                        .map(Call::getSid)
                        .distinct())
                .hasSize(5);
    }

    @Test
    void aLiveCallIsRedirectedAndEnded() {
        var line = line("<Gather timeout='600'/>").answers("other", "<Say>Other</Say><Gather timeout='600'/>");
        var call = dial(line).untilIn("gathering");
        Call.updater(call.sid()).setUrl(URI.create(line.url("other"))).update(TWILIO);
        call.untilHears("say: Other");
        Call.updater(call.sid())
                .setTwiml(new Twiml("<Response><Say>Inline</Say><Gather timeout='600'/></Response>"))
                .update(TWILIO);
        call.untilHears("say: Inline");
        var ended =
                Call.updater(call.sid()).setStatus(Call.UpdateStatus.COMPLETED).update(TWILIO);

        assertThat(ended.getStatus()).isEqualTo(Call.Status.COMPLETED);
        refused(400, 21220, () -> Call.updater(call.sid())
                .setUrl(URI.create(line.url("other")))
                .update(TWILIO));
    }

    @Test
    void aCallThatStillRingsIsCanceled() {
        var person = NETWORK.behaves("manual");
        var line = line("");
        var created = call(person, line)
                .setStatusCallback(URI.create(line.url("progress")))
                .create(TWILIO);
        NETWORK.phoneOf(person).untilStatus("ringing");
        Call.updater(created.getSid()).setStatus(Call.UpdateStatus.CANCELED).update(TWILIO);

        assertThat(line.request("progress").field("CallStatus")).isEqualTo("canceled");
    }

    @Test
    void anUpdateThatRacesWithAHangUpHasOneOutcome() throws InterruptedException {
        var line = line("<Gather timeout='600'/>").answers("other", "<Gather timeout='600'/>");
        for (var i = 0; i < 20; i++) {
            var call = dial(line).untilIn("gathering");
            var hangUp = new Thread(call::hangsUp);
            hangUp.start();
            try {
                Call.updater(call.sid()).setUrl(URI.create(line.url("other"))).update(TWILIO);
            } catch (ApiException tooLate) {
                assertThat(tooLate.getCode()).isEqualTo(21220);
            }
            hangUp.join();
            call.untilStatus("completed");
        }
    }

    @Test
    void whatTwilioRefusesIsRefused() {
        var line = line("");
        var url = URI.create(line.url("answered"));
        refused(400, 21211, () -> call("12345", line).create(TWILIO));
        refused(400, 21212, () -> Call.creator(new PhoneNumber("+15550142000"), new PhoneNumber("me"), url)
                .create(TWILIO));
        refused(400, 21210, () -> Call.creator(new PhoneNumber("+15550142000"), new PhoneNumber("+15559999999"), url)
                .create(TWILIO));
        refused(400, 21205, () -> Call.creator(
                        new PhoneNumber("+15550142000"), new PhoneNumber(line.number()), URI.create("nonsense"))
                .create(TWILIO));
        refused(400, 20001, () -> Call.creator(
                        new PhoneNumber("+15550142000"),
                        new PhoneNumber(line.number()),
                        new Twiml("<Response>" + "x".repeat(4000) + "</Response>"))
                .create(TWILIO));
        refused(404, 20404, () -> Call.fetcher("CA" + "0".repeat(32)).fetch(TWILIO));
        refused(404, 20404, () -> Conference.fetcher("CF" + "0".repeat(32)).fetch(TWILIO));
        assertThatThrownBy(() ->
                        Call.reader().read(NETWORK.twilio("wrong")).iterator().next())
                .isInstanceOfSatisfying(ApiException.class, refusal -> {
                    assertThat(refusal.getStatusCode()).isEqualTo(401);
                    assertThat(refusal.getCode()).isEqualTo(20003);
                });
    }

    @Test
    void theUrlWinsWhenTwimlIsGivenToo() {
        var line = line("").answers("answered", "<Say>By URL</Say>");
        var person = Network.newPerson();
        call(person, line)
                .setTwiml(new Twiml("<Response><Say>Inline</Say></Response>"))
                .create(TWILIO);

        assertThat(NETWORK.phoneOf(person).untilStatus("completed").heard())
                .contains("say: By URL")
                .doesNotContain("say: Inline");
    }

    @Test
    void numbersAreListedAndTheirVoiceUrlChanged() {
        var line = line("").answers("new", "<Say>New</Say>");
        var owned = IncomingPhoneNumber.reader()
                .setPhoneNumber(new PhoneNumber(line.number()))
                .read(TWILIO)
                .iterator()
                .next();
        assertThat(owned.getVoiceUrl()).isEqualTo(URI.create(line.url("voice")));
        var updated = IncomingPhoneNumber.updater(owned.getSid())
                .setVoiceUrl(URI.create(line.url("new")))
                .update(TWILIO);

        assertThat(updated.getVoiceUrl()).isEqualTo(URI.create(line.url("new")));
        assertThat(IncomingPhoneNumber.fetcher(owned.getSid()).fetch(TWILIO).getPhoneNumber())
                .isEqualTo(new PhoneNumber(line.number()));
        assertThat(dial(line).untilStatus("completed").heard()).contains("say: New");
    }
}
