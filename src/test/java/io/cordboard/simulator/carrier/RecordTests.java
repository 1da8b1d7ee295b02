package io.cordboard.simulator.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import com.twilio.rest.api.v2010.account.Recording;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;

/** Record and everything that follows from it. */
class RecordTests extends CarrierTest {

    private static final String RECORD = "<Record action='recorded' recordingStatusCallback='ready' transcribe='true'"
            + " transcribeCallback='written' timeout='3'/><Say>Nothing recorded</Say>";

    @Test
    void theActionTheRecordingAndTheTranscriptionAreToldOneAfterTheOther() throws Exception {
        var line = line(RECORD).answers("recorded", "<Hangup/>");
        var call = dial(line, "say Please call me back", "silence").untilStatus("completed");

        assertThat(call.heard()).contains("beep: ");
        var recorded = line.request("recorded");
        assertThat(recorded.fields()).containsKeys("RecordingUrl", "RecordingSid", "RecordingDuration");
        assertThat(line.request("ready").fields())
                .containsEntry("RecordingStatus", "completed")
                .containsEntry("RecordingSource", "RecordVerb")
                .containsEntry("RecordingSid", recorded.field("RecordingSid"));
        assertThat(line.request("written").fields())
                .containsEntry("TranscriptionStatus", "completed")
                .containsEntry("TranscriptionText", "Please call me back")
                .containsEntry("RecordingSid", recorded.field("RecordingSid"));
        var audio = AudioSystem.getAudioInputStream(new ByteArrayInputStream(download(recorded.field("RecordingUrl"))));
        assertThat(audio.getFrameLength() / audio.getFormat().getFrameRate())
                .isEqualTo(Float.parseFloat(recorded.field("RecordingDuration")));
    }

    @Test
    void silenceIsNoRecordingAndTheNextVerbFollows() {
        var line = line(RECORD);

        assertThat(dial(line).untilStatus("completed").heard()).contains("say: Nothing recorded");
        assertThat(line.requests("recorded")).isEmpty();
    }

    @Test
    void aKeyEndsItAndHangingUpIsToldToo() {
        var line = line("<Record action='recorded' timeout='60'/>").answers("recorded", "<Hangup/>");
        dial(line, "say one", "press #").untilStatus("completed");
        assertThat(line.request("recorded").field("Digits")).isEqualTo("#");

        var other = line("<Record action='recorded' timeout='60'/>");
        dial(other, "say two", "hang up").untilStatus("completed");
        assertThat(other.request("recorded").fields())
                .containsEntry("Digits", "hangup")
                .containsEntry("CallStatus", "completed");
    }

    @Test
    void theLongestLengthEndsIt() {
        var line =
                line("<Record action='recorded' maxLength='10' timeout='600'/>").answers("recorded", "<Hangup/>");
        dial(line, "say something").untilStatus("completed");

        assertThat(line.request("recorded").field("RecordingDuration")).isEqualTo("10");
    }

    @Test
    void restStartsStopsListsAndDeletesRecordings() throws Exception {
        var line = line("<Gather timeout='600' input='speech dtmf' numDigits='1'/>");
        var call = dial(line).untilIn("gathering");
        var started = com.twilio.rest.api.v2010.account.call.Recording.creator(call.sid())
                .setRecordingStatusCallback(URI.create(line.url("ready")))
                .setRecordingChannels("dual")
                .create(TWILIO);
        assertThat(started.getStatus()).isEqualTo(com.twilio.rest.api.v2010.account.call.Recording.Status.IN_PROGRESS);
        var paused = com.twilio.rest.api.v2010.account.call.Recording.updater(
                        call.sid(), "Twilio.CURRENT", com.twilio.rest.api.v2010.account.call.Recording.Status.PAUSED)
                .update(TWILIO);
        assertThat(paused.getSid()).isEqualTo(started.getSid());
        com.twilio.rest.api.v2010.account.call.Recording.updater(
                        call.sid(), started.getSid(), com.twilio.rest.api.v2010.account.call.Recording.Status.STOPPED)
                .update(TWILIO);
        assertThat(line.request("ready").field("RecordingChannels")).isEqualTo("2");
        call.hangsUp();

        assertThat(com.twilio.rest.api.v2010.account.call.Recording.reader(call.sid())
                        .read(TWILIO))
                .hasSize(1);
        assertThat(Recording.reader().setCallSid(call.sid()).read(TWILIO)).hasSize(1);
        var fetched = Recording.fetcher(started.getSid()).fetch(TWILIO);
        assertThat(fetched.getStatus()).isEqualTo(Recording.Status.COMPLETED);
        assertThat(download(fetched.getMediaUrl() + ".mp3")).startsWith("RIFF".getBytes(StandardCharsets.US_ASCII));
        assertThat(Recording.deleter(started.getSid()).delete(TWILIO)).isTrue();
        assertThat(Recording.reader().setCallSid(call.sid()).read(TWILIO)).isEmpty();
    }

    private static byte[] download(String url) throws Exception {
        var credentials = Base64.getEncoder()
                .encodeToString((Network.ACCOUNT + ":" + Network.TOKEN).getBytes(StandardCharsets.UTF_8));
        var request = HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", "Basic " + credentials)
                .build();
        var response = HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }
}
