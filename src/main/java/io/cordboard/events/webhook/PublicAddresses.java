package io.cordboard.events.webhook;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/**
 * Which IP addresses belong to the public internet, after IANA's registries of special-purpose addresses. Of IPv6 only
 * global unicast does (2000::/3), so that everything that hides an IPv4 address (mapped, compatible, NAT64) is outside.
 */
final class PublicAddresses {

    private static final List<Range> NOT_PUBLIC = List.of(
            range("0.0.0.0", 8, "unspecified"),
            range("10.0.0.0", 8, "private"),
            range("100.64.0.0", 10, "carrier-grade NAT"),
            range("127.0.0.0", 8, "loopback"),
            range("168.63.129.16", 32, "a cloud's metadata service"),
            range("169.254.0.0", 16, "link-local"),
            range("172.16.0.0", 12, "private"),
            range("192.0.0.0", 24, "reserved"),
            range("192.0.2.0", 24, "documentation"),
            range("192.88.99.0", 24, "6to4"),
            range("192.168.0.0", 16, "private"),
            range("198.18.0.0", 15, "benchmarking"),
            range("198.51.100.0", 24, "documentation"),
            range("203.0.113.0", 24, "documentation"),
            range("224.0.0.0", 4, "multicast"),
            range("240.0.0.0", 4, "reserved"),
            range("2001::", 23, "Teredo or reserved"),
            range("2001:db8::", 32, "documentation"),
            range("2002::", 16, "6to4"),
            range("3fff::", 20, "documentation"));

    private static final Range GLOBAL_UNICAST = range("2000::", 3, "global unicast");

    private PublicAddresses() {}

    /** Why an address is not public, in one or two words; empty if it is. */
    static Optional<String> objection(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet6Address) {
            if (address.isLoopbackAddress()) {
                return Optional.of("loopback");
            }
            if (!GLOBAL_UNICAST.contains(bytes)) {
                return Optional.of("not global unicast");
            }
            if (isIsatap(bytes)) {
                return Optional.of("ISATAP");
            }
        } else if (!(address instanceof Inet4Address)) {
            return Optional.of("unknown");
        }
        return NOT_PUBLIC.stream()
                .filter(range -> range.contains(bytes))
                .map(Range::what)
                .findFirst();
    }

    /** An IPv4 address in the last half of any IPv6 network (RFC 5214). */
    private static boolean isIsatap(byte[] bytes) {
        return (bytes[8] & ~0x02) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == (byte) 0xfe;
    }

    private static Range range(String network, int bits, String what) {
        try {
            return new Range(InetAddress.getByName(network).getAddress(), bits, what);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(network, e);
        }
    }

    private record Range(byte[] network, int bits, String what) {

        boolean contains(byte[] address) {
            if (address.length != network.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((address[bit / 8] & mask) != (network[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }
}
