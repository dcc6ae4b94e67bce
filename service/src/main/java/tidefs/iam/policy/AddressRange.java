package tidefs.iam.policy;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;

/** A range of IP addresses: {@code 203.0.113.0/24}, {@code 2001:db8::/32}, or one address. */
record AddressRange(byte[] network, int prefix) {
  /** The range that a text stands for, if it does for one. Names are not looked up. */
  static Optional<AddressRange> parse(String text) {
    int slash = text.indexOf('/');
    try {
      byte[] network =
          InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash)).getAddress();
      int bits = network.length * Byte.SIZE;
      int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
      return prefix < 0 || prefix > bits
          ? Optional.empty()
          : Optional.of(new AddressRange(network, prefix));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  boolean includes(String address) {
    byte[] bytes;
    try {
      bytes = InetAddress.ofLiteral(address).getAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
    int rest = network.length * Byte.SIZE - prefix;
    return bytes.length == network.length
        && new BigInteger(1, bytes)
            .shiftRight(rest)
            .equals(new BigInteger(1, network).shiftRight(rest));
  }
}
