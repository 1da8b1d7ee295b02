package io.cordboard.provider.twilio;

import io.cordboard.platform.PublicUrl;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.springframework.stereotype.Component;

/**
 * The addresses that we hand out to Twilio: absolute, because TwiML that is sent by REST has no document to be relative
 * to, and with our wish how often a failed request is repeated (Twilio's connection overrides, in the fragment, which
 * is not sent and not signed).
 */
@Component
public class CallbackUrls {

    /** Below this path Twilio finds us. */
    public static final String ROOT = "/webhooks/twilio/";

    private final PublicUrl publicUrl;
    private final String fragment;

    public CallbackUrls(PublicUrl publicUrl, TwilioSettings settings) {
        this.publicUrl = publicUrl;
        this.fragment = settings.callbackRetries().isBlank() ? "" : "#" + settings.callbackRetries();
    }

    /**
     * The address of a webhook.
     *
     * @param hook the last part of the path, for example {@code ask}
     */
    public String of(String hook) {
        return retried(ROOT + hook);
    }

    /** The same with a query of one parameter. */
    public String of(String hook, String name, String value) {
        return retried(ROOT + hook + "?" + name + "=" + encoded(value));
    }

    /**
     * An address with our wish for retries.
     *
     * @param path path and query below our public address
     */
    public String retried(String path) {
        return publicUrl.base() + path + fragment;
    }

    /** A sound's address: unchanged when it is absolute already. */
    public String media(String source) {
        return source.startsWith("/") ? publicUrl.base() + source : source;
    }

    /** A value as it stands in a query. */
    public static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
