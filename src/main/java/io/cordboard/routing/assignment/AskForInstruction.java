package io.cordboard.routing.assignment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cordboard.events.EventLog;
import io.cordboard.events.Questions;
import io.cordboard.events.Questions.Question;
import io.cordboard.events.Questions.Reply;
import io.cordboard.routing.AnsweredBy;
import io.cordboard.routing.Instruction;
import io.cordboard.routing.InstructionReader;
import io.cordboard.routing.InstructionReader.UnfitInstructionException;
import io.cordboard.routing.InstructionWanted;
import io.cordboard.routing.assignment.AskedReservations.Asked;
import io.cordboard.routing.process.AnswerOffer;
import io.cordboard.routing.process.AnswerOffer.Answered;
import io.cordboard.routing.process.AnswerOffer.Refused;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Asks a customer's server what shall become of a reservation, beside its agent, and does what it says. The agent's offer
 * stands whatever happens here: when nothing usable comes back, or this node dies meanwhile, the agent answers as ever.
 */
@Component
@EnableConfigurationProperties(AssignmentSettings.class)
class AskForInstruction {

    private static final Logger log = LoggerFactory.getLogger(AskForInstruction.class);

    private static final int LONGEST_FAULT = 300;

    private final AskedReservations reservations;
    private final Questions questions;
    private final InstructionReader reader;
    private final AnswerOffer answerOffer;
    private final EventLog events;
    private final TransactionTemplate transaction;
    private final ObjectMapper json;
    private final MeterRegistry meters;
    private final AssignmentSettings settings;
    private final Lanes lanes;

    AskForInstruction(
            AskedReservations reservations,
            Questions questions,
            InstructionReader reader,
            AnswerOffer answerOffer,
            EventLog events,
            TransactionTemplate transaction,
            ObjectMapper json,
            MeterRegistry meters,
            AssignmentSettings settings) {
        this.reservations = reservations;
        this.questions = questions;
        this.reader = reader;
        this.answerOffer = answerOffer;
        this.events = events;
        this.transaction = transaction;
        this.json = json;
        this.meters = meters;
        this.settings = settings;
        this.lanes = new Lanes(settings.atOnce(), settings.atOnceEach(), settings.waitingEach());
    }

    @PreDestroy
    void stop() {
        lanes.close();
    }

    /** After the commit, and on a thread of its own: neither the call nor the matcher waits for somebody's server. */
    @TransactionalEventListener
    void on(InstructionWanted wanted) {
        Timer.Sample sample = Timer.start(meters);
        long deadline = System.nanoTime() + settings.timeout().toNanos();
        boolean room = lanes.offer(wanted.customer().value(), () -> {
            String outcome = "failed";
            try {
                outcome = ask(wanted, deadline);
            } catch (RuntimeException e) {
                log.warn("The assignment callback for {} met a problem; its agent decides", wanted.reservation(), e);
            } finally {
                record(sample, outcome);
            }
        });
        if (!room) {
            log.warn("Too many assignment callbacks are under way; {} is its agent's alone", wanted.reservation());
            record(sample, "crowded");
        }
    }

    private void record(Timer.Sample sample, String outcome) {
        sample.stop(Timer.builder("cordboard.assignment.callbacks")
                .description("Questions to assignment callbacks, from the reservation to what came of the answer")
                .tag("outcome", outcome)
                .register(meters));
    }

    /** @return what came of it, in one word */
    private String ask(InstructionWanted wanted, long deadline) {
        Optional<Asked> pending = reservations.find(wanted.reservation());
        if (pending.isEmpty()) {
            return "late";
        }
        Asked asked = pending.get();
        String fallback = asked.fallback();
        Heard first = hear(
                wanted,
                asked,
                asked.url(),
                left(deadline),
                fallback == null ? settings.timeout() : settings.beforeFallback());
        Heard heard = first.fault() == null || fallback == null
                ? first
                : hear(wanted, asked, fallback, left(deadline), settings.timeout());
        if (first.fault() != null) {
            tell(wanted, first.fault(), fallback == null ? null : heard);
        }
        if (heard.fault() != null) {
            return "failed";
        }
        return heard.instruction() == null ? "none" : follow(wanted, heard.instruction());
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(deadline - System.nanoTime());
    }

    private Heard hear(InstructionWanted wanted, Asked asked, String url, Duration left, Duration most) {
        Duration within = left.compareTo(most) < 0 ? left : most;
        if (within.toMillis() <= 0) {
            return Heard.fault("There was no time left to ask.");
        }
        Reply reply = questions.ask(
                new Question(url, wanted.reservation().toString(), asked.secrets(), asked.body()), within);
        Integer status = reply.status();
        if (status == null) {
            return Heard.fault(String.valueOf(reply.error()));
        }
        if (status / 100 != 2) {
            return Heard.fault("The answer was " + status + ".");
        }
        if (reply.body().isBlank()) {
            return new Heard(null, null);
        }
        try {
            return new Heard(reader.read(json.readTree(reply.body())), null);
        } catch (JsonProcessingException e) {
            return Heard.fault("The answer is not JSON.");
        } catch (UnfitInstructionException unfit) {
            return Heard.fault("The instruction cannot be followed: "
                    + unfit.faults().get(0).field() + ": "
                    + unfit.faults().get(0).problem());
        }
    }

    private String follow(InstructionWanted wanted, Instruction instruction) {
        AnswerOffer.Outcome outcome = answerOffer.follow(wanted.reservation(), instruction, AnsweredBy.CALLBACK);
        if (outcome instanceof Refused refused) {
            tell(wanted, refused.problem(), null);
            return "failed";
        }
        return outcome instanceof Answered ? String.valueOf(instruction.instruction()) : "late";
    }

    /** @param fallback what the other address said; null when it was not asked */
    private void tell(InstructionWanted wanted, String why, @Nullable Heard fallback) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("reservation", wanted.reservation().toString());
        data.put("reason", why);
        if (fallback != null) {
            data.put("fallback", fallback.fault() == null ? "answered" : fallback.fault());
        }
        transaction.executeWithoutResult(
                status -> events.add("reservation.callback_failed", wanted.call(), null, data));
    }

    /**
     * What an address said.
     *
     * @param instruction null for none: the agent shall decide
     * @param fault why it is of no use; null when it is
     */
    private record Heard(@Nullable Instruction instruction, @Nullable String fault) {

        /** @param why may quote what a server sent, so it is cut */
        static Heard fault(String why) {
            return new Heard(null, why.length() <= LONGEST_FAULT ? why : why.substring(0, LONGEST_FAULT) + "…");
        }
    }
}
