package io.cordboard.provider.twilio.webhook;

import io.cordboard.provider.twilio.HoldMusic;
import io.cordboard.provider.twilio.Twiml;
import java.time.Duration;
import java.util.function.Supplier;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Hands out the hold music to anybody; a carrier keeps it for a day. */
@RestController
class HoldMusicController {

    private final Supplier<byte[]> music = SingletonSupplier.of(HoldMusic::wav);

    @GetMapping(Twiml.HOLD_MUSIC)
    ResponseEntity<byte[]> music() {
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType("audio/wav"))
                .cacheControl(CacheControl.maxAge(Duration.ofDays(1)).cachePublic())
                .body(music.get());
    }
}
