package io.cordboard.simulator.carrier;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Sound that stands for what was recorded or played: telephone quality, 8 kHz, 8 bits, one channel. */
public final class Wav {

    private static final int RATE = 8000;
    private static final int HEADER = 44;
    private static final long LONGEST_SECONDS = 600;
    private static final int MIDDLE = 128;
    private static final double LOUDNESS = 12;
    private static final double PITCH_HZ = 220;

    private Wav() {}

    /** A soft tone of so many seconds, ten minutes at most. */
    public static byte[] tone(long seconds) {
        var samples = (int) (Math.min(Math.max(seconds, 1), LONGEST_SECONDS) * RATE);
        var file = ByteBuffer.allocate(HEADER + samples).order(ByteOrder.LITTLE_ENDIAN);
        file.put(ascii("RIFF")).putInt(HEADER - 8 + samples).put(ascii("WAVE"));
        file.put(ascii("fmt ")).putInt(16).putShort((short) 1).putShort((short) 1);
        file.putInt(RATE).putInt(RATE).putShort((short) 1).putShort((short) 8);
        file.put(ascii("data")).putInt(samples);
        var second = new byte[RATE];
        for (var i = 0; i < RATE; i++) {
            second[i] = (byte) (MIDDLE + Math.round(LOUDNESS * Math.sin(2 * Math.PI * PITCH_HZ * i / RATE)));
        }
        while (file.hasRemaining()) {
            file.put(second);
        }
        return file.array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
