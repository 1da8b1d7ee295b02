package io.cordboard.provider.twilio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * What callers hear while they wait: soft chords of four bars, made up in code so that nobody owns them. A WAV file, 8
 * kHz, 16 bits, mono, which loops without a click. The same bytes on every machine.
 */
public final class HoldMusic {

    private static final int RATE = 8000;
    private static final int SECONDS_PER_CHORD = 6;
    private static final double PEAK = 0.32;

    /** Am9, Fmaj7, Cmaj9, G6, in Hertz; the first note of each is its bass. */
    private static final double[][] CHORDS = {
        {110.00, 261.63, 329.63, 392.00, 493.88},
        {87.31, 220.00, 261.63, 329.63, 440.00},
        {130.81, 246.94, 293.66, 329.63, 392.00},
        {98.00, 246.94, 293.66, 329.63, 587.33},
    };

    private HoldMusic() {}

    /** The whole file, 24 seconds. */
    public static byte[] wav() {
        var samples = CHORDS.length * SECONDS_PER_CHORD * RATE;
        var mix = new double[samples];
        for (var chord = 0; chord < CHORDS.length; chord++) {
            for (var voice = 0; voice < CHORDS[chord].length; voice++) {
                var start = chord * SECONDS_PER_CHORD + (voice == 0 ? 0.0 : 0.45 * (voice - 1));
                addTone(mix, CHORDS[chord][voice], start, voice == 0 ? 0.5 : 0.3);
            }
        }
        return file(mix);
    }

    /** Swells within a second, then fades into the next chord; what reaches over the end sounds at the beginning. */
    private static void addTone(double[] mix, double frequency, double start, double loudness) {
        var first = (int) (start * RATE);
        var length = (SECONDS_PER_CHORD + 1) * RATE;
        for (var i = 0; i < length; i++) {
            var position = (double) i / length;
            var attack = Math.min(1, i / (double) RATE);
            var envelope = attack * StrictMath.pow(1 - position, 1.5);
            var angle = 2 * StrictMath.PI * frequency * i / RATE;
            mix[(first + i) % mix.length] +=
                    loudness * envelope * (StrictMath.sin(angle) + 0.18 * StrictMath.sin(2 * angle));
        }
    }

    private static byte[] file(double[] mix) {
        var loudest = 0.0;
        for (var sample : mix) {
            loudest = Math.max(loudest, Math.abs(sample));
        }
        var data = mix.length * 2;
        var wav = ByteBuffer.allocate(44 + data).order(ByteOrder.LITTLE_ENDIAN);
        wav.put(ascii("RIFF")).putInt(36 + data).put(ascii("WAVE"));
        wav.put(ascii("fmt ")).putInt(16).putShort((short) 1).putShort((short) 1);
        wav.putInt(RATE).putInt(RATE * 2).putShort((short) 2).putShort((short) 16);
        wav.put(ascii("data")).putInt(data);
        for (var sample : mix) {
            wav.putShort((short) Math.round(sample / loudest * PEAK * Short.MAX_VALUE));
        }
        return wav.array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
