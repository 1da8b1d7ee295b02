package io.cordboard.provider.twilio.webhook;

import io.cordboard.platform.Problem;
import io.cordboard.provider.twilio.CallbackUrls;
import io.cordboard.provider.twilio.TwilioSettings;
import io.cordboard.provider.twilio.Twiml;
import io.cordboard.shared.PhoneNumbers;
import io.cordboard.telephony.CarrierEvent;
import io.cordboard.telephony.HoldPrompts;
import io.cordboard.telephony.Inbox;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Twilio's webhooks, already verified. Where Twilio asks what to do, the reply is TwiML, within Twilio's 15 seconds and
 * never an error; where it only tells, the reply is 204 once the event is safe.
 */
@RestController
@RequestMapping(path = CallbackUrls.ROOT)
class TwilioWebhooks {

    private static final Logger LOG = LoggerFactory.getLogger(TwilioWebhooks.class);
    private static final MediaType XML = new MediaType("application", "xml", StandardCharsets.UTF_8);
    private static final int TRIES_TO_ENQUEUE = 10;

    private final Inbox inbox;
    private final Twiml twiml;
    private final Translation translation;
    private final Patience patience;
    private final HoldPrompts prompts;
    private final Clock clock;

    TwilioWebhooks(
            Inbox inbox, Twiml twiml, CallbackUrls urls, TwilioSettings settings, HoldPrompts prompts, Clock clock) {
        this.inbox = inbox;
        this.twiml = twiml;
        this.prompts = prompts;
        this.clock = clock;
        this.translation = new Translation(clock);
        this.patience = new Patience(urls, settings.language());
    }

    /** A call comes in. */
    @PostMapping("voice")
    ResponseEntity<String> voice(@RequestAttribute(Callback.ATTRIBUTE) Callback callback) {
        var event = translation.incomingCall(callback);
        LOG.info(
                "Call {} from {} to {}",
                callback.callSid(),
                PhoneNumbers.masked(event.from()),
                PhoneNumbers.masked(event.to()));
        return asked(callback, event);
    }

    /** A question was answered, or not. */
    @PostMapping("ask")
    ResponseEntity<String> ask(@RequestAttribute(Callback.ATTRIBUTE) Callback callback) {
        return asked(callback, translation.answered(callback));
    }

    /** A leg that we dialled was picked up. */
    @PostMapping("leg")
    ResponseEntity<String> leg(@RequestAttribute(Callback.ATTRIBUTE) Callback callback) {
        return asked(callback, translation.legPickedUp(callback));
    }

    /** Somebody waits and the last piece of music is over. Changes nothing, so the inbox has no part in it. */
    @PostMapping("wait")
    ResponseEntity<String> waiting(@RequestAttribute(Callback.ATTRIBUTE) Callback callback) {
        long said = callback.query().first("prompts").map(Long::parseLong).orElse(0L);
        if (said == 0) {
            return xml(twiml.waiting());
        }
        Instant saidAt = said == 1 ? null : Instant.ofEpochSecond(said);
        try {
            return xml(prompts.next(callback.leg().provider(), callback.callSid(), saidAt)
                    .map(hold -> twiml.waiting(hold, hold.words().isEmpty() ? saidAt : clock.instant()))
                    .orElseGet(() -> twiml.waiting()));
        } catch (DataAccessException | TransactionException away) {
            LOG.warn("Who waits hears music only: {}", away.getMessage());
            return xml(twiml.waiting());
        }
    }

    /** Somebody is put on hold. Twilio asks once, so the music must not end. */
    @PostMapping("hold")
    ResponseEntity<String> held() {
        return xml(twiml.held());
    }

    /** Somebody who waits pressed a key; whatever the flow makes of it goes to the line by REST. */
    @PostMapping("key")
    ResponseEntity<String> key(@RequestAttribute(Callback.ATTRIBUTE) Callback callback) {
        told(translation.keyPressed(callback));
        return xml(twiml.waitOn(clock.instant()));
    }

