package tidefs.control;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A block of IPv4 addresses in CIDR notation (RFC 4632): the network's first address and the number
 * of leading bits that are common to all of its addresses.
 */
public record Cidr(Inet4Address first, int prefixLength) {
  /** Refuses a block whose first address has bits set behind the prefix. */
  public Cidr {
    if (prefixLength < 0 || prefixLength > 32) {
      throw new IllegalArgumentException("prefix length " + prefixLength + " is not in 0 to 32");
    }
    if ((bits(first) & ~mask(prefixLength)) != 0) {
      throw new IllegalArgumentException(
          first.getHostAddress() + "/" + prefixLength + " has address bits behind its prefix");
    }
  }

  /** Parses {@code a.b.c.d/n}; throws {@link IllegalArgumentException} saying what is wrong. */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("'" + text + "' is not of the form a.b.c.d/n");
    }
    try {
      return new Cidr(
          address(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is not of the form a.b.c.d/n", e);
    }
  }

  /** Parses four decimal numbers with dots between them; no name is ever looked up. */
  public static Inet4Address address(String text) {
    String[] parts = text.split("\\.", -1);
    boolean wellFormed = parts.length == 4;
    int bits = 0;
    for (int i = 0; wellFormed && i < 4; i++) {
      wellFormed = parts[i].matches("[0-9]{1,3}") && Integer.parseInt(parts[i]) <= 255;
      bits = wellFormed ? bits << 8 | Integer.parseInt(parts[i]) : 0;
    }
    if (!wellFormed) {
      throw new IllegalArgumentException("'" + text + "' is not an IPv4 address");
    }
    return fromBits(bits);
  }

  /** How many addresses the block has. */
  public long size() {
    return 1L << (32 - prefixLength);
  }

  /** Whether the address lies in this block. */
  public boolean contains(Inet4Address address) {
    return (bits(address) & mask(prefixLength)) == bits(first);
  }

  /** Whether the whole of the other block lies in this one. */
  public boolean contains(Cidr other) {
    return other.prefixLength >= prefixLength && contains(other.first);
  }

  /** The address {@code index} places after the first. */
  public Inet4Address at(int index) {
    return fromBits(bits(first) + index);
  }

  /** How many places after the first an address of this block is. */
  public int indexOf(Inet4Address address) {
    return bits(address) - bits(first);
  }

  @Override
  public String toString() {
    return first.getHostAddress() + "/" + prefixLength;
  }

  private static int mask(int prefixLength) {
    return prefixLength == 0 ? 0 : -1 << (32 - prefixLength);
  }

  private static int bits(Inet4Address address) {
    byte[] octets = address.getAddress();
    return (octets[0] & 0xff) << 24
        | (octets[1] & 0xff) << 16
        | (octets[2] & 0xff) << 8
        | (octets[3] & 0xff);
  }

  private static Inet4Address fromBits(int bits) {
    byte[] octets = {
      (byte) (bits >> 24), (byte) (bits >> 16), (byte) (bits >> 8), (byte) bits,
    };
    try {
      return (Inet4Address) InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new AssertionError("four octets are an address", e);
    }
  }
}
