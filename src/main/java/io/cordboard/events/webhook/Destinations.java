package io.cordboard.events.webhook;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where events may be sent: public servers over HTTPS, never anything in our own network, whoever asks for it and however
 * it is written. The text of an address is checked when it is entered and again at each delivery, and what its name
 * stands for at each delivery.
 */
final class Destinations {

    private static final int LONGEST = 2_000;

    private static final Pattern PRINTABLE = Pattern.compile("[!-~&&[^\\\\]]+");

    /** Without leading zeros, which some read as octal numbers. */
    private static final Pattern IPV4 =
            Pattern.compile("(?:(?:0|[1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-5])(?:\\.(?!$)|$)){4}");

    /** The last label begins with a letter: names that some would read as numbers do not. */
    private static final Pattern NAME = Pattern.compile(
            "(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?");

    private final WebhookSettings settings;
    private final Names names;

    Destinations(WebhookSettings settings, Names names) {
        this.settings = settings;
        this.names = names;
    }

    /** Finds the addresses of a name, as {@link InetAddress#getAllByName} does. */
    interface Names {

        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    /** @param loopback whether it is this very machine, which is allowed in development only */
    record Destination(URI url, String host, int port, boolean loopback) {}

    /** Nothing may be sent there. The message says why and goes to whoever subscribed. */
    static final class Refused extends IOException {

        private static final long serialVersionUID = 1;

        private final String remedy;

        private Refused(String why, String remedy) {
            super(why);
            this.remedy = remedy;
        }

        String remedy() {
            return remedy;
        }
    }

    /** Reads an address, without looking its name up. */
    Destination parse(String text) throws Refused {
        if (text.length() > LONGEST || !PRINTABLE.matcher(text).matches()) {
            throw new Refused(
                    "The URL is longer than " + LONGEST + " characters or has some that do not belong there.",
                    "Send a URL of printable ASCII characters; write names in other scripts in Punycode (xn--).");
        }
        URI url = uri(text);
        if (url.getRawAuthority() != null && url.getRawAuthority().contains("@")) {
            throw new Refused(
                    "The URL contains a user name or password.",
                    "Leave it out; check the signature of what you receive instead.");
        }
        if (url.getRawFragment() != null) {
            throw new Refused("The URL has a fragment (#), which is never sent.", "Leave it out.");
        }
        String host = url.getHost() == null ? "" : url.getHost().toLowerCase(Locale.ROOT);
        Optional<InetAddress> literal = literal(host);
        boolean loopback = settings.allowLoopback()
                && (host.equals("localhost")
                        || literal.map(InetAddress::isLoopbackAddress).orElse(false));
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !(loopback && scheme.equals("http"))) {
            throw new Refused("The URL does not begin with https://.", "Events are sent over HTTPS only.");
        }
        int port = url.getPort() != -1 ? url.getPort() : scheme.equals("https") ? 443 : 80;
        if (!loopback) {
            requirePublic(host, literal, port);
        }
        return new Destination(url, host, port, loopback);
    }

    private static URI uri(String text) throws Refused {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new Refused(
                    "The URL cannot be read: " + e.getReason() + ".", "Send one such as https://example.com/events.");
        }
    }

    private void requirePublic(String host, Optional<InetAddress> literal, int port) throws Refused {
        if (literal.isPresent()) {
            requirePublic(host, literal.get());
        } else if (!NAME.matcher(host).matches()) {
            throw new Refused(
                    "The URL does not name a server of the public internet.",
                    "Use a full name such as events.example.com.");
        }
        if (!settings.ports().contains(port)) {
            throw new Refused(
                    "Port " + port + " is not one that events are sent to.",
                    "Listen at "
                            + new TreeSet<>(settings.ports())
                                    .stream().map(String::valueOf).collect(Collectors.joining(" or "))
                            + ".");
        }
    }

    /** An address in the place of a name; looks nothing up. */
    private static Optional<InetAddress> literal(String host) throws Refused {
        boolean six = host.startsWith("[");
        if (!six && !IPV4.matcher(host).matches()) {
            return Optional.empty();
        }
        try {
            InetAddress address = InetAddress.getByName(host);
            // Java turns ::ffff:192.0.2.1 into 192.0.2.1.
            if (host.contains("%") || six && !(address instanceof Inet6Address)) {
                throw new Refused(
                        "The address " + host + " is an IPv4 address in disguise or has a zone.",
                        "Use the name of your server.");
            }
            return Optional.of(address);
        } catch (UnknownHostException e) {
            throw new Refused("The address " + host + " cannot be read.", "Use the name of your server.");
        }
    }

    /**
     * Looks a name up, once. Whoever connects must use these addresses and not look again: the next answer may differ.
     *
     * @throws Refused if any of them is not public
     */
    InetAddress[] resolve(Destination destination) throws Refused, UnknownHostException {
        String host = destination.host();
        InetAddress[] found = host.startsWith("[") || IPV4.matcher(host).matches()
                ? new InetAddress[] {InetAddress.getByName(host)}
                : names.addresses(host);
        if (found.length == 0) {
            throw new UnknownHostException(host);
        }
        for (InetAddress address : found) {
            if (!destination.loopback()) {
                requirePublic(host, address);
            } else if (!address.isLoopbackAddress()) {
                throw new Refused("The name " + host + " is not this machine.", "Use 127.0.0.1.");
            }
        }
        return found;
    }

    private static void requirePublic(String host, InetAddress address) throws Refused {
        Optional<String> objection = PublicAddresses.objection(address);
        if (objection.isPresent()) {
            throw new Refused(
                    "The server " + host + " is not in the public internet: its address is " + objection.get() + ".",
                    "Use the public name of your server.");
        }
    }
}