    /**
     * A leg left Twilio's queue. We move legs out of it by REST and learn of their end by their status, so all that is
     * left to do is to let nobody fall out whom the queue would not take.
     */
    @PostMapping("queue")
    ResponseEntity<String> queue(@RequestAttribute(Callback.ATTRIBUTE) Callback callback) {
        var result = callback.value("QueueResult").orElse("");
        if (!Set.of("queue-full", "error", "system-error").contains(result) || callback.over()) {
            return xml(twiml.nothing());
        }
        var queue = callback.query().first("q").orElseThrow(() -> Callback.foreign("q"));
        var tries = callback.query().first("again").map(Integer::parseInt).orElse(0);
        LOG.warn("Twilio's queue did not take call {}: {} (try {})", callback.callSid(), result, tries + 1);
        return xml(
                tries < TRIES_TO_ENQUEUE
                        ? twiml.enqueueAgain(
                                queue, callback.query().first("prompts").isPresent(), tries + 1)
                        : patience.apology());
    }

    /** The conference began or ended. */
    @PostMapping("conference")
    ResponseEntity<String> conference(@RequestAttribute(Callback.ATTRIBUTE) Callback callback) {
        return told(translation.conference(callback).orElse(null));
    }

    /**
     * A leg is out of its conference. What becomes of the call follows from the end of the leg that left first, which is
     * told meanwhile; a leg that is moved elsewhere is moved by REST and does not come here.
     */
    @PostMapping("left")
    ResponseEntity<String> left() {
        return xml(twiml.hangUp());
    }

    /** A message was recorded. */
    @PostMapping("record")
    ResponseEntity<String> record(@RequestAttribute(Callback.ATTRIBUTE) Callback callback) {
        var event = translation.messageRecorded(callback);
        return event.hungUp() ? told(event) : asked(callback, event);
    }

    /** A recording can be fetched. */
    @PostMapping("recording")
    ResponseEntity<String> recording(@RequestAttribute(Callback.ATTRIBUTE) Callback callback) {
        return told(translation.recording(callback).orElse(null));
    }

    /** A recording was written down. */
    @PostMapping("transcription")
    ResponseEntity<String> transcription(@RequestAttribute(Callback.ATTRIBUTE) Callback callback) {
        return told(translation.transcription(callback));
    }

    /** A leg rings or is over. */
    @PostMapping("status")
    ResponseEntity<String> status(@RequestAttribute(Callback.ATTRIBUTE) Callback callback) {
        return told(translation.status(callback).orElse(null));
    }

    private ResponseEntity<String> asked(Callback callback, CarrierEvent event) {
        try {
            var receipt = inbox.receive(event);
            if (receipt.state() == Inbox.State.DONE && !receipt.steps().isEmpty()) {
                return xml(twiml.render(receipt.steps(), callback.callSid()));
            }
            LOG.info("{} has to wait, the caller hears so", event.key().value());
        } catch (RuntimeException notTaken) {
            notTaken(event, notTaken);
        }
        return xml(patience.reply(callback));
    }

    private ResponseEntity<String> told(@Nullable CarrierEvent event) {
        if (event != null) {
            try {
                inbox.receiveOrSpool(event);
            } catch (RuntimeException notTaken) {
                notTaken(event, notTaken);
                throw Problem.of(HttpStatus.SERVICE_UNAVAILABLE, "The event could not be stored.", "Send it again.");
            }
        }
        return ResponseEntity.noContent().build();
    }

    /** A database that is down is no news each time; anything else is. */
    private static void notTaken(CarrierEvent event, RuntimeException why) {
        if (why instanceof DataAccessException || why instanceof TransactionException) {
            LOG.warn("{} was not taken and will be told again: {}", event.key().value(), why.getMessage());
        } else {
            LOG.error("{} was not taken and will be told again", event.key().value(), why);
        }
    }

    private static ResponseEntity<String> xml(String document) {
        return ResponseEntity.ok().contentType(XML).body(document);
    }
}
