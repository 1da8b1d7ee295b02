package io.cordboard.events.webhook;

import io.cordboard.events.Questions;
import io.cordboard.events.webhook.Sender.Exchange;
import io.cordboard.events.webhook.Sender.Message;
import java.time.Duration;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Questions take the way of webhooks. */
@Component
class SignedQuestions implements Questions {

    private static final int READ_AT_MOST = 65_536;

    private final Destinations destinations;
    private final Sender sender;
    private final WebhookSettings settings;

    SignedQuestions(Destinations destinations, Sender sender, WebhookSettings settings) {
        this.destinations = destinations;
        this.sender = sender;
        this.settings = settings;
    }

    @Override
    public Optional<Objection> objection(String url) {
        try {
            destinations.parse(url);
            return Optional.empty();
        } catch (Destinations.Refused refused) {
            return Optional.of(new Objection(String.valueOf(refused.getMessage()), refused.remedy()));
        }
    }

    @Override
    public String newSecret() {
        return WebhookSecret.next();
    }

    @Override
    public Duration oldSecretValid() {
        return settings.oldSecretValid();
    }

    @Override
    public Reply ask(Question question, Duration within) {
        Exchange exchange = sender.exchange(
                new Message(question.url(), question.id(), question.secrets(), question.body()), within, READ_AT_MOST);
        return new Reply(exchange.status(), exchange.body(), exchange.error());
    }
}
