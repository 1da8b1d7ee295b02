package io.cordboard.telephony;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordboard.shared.CallId;
import io.cordboard.shared.LegId;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TelephonyJsonTests {

    private static final EventKey KEY = new EventKey("acme", "status:CA1:0");
    private static final CallId CALL = CallId.next();
    private static final LegId LEG = LegId.next();
    private static final LegRef REF = new LegRef("acme", "CA1", LEG);

    static Stream<MediaStep> steps() {
        return Stream.of(
                new MediaStep.Say("Welcome", "en-US"),
                new MediaStep.Say("Welcome", null),
                new MediaStep.Play("/media/ring.wav"),
                new MediaStep.Pause(Duration.ofMillis(1500)),
                new MediaStep.Ask(
                        "t1",
                        List.of(new MediaStep.Say("Press 1", null), new MediaStep.Pause(Duration.ofSeconds(1))),
                        1,
                        "#",
                        Duration.ofSeconds(5),
                        true,
                        "en-US",
                        List.of("support", "sales")),
                new MediaStep.Ask("t2", List.of(), 4, null, Duration.ofSeconds(5), false, null, List.of()),
                new MediaStep.Enqueue(CALL, "support"),
                new MediaStep.Conference(CALL, "caller", true, false),
                new MediaStep.Listen(CALL, ListenMode.WHISPER, "CA2"),
                new MediaStep.Record("t3", Duration.ofSeconds(120), Duration.ofSeconds(3), "#", true),
                new MediaStep.Redirect("/webhooks/twilio/next"),
                new MediaStep.Reject(true),
                new MediaStep.HangUp());
    }

    static Stream<CarrierCommand> commands() {
        return Stream.of(
                new CarrierCommand.Dial(CALL, LEG, "sip:charles@example.com", "+15550100001", Duration.ofSeconds(20)),
                new CarrierCommand.Perform(CALL, LEG, steps().toList()),
                new CarrierCommand.ChangeListening(CALL, LEG, ListenMode.BARGE, "CA2"),
                new CarrierCommand.Hold(CALL, LEG, true, 3),
                new CarrierCommand.HangUpLeg(CALL, LEG),
                new CarrierCommand.DeleteRecording(CALL, LEG, "RE1"));
    }

    static Stream<CarrierEvent> events() {
        return Stream.of(
                new CarrierEvent.IncomingCall(KEY, REF, "+15550199001", "+15550100001"),
                new CarrierEvent.Answered(KEY, REF, "t1", "1", "support please"),
                new CarrierEvent.Answered(KEY, new LegRef("acme", "CA1", null), "t1", "", null),
                new CarrierEvent.KeyPressed(KEY, REF, "t2", "*"),
                new CarrierEvent.LegPickedUp(KEY, REF),
                new CarrierEvent.LegRinging(KEY, REF),
                new CarrierEvent.LegEnded(KEY, REF, CarrierEvent.LegEnd.NO_ANSWER, Duration.ofSeconds(61)),
                new CarrierEvent.ConferenceStarted(KEY, REF, CALL, "CF1", Instant.parse("2026-01-02T03:04:05.678Z")),
                new CarrierEvent.ConferenceEnded(KEY, REF, CALL, "CF1", "last-participant-left"),
                new CarrierEvent.MessageRecorded(KEY, REF, "t3", Duration.ofSeconds(12), true),
                new CarrierEvent.RecordingReady(KEY, REF, "RE1", "https://example.com/RE1", Duration.ofSeconds(12)),
                new CarrierEvent.TranscriptionReady(KEY, REF, "RE1", null),
                new CarrierEvent.CommandAccepted(KEY, REF, new CarrierCommand.HangUpLeg(CALL, LEG)),
                new CarrierEvent.CommandFailed(
                        KEY,
                        new LegRef("acme", null, LEG),
                        new CarrierCommand.Perform(CALL, LEG, List.of(new MediaStep.HangUp())),
                        "no such number"));
    }

    @ParameterizedTest
    @MethodSource("events")
    void anEventComesBackAsItWasWritten(CarrierEvent event) {
        String json = TelephonyJson.write(event);
        assertThat(TelephonyJson.event(json)).isEqualTo(event);
        assertThat(json).doesNotContain("ourLeg", "asksWhatToDo", "{\"value\":\"" + LEG);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandComesBackAsItWasWritten(CarrierCommand command) {
        assertThat(TelephonyJson.command(TelephonyJson.write(command))).isEqualTo(command);
    }

    @Test
    void stepsComeBackAsTheyWereWritten() {
        List<MediaStep> steps = steps().toList();
        String json = TelephonyJson.write(steps);
        assertThat(TelephonyJson.steps(json)).isEqualTo(steps);
        assertThat(json).doesNotContain("holdsTheLine");
    }

    @Test
    void everyKindIsAmongTheSamples() {
        assertThat(steps().map(Object::getClass).distinct().count()).isEqualTo(kinds(MediaStep.class));
        assertThat(commands().map(Object::getClass).distinct().count()).isEqualTo(kinds(CarrierCommand.class));
        assertThat(events().map(Object::getClass).distinct().count()).isEqualTo(kinds(CarrierEvent.class));
    }

    private static long kinds(Class<?> type) {
        return Arrays.stream(type.getPermittedSubclasses()).count();
    }

    @Test
    void aFieldOfALaterVersionIsSkipped() {
        assertThat(TelephonyJson.steps("[{\"step\":\"hangUp\",\"politely\":true}]"))
                .containsExactly(new MediaStep.HangUp());
    }
}
