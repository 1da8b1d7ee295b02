package io.cordboard.provider.twilio;

import com.twilio.exception.TwilioException;
import com.twilio.http.HttpMethod;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.account.Call;
import com.twilio.rest.api.v2010.account.Conference;
import com.twilio.rest.api.v2010.account.Recording;
import com.twilio.rest.api.v2010.account.conference.Participant;
import com.twilio.rest.api.v2010.account.conference.ParticipantUpdater;
import com.twilio.type.Client;
import com.twilio.type.Endpoint;
import com.twilio.type.PhoneNumber;
import com.twilio.type.Sip;
import io.cordboard.shared.PhoneNumbers;
import io.cordboard.telephony.CallLocks;
import io.cordboard.telephony.CarrierCommand;
import io.cordboard.telephony.CarrierEvent.LegEnd;
import io.cordboard.telephony.ListenMode;
import io.cordboard.telephony.spi.Carrier;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Twilio's REST API for the outbox. Twilio has no idempotency for the creation of a call, so a dial whose answer got lost
 * goes through {@link LostDials} before it is repeated; everything else may be done twice without harm.
 */
@Component
class TwilioCarrier implements Carrier {

    private static final Logger LOG = LoggerFactory.getLogger(TwilioCarrier.class);
    /** Twilio's limit for TwiML that comes by REST. */
    private static final int LONGEST_TWIML = 4000;

    /** Twilio takes a moment from a picked up phone to a place in the conference. */
    private static final Outcome NOT_THERE_YET =
            new Outcome.TryLater("The leg is not in its conference yet", Duration.ofMillis(300));

    private static final Pattern RECORDING = Pattern.compile("/Recordings/(RE[0-9a-f]{32})(?:\\.\\w+)?$");

    private final TwilioSettings settings;
    private final RestTransport transport;
    private final Supplier<TwilioRestClient> client;
    private final CallbackUrls urls;
    private final Twiml twiml;
    private final LostDials lostDials;
    private final MeterRegistry meters;

    TwilioCarrier(
            TwilioSettings settings,
            RestTransport transport,
            CallbackUrls urls,
            Twiml twiml,
            ObjectProvider<CallLocks> legs,
            Clock clock,
            MeterRegistry meters) {
        this.settings = settings;
        this.transport = transport;
        this.urls = urls;
        this.twiml = twiml;
        this.meters = meters;
        this.client = client(settings, transport);
        this.lostDials = new LostDials(client, legs, clock);
    }

    private static Supplier<TwilioRestClient> client(TwilioSettings settings, RestTransport transport) {
        if (settings.missing().isPresent()) {
            return () -> {
                throw new IllegalStateException("Twilio is switched off");
            };
        }
        var client = new TwilioRestClient.Builder(
                        settings.accountSid(), settings.authTokens().get(0))
                .httpClient(transport)
                .build();
        return () -> client;
    }

    @Override
    public String name() {
        return Twilio.NAME;
    }

    @Override
    public Outcome execute(Order order) {
        var missing = settings.missing();
        if (missing.isPresent()) {
            return new Outcome.Refused("Twilio is switched off: " + missing.get());
        }
        var started = Timer.start(meters);
        var outcome = attempt(order);
        started.stop(meters.timer(
                "cordboard.twilio.rest",
                "command",
                order.command().getClass().getSimpleName(),
                "outcome",
                outcome.getClass().getSimpleName()));
        if (!(outcome instanceof Outcome.Done)) {
            LOG.warn(
                    "{} of leg {} (call {}, try {}): {}",
                    order.command().getClass().getSimpleName(),
                    order.command().leg(),
                    order.command().call(),
                    order.attempt(),
                    outcome);
        }
        return outcome;
    }

