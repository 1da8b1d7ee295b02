package io.cordboard.simulator.carrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.twilio.exception.ApiException;
import com.twilio.rest.api.v2010.account.Conference;
import com.twilio.rest.api.v2010.account.conference.Participant;
import com.twilio.type.PhoneNumber;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Conferences by TwiML and by REST. */
class ConferenceTests extends CarrierTest {

    private static final String EVENTS = "start end join leave mute hold modify speaker announcement";

    private static Product.Line room(String name, String attributes) {
        return line("<Dial action='after'><Conference " + attributes + " statusCallback='events' statusCallbackEvent='"
                + EVENTS + "'>" + name + "</Conference></Dial><Say>Alone again</Say>");
    }

    private static Conference conference(String name) {
        return Conference.reader().setFriendlyName(name).read(TWILIO).iterator().next();
    }

    private static List<String> events(Product.Line line) {
        return line.requests("events").stream()
                .sorted(java.util.Comparator.comparing(request -> Integer.parseInt(request.field("SequenceNumber"))))
                .map(request -> request.field("StatusCallbackEvent"))
                .toList();
    }

    @Test
    void itStartsWithTheSecondAndEndsWithTheLast() {
        var line = room("two", "");
        var first = dial(line).untilIn("conference");
        var second = dial(line).untilTalkingWith(first.from());
        first.untilTalkingWith(second.from()).says("hi");
        second.untilHears("voice: hi").hangsUp();
        first.untilHears("conference: " + second.from() + " left").hangsUp();
        eventually().until(() -> events(line).contains("conference-end"));

        assertThat(events(line).stream().filter(event -> !event.contains("speech")))
                .containsExactly(
                        "participant-join",
                        "participant-join",
                        "conference-start",
                        "participant-leave",
                        "participant-leave",
                        "conference-end");
        assertThat(first.heard()).containsSubsequence("music: hold music", "conference: with " + second.from());
        assertThat(conference("two").getStatus()).isEqualTo(Conference.Status.COMPLETED);
        assertThat(conference("two").getReasonConferenceEnded())
                .isEqualTo(Conference.ReasonConferenceEnded.LAST_PARTICIPANT_LEFT);
    }

    @Test
    void nobodyTalksBeforeSomeoneEntersWhoMayStartIt() {
        var callers = room("moderated", "startConferenceOnEnter='false' waitUrl='wait'")
                .answers("wait", "<Play>wait.mp3</Play>");
        var first = dial(callers).untilHears("music: wait.mp3");
        var second = dial(callers).untilHears("music: wait.mp3");
        assertThat(events(callers)).doesNotContain("conference-start");
        assertThat(conference("moderated").getStatus()).isEqualTo(Conference.Status.INIT);
        var moderator = dial(room("moderated", "endConferenceOnExit='true'"));

        first.untilTalkingWith(second.from(), moderator.from());
        moderator.hangsUp();
        first.untilHears("conference: ended").untilStatus("completed");
        second.untilStatus("completed");
        assertThat(callers.request("after").field("DialCallStatus")).isEqualTo("answered");
        assertThat(conference("moderated").getReasonConferenceEnded())
                .isEqualTo(Conference.ReasonConferenceEnded.PARTICIPANT_WITH_END_CONFERENCE_ON_EXIT_LEFT);
        assertThat(conference("moderated").getCallSidEndingConference()).isEqualTo(moderator.sid());
    }

    @Test
    void aParticipantIsCalledIntoTheConferenceByItsName() {
        var line = room("called-in", "");
        var caller = dial(line).untilIn("conference");
        var agent = Network.newPerson();
        var created = Participant.creator("called-in", new PhoneNumber(line.number()), new PhoneNumber(agent))
                .setLabel("agent")
                .setEndConferenceOnExit(true)
                .setStatusCallback(URI.create(line.url("agent")))
                .setStatusCallbackEvent(List.of("initiated", "ringing", "answered", "completed"))
                .create(TWILIO);

        caller.untilTalkingWith(agent);
        assertThat(created.getConferenceSid()).isEqualTo(conference("called-in").getSid());
        assertThat(created.getStatus()).isEqualTo(Participant.Status.QUEUED);
        var sid = created.getConferenceSid();
        assertThat(Participant.fetcher(sid, "agent").fetch(TWILIO).getStatus()).isEqualTo(Participant.Status.CONNECTED);
        assertThat(Participant.reader(sid).read(TWILIO)).hasSize(2);
        assertThatThrownBy(() -> Participant.creator(sid, new PhoneNumber(line.number()), new PhoneNumber(agent))
                        .setLabel("agent")
                        .create(TWILIO))
                .isInstanceOf(ApiException.class);
        NETWORK.phoneOf(agent).hangsUp();
        caller.untilHears("conference: ended");
        eventually().until(() -> line.requests("agent").size() == 4);
        assertThat(line.requests("agent"))
                .extracting(request -> request.field("CallStatus"))
                .containsExactlyInAnyOrder("initiated", "ringing", "in-progress", "completed");
    }

    @Test
    void aParticipantWhoCannotBeReachedIsToldAndGone() {
        var line = room("unreachable", "");
        var caller = dial(line).untilIn("conference");
        Participant.creator("unreachable", new PhoneNumber(line.number()), new PhoneNumber("+15550199001"))
                .create(TWILIO);
        eventually().until(() -> events(line).contains("participant-leave"));

        assertThat(line.requests("events"))
                .filteredOn(request -> request.field("StatusCallbackEvent").equals("participant-leave"))
                .singleElement()
                .satisfies(request -> assertThat(request.fields())
                        .containsEntry("ReasonParticipantLeft", "participant_add_failed")
                        .containsEntry("ParticipantCallStatus", "busy"));
        assertThat(Participant.reader(conference("unreachable").getSid()).read(TWILIO))
                .hasSize(1);
        caller.hangsUp();
    }

