package io.cordboard.provider.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;

class HoldMusicTests {

    @Test
    void isAWavFileThatTelephonesCanPlayAndTheSameEveryTime() throws Exception {
        var wav = HoldMusic.wav();
        try (var audio = AudioSystem.getAudioInputStream(new ByteArrayInputStream(wav))) {
            assertThat(audio.getFormat().getSampleRate()).isEqualTo(8000f);
            assertThat(audio.getFormat().getChannels()).isEqualTo(1);
            assertThat(audio.getFormat().getSampleSizeInBits()).isEqualTo(16);
            assertThat(audio.getFrameLength() / 8000.0).isBetween(20.0, 30.0);
        }
        assertThat(HoldMusic.wav()).isEqualTo(wav);
    }

    @Test
    void isNeverSilentNeverLoudAndLoopsWithoutAClick() {
        var samples =
                ByteBuffer.wrap(HoldMusic.wav()).order(ByteOrder.LITTLE_ENDIAN).position(44);
        var loudest = 0;
        var steepest = 0;
        var quietestSecond = Double.MAX_VALUE;
        var second = 0.0;
        var count = 0;
        int first = samples.getShort(samples.position());
        int last = first;
        while (samples.hasRemaining()) {
            int sample = samples.getShort();
            loudest = Math.max(loudest, Math.abs(sample));
            steepest = Math.max(steepest, Math.abs(sample - last));
            last = sample;
            second += Math.abs(sample);
            if (++count % 8000 == 0) {
                quietestSecond = Math.min(quietestSecond, second / 8000);
                second = 0;
            }
        }
        assertThat(loudest).isBetween(8_000, 12_000);
        assertThat(quietestSecond).isGreaterThan(200);
        assertThat(Math.abs(last - first)).isLessThanOrEqualTo(steepest);
    }
}