    @Override
    public Optional<Ended> endOf(String providerLegId) throws IOException {
        refuseWhenSwitchedOff();
        try {
            var call = Call.fetcher(providerLegId).fetch(client.get());
            return Twilio.end(String.valueOf(call.getStatus())).map(how -> new Ended(how, connected(call)));
        } catch (RestTrouble trouble) {
            if (trouble.unheardOf()) {
                return Optional.of(new Ended(LegEnd.FAILED, Duration.ZERO));
            }
            throw new IOException(trouble.reason(), trouble);
        } catch (TwilioException unreadable) {
            throw new IOException("Twilio's answer cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    private static Duration connected(Call call) {
        var seconds = call.getDuration();
        return seconds != null && seconds.matches("\\d{1,9}")
                ? Duration.ofSeconds(Long.parseLong(seconds))
                : Duration.ZERO;
    }

    private void refuseWhenSwitchedOff() throws IOException {
        var missing = settings.missing();
        if (missing.isPresent()) {
            throw new IOException("Twilio is switched off: " + missing.get());
        }
    }

    /** Of the address only the recording's SID is used: the way there is ours. */
    @Override
    public Media openRecording(String url, @Nullable String range) throws IOException {
        refuseWhenSwitchedOff();
        var recording = RECORDING.matcher(url);
        if (!recording.find()) {
            throw new IOException("This is not the address of a recording at Twilio");
        }
        var path = "/2010-04-01/Accounts/" + settings.accountSid() + "/Recordings/" + recording.group(1) + ".wav";
        var login = settings.accountSid() + ":" + settings.authTokens().get(0);
        try {
            var answer = transport.open(
                    path, "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)), range);
            if (answer.statusCode() != 200 && answer.statusCode() != 206) {
                answer.body().close();
                throw new IOException("Twilio answered " + answer.statusCode());
            }
            return new Media(
                    answer.body(),
                    answer.headers().firstValue("Content-Type").orElse("audio/x-wav"),
                    answer.headers().firstValueAsLong("Content-Length").orElse(-1),
                    answer.headers().firstValue("Content-Range").orElse(null));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    private Outcome attempt(Order order) {
        var command = order.command();
        if (command instanceof CarrierCommand.Dial dial) {
            return dial(order, dial);
        }
        try {
            if (command instanceof CarrierCommand.Perform perform) {
                return perform(order, perform);
            }
            if (command instanceof CarrierCommand.HangUpLeg) {
                return hangUp(order);
            }
            if (command instanceof CarrierCommand.ChangeListening change) {
                return changeListening(order, change);
            }
            if (command instanceof CarrierCommand.Hold hold) {
                return hold(order, hold);
            }
            if (command instanceof CarrierCommand.DeleteRecording recording) {
                Recording.deleter(recording.recordingId()).delete(client.get());
                return new Outcome.Done(order.providerLegId());
            }
            return new Outcome.Refused(
                    "Twilio does not know " + command.getClass().getSimpleName());
        } catch (RestTrouble trouble) {
            if (trouble.over()) {
                return new Outcome.Done(order.providerLegId());
            }
            return trouble.passing()
                    ? new Outcome.TryLater(trouble.reason(), trouble.retryAfter())
                    : new Outcome.Refused(trouble.reason());
        } catch (TwilioException unreadable) {
            return new Outcome.TryLater("Twilio's answer cannot be read: " + unreadable.getMessage(), null);
        }
    }

    private Outcome perform(Order order, CarrierCommand.Perform perform) {
        var callSid = order.providerLegId();
        if (callSid == null) {
            return new Outcome.Refused("Twilio never told of this leg, so it cannot be moved");
        }
        var document = twiml.render(perform.steps(), callSid);
        if (document.length() > LONGEST_TWIML) {
            return new Outcome.Refused(
                    "The steps take " + document.length() + " characters of TwiML, Twilio's limit is " + LONGEST_TWIML
                            + " for a live call: say less at once");
        }
        Call.updater(callSid).setTwiml(document).update(client.get());
        return new Outcome.Done(callSid);
    }

    /** "Completed" ends a call in every state, "canceled" would leave one alone that was picked up meanwhile. */
    private Outcome hangUp(Order order) {
        var callSid = order.providerLegId();
        if (callSid != null) {
            Call.updater(callSid).setStatus(Call.UpdateStatus.COMPLETED).update(client.get());
        }
        return new Outcome.Done(callSid);
    }

    /** In one request: at no moment does the caller hear what is meant for the agent. */
    private Outcome changeListening(Order order, CarrierCommand.ChangeListening change) {
        return inConference(order, participant -> {
            participant.setMuted(change.mode() == ListenMode.LISTEN).setCoaching(change.mode() == ListenMode.WHISPER);
            if (change.mode() == ListenMode.WHISPER) {
                participant.setCallSidToCoach(change.agentLeg());
            }
        });
    }

    private Outcome hold(Order order, CarrierCommand.Hold hold) {
        return inConference(order, participant -> {
            participant.setHold(hold.on());
            if (hold.on()) {
                participant.setHoldUrl(urls.of("hold")).setHoldMethod(HttpMethod.POST);
            }
        });
    }

    /** Changes how a leg takes part in its call's conference. */
    private Outcome inConference(Order order, Consumer<ParticipantUpdater> change) {
        var callSid = order.providerLegId();
        if (callSid == null) {
            return new Outcome.Refused("Twilio never told of this leg, so it cannot be changed");
        }
        var conferences = Conference.reader()
                .setFriendlyName(order.command().call().toString())
                .setStatus(Conference.Status.IN_PROGRESS)
                .limit(1)
                .read(client.get())
                .iterator();
        if (!conferences.hasNext()) {
            return NOT_THERE_YET;
        }
        var participant = Participant.updater(conferences.next().getSid(), callSid);
        change.accept(participant);
        try {
            participant.update(client.get());
        } catch (RestTrouble trouble) {
            if (trouble.unheardOf()) {
                return NOT_THERE_YET;
            }
            throw trouble;
        }
        return new Outcome.Done(callSid);
    }

    private Outcome dial(Order order, CarrierCommand.Dial dial) {
        var to = endpoint(dial.to());
        if (to == null) {
            return new Outcome.Refused("Twilio cannot dial " + PhoneNumbers.masked(dial.to())
                    + ": an E.164 number, a sip: address or a client: name is needed");
        }
        if (order.mayHaveBeenDone()) {
            var found = lostDials.lookUp(order.id(), dial);
            if (found.isPresent()) {
                return found.get();
            }
        }
        var leg = dial.leg().toString();
        lostDials.dialling(order.id());
        try {
            var call = Call.creator(to, new PhoneNumber(dial.callerId()), URI.create(urls.of("leg", "leg", leg)))
                    .setMethod(HttpMethod.POST)
                    .setStatusCallback(urls.of("status", "leg", leg))
                    .setStatusCallbackMethod(HttpMethod.POST)
                    .setStatusCallbackEvent(List.of("ringing", "completed"))
                    .setTimeout(
                            (int) Math.max(1, Math.min(600, dial.ringTimeout().toSeconds())))
                    .create(client.get());
            if (call.getSid() == null) {
                return new Outcome.Unknown("Twilio's answer names no call");
            }
            lostDials.dialled(dial.leg(), call.getSid());
            return new Outcome.Done(call.getSid());
        } catch (RestTrouble trouble) {
            return notDialled(order, trouble);
        } catch (TwilioException unreadable) {
            return new Outcome.Unknown("Twilio's answer cannot be read: " + unreadable.getMessage());
        }
    }

    private Outcome notDialled(Order order, RestTrouble trouble) {
        if (trouble.kind() == RestTrouble.Kind.NOT_SENT || trouble.throttled()) {
            return new Outcome.TryLater(trouble.reason(), trouble.retryAfter());
        }
        if (trouble.kind() == RestTrouble.Kind.ANSWER_LOST) {
            return new Outcome.Unknown(trouble.reason());
        }
        if (trouble.passing()) {
            lostDials.answeredWithAnError(order.id());
            return new Outcome.Unknown(trouble.reason());
        }
        return new Outcome.Refused(trouble.reason());
    }

    private static @Nullable Endpoint endpoint(String address) {
        if (address.matches("\\+[1-9]\\d{6,14}")) {
            return new PhoneNumber(address);
        }
        if (address.startsWith("sip:") && address.contains("@")) {
            return new Sip(address);
        }
        return address.startsWith("client:") && address.length() > 7 ? new Client(address) : null;
    }
}