    @Test
    void mutedAndHeldPeopleAreNotHeard() {
        var line = room("quiet", "").answers("hold", "<Play>hold.mp3</Play>");
        var one = dial(line).untilIn("conference");
        var other = dial(line).untilTalkingWith(one.from());
        var sid = conference("quiet").getSid();
        Participant.updater(sid, one.sid()).setMuted(true).update(TWILIO);
        assertThat(one.does("speech", "{\"text\":\"muted\"}").get("noticed").asBoolean())
                .isFalse();
        var held = Participant.updater(sid, other.sid())
                .setHold(true)
                .setHoldUrl(URI.create(line.url("hold")))
                .update(TWILIO);
        assertThat(held.getHold()).isTrue();
        other.untilHears("music: hold.mp3").untilTalkingWith();
        Participant.updater(sid, other.sid()).setHold(false).update(TWILIO);
        Participant.updater(sid, one.sid()).setMuted(false).update(TWILIO);
        other.untilTalkingWith(one.from());
        one.says("here again");

        other.untilHears("voice: here again");
        eventually().until(() -> events(line).contains("participant-speech-stop"));
        assertThat(events(line))
                .contains("participant-mute", "participant-unmute", "participant-hold", "participant-unhold");
        one.hangsUp();
        other.hangsUp();
    }

    @Test
    void announcementsKicksAndTheEndComeByRest() {
        var line = room("managed", "").answers("news", "<Say>One minute left</Say>");
        var one = dial(line).untilIn("conference");
        var other = dial(line).untilTalkingWith(one.from());
        var third = dial(line).untilTalkingWith(one.from(), other.from());
        var sid = conference("managed").getSid();
        Conference.updater(sid).setAnnounceUrl(URI.create(line.url("news"))).update(TWILIO);
        one.untilHears("say: One minute left");
        eventually().until(() -> events(line).contains("announcement-end"));
        assertThat(Participant.deleter(sid, third.sid()).delete(TWILIO)).isTrue();
        eventually().until(() -> line.requests("after").stream()
                .anyMatch(request -> request.field("CallSid").equals(third.sid())));
        var ended = Conference.updater(sid)
                .setStatus(Conference.UpdateStatus.COMPLETED)
                .update(TWILIO);

        assertThat(ended.getStatus()).isEqualTo(Conference.Status.COMPLETED);
        assertThat(ended.getReasonConferenceEnded())
                .isEqualTo(Conference.ReasonConferenceEnded.CONFERENCE_ENDED_VIA_API);
        one.untilHears("conference: ended").untilStatus("completed");
        other.untilStatus("completed");
        assertThatThrownBy(() -> Participant.fetcher(sid, one.sid()).fetch(TWILIO))
                .isInstanceOfSatisfying(ApiException.class, refused -> assertThat(refused.getCode())
                        .isEqualTo(20404));
    }

    @Test
    void aCoachIsHeardByOnePersonOnly() {
        var line = room("coached", "");
        var customer = dial(line).untilIn("conference");
        var agent = dial(line).untilTalkingWith(customer.from());
        var coach = dial(room("coached", "coach='" + agent.sid() + "'"));
        coach.untilTalkingWith(customer.from(), agent.from()).says("offer a discount");

        agent.untilHears("voice: offer a discount");
        assertThat(customer.heard()).doesNotContain("voice: offer a discount");
        List.of(customer, agent, coach).forEach(Phone::hangsUp);
    }

    @Test
    void aMutedListenerHearsEverybodyAndIsNoticedByNobody() {
        var line = room("listened", "");
        var customer = dial(line).untilIn("conference");
        var agent = dial(line).untilTalkingWith(customer.from());
        var terms = "startConferenceOnEnter='false' beep='false'";
        var listener = dial(room("listened", "muted='true' " + terms)).untilTalkingWith(customer.from(), agent.from());
        customer.untilTalkingWith(agent.from()).says("hello");

        listener.untilHears("voice: hello");
        assertThat(listener.does("speech", "{\"text\":\"psst\"}").get("noticed").asBoolean())
                .isFalse();
        var sid = conference("listened").getSid();
        Participant.updater(sid, listener.sid())
                .setMuted(false)
                .setCoaching(true)
                .setCallSidToCoach(agent.sid())
                .update(TWILIO);
        listener.says("offer a discount");
        agent.untilHears("voice: offer a discount").untilTalkingWith(customer.from(), listener.from());
        assertThatThrownBy(() -> Participant.updater(sid, listener.sid())
                        .setCoaching(true)
                        .update(TWILIO))
                .as("a coach of nobody")
                .isInstanceOf(ApiException.class);
        Participant.updater(sid, listener.sid())
                .setMuted(true)
                .setCoaching(false)
                .update(TWILIO);
        listener.hangsUp();
        eventually().until(() -> events(line).contains("participant-leave"));
        assertThat(customer.heard()).noneMatch(heard -> heard.contains(listener.from()) || heard.contains("discount"));
        customer.hangsUp();
        agent.hangsUp();
    }

    @Test
    void aRecordedConferenceTellsWhenTheRecordingIsThere() {
        var line = line("<Dial><Conference record='record-from-start' recordingStatusCallback='recorded'>taped"
                + "</Conference></Dial>");
        var one = dial(line).untilIn("conference");
        var other = dial(line).untilTalkingWith(one.from());
        other.hangsUp();
        one.hangsUp();

        assertThat(line.request("recorded").fields())
                .containsEntry("RecordingStatus", "completed")
                .containsEntry("RecordingSource", "Conference")
                .containsKey("ConferenceSid");
    }
}
